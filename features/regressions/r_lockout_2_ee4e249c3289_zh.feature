# language: zh-CN
# Found by posrig fuzz on 2026-11-22: terminal R, firmware 2.4.1+lo_reset_by_power,
# finding ee4e249c3289, always (3 of 3 replays);
# 18 acts when found, 5 now, seed 0.
# Expected: login_pwd > login_bad(left=3) > login_id(entry=)
# Seen:     login_pwd > login_bad(left=4) > login_id(entry=)
@regression @R-LOCKOUT-2
功能: 模糊测试发现的缺陷:收银员输错密码,签到被拒绝,还可以试3次

  场景: 收银员输错密码,签到被拒绝,还可以试3次
    假如尚未有人签到
    当收银员输错密码
    而且断电后重新上电
    而且收银员输错密码
    那么签到被拒绝,还可以试3次
