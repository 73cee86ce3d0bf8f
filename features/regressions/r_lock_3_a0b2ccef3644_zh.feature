# language: zh-CN
# Found by posrig fuzz on 2026-11-22: terminal R, firmware 2.4.1+lock_lost_on_power_cut,
# finding a0b2ccef3644, always (3 of 3 replays);
# 27 acts when found, 4 now, seed 0.
# Expected: boot > self_test > lock(operator=01, entry=)
# Seen:     boot > self_test > signed_off
@regression @R-LOCK-3
功能: 模糊测试发现的缺陷:断电后重新上电,终端已锁定

  场景: 断电后重新上电,终端已锁定
    假如收银员已签到
    当收银员锁定终端
    而且断电后重新上电
    那么终端已锁定
