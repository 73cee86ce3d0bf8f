@R-CAUSE-1
Feature: The cause shown is the cause
  Seven causes; each is brought about for real, and the terminal names it.

  @severity-critical
  Scenario Outline: <cause> on its own screen
    Given a terminal with cause "<cause>"
    Then the screen <page> names the cause "<text>"

    Examples:
      | cause | page           | text        |
      | C01   | lock           | OP01        |
      | C02   | locked_out     | Too many    |
      | C03   | lock           | OP01        |
      | C04   | host_lock      | C04         |
      | C05   | net_lock       | C05         |
      | C06   | self_test_fail | E03         |
      | C07   | tamper         | TAMPERED    |

  Scenario Outline: <cause> on the cause page of the locked terminal
    Given a terminal with cause "<cause>"
    When the admin signs on at the lock screen
    Then the cause page shows "<cause>" by "<who>"

    Examples:
      | cause | who      |
      | C01   | OP01     |
      | C03   | OP01     |
      | C04   | Ref 4821 |

  Scenario: C02 on the cause page, with who and how often
    Given a terminal with cause "C02"
    When F1 is pressed
    And the admin gives every factor
    Then the cause page shows "C02" by "OP01 x5"

  Scenario: C02 of a number that nobody has
    Given nobody is signed on
    When someone types the unknown number "47" with any password 5 times
    And F1 is pressed
    And the admin gives every factor
    Then the cause page shows "C02" by "OP47 x5"

  Scenario: C05 is still on the cause page when the host is back
    Given a terminal with cause "C05"
    When the network is back
    And F1 is pressed
    And 2 s pass
    And the manager signs on
    Then the cause page shows "C05"

  Scenario: C06 is still on the cause page after the repair
    Given a terminal with cause "C06"
    When the keypad is repaired
    And the power is cut and comes back
    And the manager signs on
    Then the cause page shows "C06"

  Scenario: One record for each lock, newest first
    Given a terminal with cause "C01"
    When the cashier unlocks the terminal
    And nobody touches the terminal for 301 s
    And the host locks the terminal
    And the host unlocks the terminal
    And the admin signs on at the lock screen
    Then the records of causes, newest first, are "C04 C03 C01"

  Scenario: The cause outlives a power cut
    Given a terminal with cause "C03"
    When the power is cut and comes back
    And the admin signs on at the lock screen
    Then the cause page shows "C03"
