# Found by posrig fuzz on 2026-11-22: terminal R, firmware 2.4.1+lock_lost_on_power_cut,
# finding a0b2ccef3644, always (3 of 3 replays);
# 27 acts when found, 4 now, seed 0.
# Expected: boot > self_test > lock(operator=01, entry=)
# Seen:     boot > self_test > signed_off
@regression @R-LOCK-3
Feature: Found by fuzzing: The power is cut and comes back; the terminal is locked

  Scenario: The power is cut and comes back; the terminal is locked
    Given the cashier is signed on
    When the cashier locks the terminal
    And the power is cut and comes back
    Then the terminal is locked
