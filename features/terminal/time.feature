Feature: Clocks, seasons, years
  A lost clock, summer time and the turn of the year shorten no lock-out, revive no code and break no order.

  @severity-critical @R-TIME-1
  Scenario Outline: A dead clock battery and <off> without power do not shorten a lock-out
    Given the cashier has typed a wrong password 5 times
    When the clock battery dies
    And the power is off for <off>
    Then at least 28 min of the lock-out are left
    And the cashier is locked out

    Examples:
      | off    |
      | 1 min  |
      | 1 h    |
      | 2 days |

  @R-TIME-1
  Scenario: Even with a dead clock battery a lock-out ends
    Given the cashier has typed a wrong password 5 times
    When 20 min pass
    And the clock battery dies
    And the power is off for 1 h
    And 12 min pass
    And the cashier signs on
    Then a sale of 1.00 is approved

  @severity-critical @R-TIME-1 @R-TWOFA-3
  Scenario: A code for the day that the lost clock shows is refused
    Given the manager is signed on
    And the clock battery is dead
    And the network is cut
    When the power is off for 1 h
    And the manager types the right password
    And the manager types the time code of the lost clock
    Then the time code is refused

  @severity-critical @R-TIME-1 @R-TWOFA-3
  Scenario: Fresh from the shelf with a dead clock battery no clock is trusted until it was set
    Given the clock battery is dead
    And the network is cut
    When the terminal is switched on
    And the manager types the right password
    And the manager types the time code of the lost clock
    Then the time code is refused
    When the power is cut and comes back
    And the network is back
    And the cashier signs on
    And 2 s pass
    And the cashier signs off
    And the manager signs on
    Then the manager is signed on and ready

  @severity-critical @R-TIME-1 @R-TWOFA-2
  Scenario: A used code is not revived by setting the clock back to it
    Given the manager is signed on
    And the network is cut
    When the manager signs off
    And 3 min pass
    And the terminal's clock is set 3 min back
    And the manager types the right password
    And the manager types the time code that was used before
    Then the time code is refused

  @severity-critical @R-TIME-1 @R-TWOFA-3
  Scenario: With the clock set back a code of yesterday is refused, though nobody has used it
    Given the manager is signed on
    When the manager signs off
    And the terminal's clock is set 24 h back
    And the admin types the right password
    And the admin types the time code of 24 h ago
    Then the time code is refused

  @R-TIME-1 @R-SIGNON-8
  Scenario: A cashier's sign-on mends the clock, then codes work again
    Given nobody is signed on
    And the clock battery is dead
    When the power is off for 1 h
    Then the services are up
    When the cashier signs on
    And 2 s pass
    And the cashier signs off
    And the admin signs on
    Then the terminal's clock agrees with the host's

  @severity-critical @R-TIME-2
  Scenario Outline: The lock-out across the change to <season> time
    Given it is "<before>" UTC
    And the cashier has typed a wrong password 5 times
    When it becomes "<after>" UTC
    Then the cashier is locked out
    And at least 15 min of the lock-out are left
    When 18 min pass
    And the cashier signs on
    Then a sale of 1.00 is approved

    Examples:
      | season | before           | after            |
      | summer | 2026-03-29 00:50 | 2026-03-29 01:03 |
      | winter | 2026-10-25 00:50 | 2026-10-25 01:03 |

  @severity-critical @R-TIME-2 @R-RESTART-2
  Scenario Outline: The daily restart across the change to <season> time
    Given it is "<before>" UTC
    And the daily restart is announced
    Then the terminal restarts by itself within 185 s
    And the terminal has started 2 times

    Examples:
      | season | before           |
      | summer | 2026-03-28 12:00 |
      | winter | 2026-10-24 12:00 |

  @severity-critical @R-TIME-2 @R-TWOFA-3
  Scenario Outline: Time codes across the change to <season> time
    Given it is "<before>" UTC
    And nobody is signed on
    When it becomes "<after>" UTC
    And the manager signs on
    Then the manager is signed on and ready
    And the ready screen shows the time "<shown>"

    Examples:
      | season | before           | after               | shown |
      | summer | 2026-03-29 00:50 | 2026-03-29 01:05:00 | 03:05 |
      | winter | 2026-10-25 00:50 | 2026-10-25 01:05:00 | 02:05 |

  @R-TIME-2
  Scenario Outline: The idle lock across the change to <season> time
    Given it is "<before>" UTC
    And the cashier is signed on
    When it becomes "<after>" UTC
    Then the screen idle is shown
    When 3 min pass
    Then the terminal is still locked

    Examples:
      | season | before           | after               |
      | summer | 2026-03-29 00:57 | 2026-03-29 01:00:30 |
      | winter | 2026-10-25 00:57 | 2026-10-25 01:00:30 |

  @severity-critical @R-TIME-3 @R-SIGNON-7
  Scenario: The year turns during a sign-on
    Given it is "2026-12-31 22:57" UTC
    And the cashier is signed on
    And a sale of 12.00 was approved
    When it becomes "2026-12-31 23:00:30" UTC
    Then a new sign-on is asked for when a sale is tried
    When the cashier signs on
    Then a sale of 5.00 is approved
    And 2 trace numbers were given and they rise
    And the terminal's journal equals the host's

  @severity-critical @R-TIME-3
  Scenario Outline: Records of both years in their order, across midnight <where>
    Given it is "<before>" UTC
    And the manager is signed on
    When the manager signs off
    And it becomes "<after>" UTC
    And the manager signs on
    And the keys "MENU 5 4" are pressed one after another
    Then the record on the screen was made at "<new>"
    When UP is pressed 2 times
    Then the record on the screen was made at "<old>" or later and has a lower number

    Examples:
      | where     | before           | after            | new   | old   |
      | local     | 2026-12-31 22:57 | 2026-12-31 23:05 | 00:05 | 23:57 |
      | Greenwich | 2026-12-31 23:52 | 2027-01-01 00:05 | 01:05 | 00:52 |

  @severity-critical @R-SIGNON-7
  Scenario Outline: A sign-on does not hold <ahead> later
    Given the cashier is signed on
    And the network is cut
    When the terminal's clock is set <ahead> ahead
    Then a new sign-on is asked for when a sale is tried

    Examples:
      | ahead    |
      | 1 day    |
      | 31 days  |
      | 365 days |

  @R-SIGNON-7
  Scenario: A sign-on holds for the day
    Given the cashier is signed on
    When the terminal's clock is set 2 h ahead
    Then a sale of 1.00 is approved

  @severity-critical @R-SIGNON-8
  Scenario: The host's time is taken over at the sign-on
    Given nobody is signed on
    And the host's clock is 40 min ahead
    When the admin signs on
    And 2 s pass
    Then the terminal's clock is 40 min ahead of true time

  @R-SIGNON-8
  Scenario Outline: A terminal that is <wrong> wrong is corrected at the sign-on
    Given nobody is signed on
    When the terminal's clock is set <wrong> ahead
    And the cashier signs on
    And 2 s pass
    And the cashier signs off
    And the admin signs on
    Then the terminal's clock agrees with the host's

    Examples:
      | wrong   |
      | 5 min   |
      | 3 h     |

  @severity-critical @R-SIGNON-8
  Scenario: The host's parameters are taken over at the sign-on
    Given nobody is signed on
    And the host's parameter "idle_lock_min" is 2
    When the manager signs on
    And 2 s pass
    Then the idle time on the status page is 2 min

  @R-SIGNON-8
  Scenario Outline: A senseless parameter <value> changes nothing
    Given nobody is signed on
    And the host's parameter "idle_lock_min" is <value>
    When the manager signs on
    And 2 s pass
    Then the idle time on the status page is 5 min

    Examples:
      | value |
      | 0     |
      | 16    |
      | 9999  |

  @R-SIGNON-8
  Scenario: Without the host nothing changes
    Given nobody is signed on
    And the host's parameter "idle_lock_min" is 2
    And the host's clock is 40 min ahead
    And the network is cut
    When the admin signs on
    And 25 s pass
    Then the terminal's clock agrees with the host's
    And the idle time on the status page is 5 min

  @R-SIGNON-8
  Scenario: A false host's time and parameters are not taken
    Given nobody is signed on
    And the host's parameter "idle_lock_min" is 2
    And the host's clock is 40 min ahead
    And the host shows a wrong certificate
    When the admin signs on
    And 5 s pass
    Then the terminal's clock agrees with the host's
    And the idle time on the status page is 5 min
