# Found by posrig fuzz on 2026-11-22: terminal R, firmware 2.4.1+lo_reset_by_power,
# finding ee4e249c3289, always (3 of 3 replays);
# 18 acts when found, 5 now, seed 0.
# Expected: login_pwd > login_bad(left=3) > login_id(entry=)
# Seen:     login_pwd > login_bad(left=4) > login_id(entry=)
@regression @R-LOCKOUT-2
Feature: Found by fuzzing: The cashier types a wrong password; the sign-on is refused with 3 tries left

  Scenario: The cashier types a wrong password; the sign-on is refused with 3 tries left
    Given nobody is signed on
    When the cashier types a wrong password
    And the power is cut and comes back
    And the cashier types a wrong password
    Then the sign-on is refused with 3 tries left
