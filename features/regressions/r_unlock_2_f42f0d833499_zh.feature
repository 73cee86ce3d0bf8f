# language: zh-CN
# Found by posrig fuzz on 2026-11-22: terminal R, firmware 2.4.1+tfa_not_asked_at_unlock,
# finding f42f0d833499, always (3 of 3 replays);
# 39 acts when found, 5 now, seed 0.
# Expected: login_pwd > twofa(entry=)
# Seen:     login_pwd > unlocked > signed_off
@regression @R-UNLOCK-2
功能: 模糊测试发现的缺陷:主管输入正确的密码,要求第二步验证

  场景: 主管输入正确的密码,要求第二步验证
    假如收银员已签到
    当收银员锁定终端
    而且主管输入正确的密码
    那么要求第二步验证
