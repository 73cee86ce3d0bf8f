# Found by posrig fuzz on 2026-11-22: terminal R, firmware 2.4.1+tfa_not_asked_at_unlock,
# finding f42f0d833499, always (3 of 3 replays);
# 39 acts when found, 5 now, seed 0.
# Expected: login_pwd > twofa(entry=)
# Seen:     login_pwd > unlocked > signed_off
@regression @R-UNLOCK-2
Feature: Found by fuzzing: The manager types the right password; the second step is asked for

  Scenario: The manager types the right password; the second step is asked for
    Given the cashier is signed on
    When the cashier locks the terminal
    And the manager types the right password
    Then the second step is asked for
