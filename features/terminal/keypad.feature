Feature: Keys as fingers press them
  One press is one key, quick or long; two at once never give a third; zeros in front count.

  @severity-critical @R-KEY-1
  Scenario Outline: Quick presses: <hold> down, <gap> apart
    Given the cashier is signed on
    When the keys "<keys>" are pressed for <hold> each, <gap> apart
    Then the amount on the screen is "<shown>"

    Examples:
      | keys      | hold   | gap    | shown  |
      | 1 1       | 40 ms  | 40 ms  | 0.11   |
      | 1 1 1 1 1 | 50 ms  | 30 ms  | 111.11 |
      | 5 5 5     | 60 ms  | 60 ms  | 5.55   |
      | 1 2 3 4 5 | 40 ms  | 30 ms  | 123.45 |
      | 9 9 9 9   | 100 ms | 50 ms  | 99.99  |
      | 7 7 7     | 30 ms  | 100 ms | 7.77   |
      | 3 3       | 30 ms  | 200 ms | 0.33   |
      | 8 8 8     | 200 ms | 40 ms  | 8.88   |
      | 2 2       | 1 s    | 60 ms  | 0.22   |

  @R-KEY-1
  Scenario Outline: A long press of <key> is one key
    Given the cashier is signed on
    Then <key> held for <time> counts as one press

    Examples:
      | key  | time  |
      | 5    | 0.5 s |
      | 5    | 3 s   |
      | MENU | 3 s   |
      | F1   | 5 s   |
      | UP   | 3 s   |

  @R-KEY-1
  Scenario: A touch too short to be a press does nothing
    Given the cashier is signed on
    When the keys "1 2 3" are pressed for 10 ms each, 100 ms apart
    Then the amount on the screen is "0.00"

  @severity-critical @R-KEY-2
  Scenario: No two digits together show a third
    Given the cashier is signed on
    Then no two digits together show a third digit

  @severity-critical @R-KEY-2
  Scenario: No two keys together give a third where the number is typed
    Given nobody is signed on
    When ENTER is pressed
    Then no two keys together give a third key

  @R-KEY-2
  Scenario Outline: <first> and <second> together
    Given the cashier is signed on
    Then <first> and <second> together are taken as these two or not at all

    Examples:
      | first | second |
      | 1     | 7      |
      | 4     | 8      |
      | CLEAR | 9      |
      | ENTER | 2      |

  @severity-critical @R-KEY-3
  Scenario: A held ENTER answers the question whether to lock, and no more
    Given the cashier is signed on
    When the cashier asks to lock the terminal
    Then ENTER held for 3 s counts as one press
    And the screen lock is shown

  @severity-critical @R-KEY-3
  Scenario: A held ENTER confirms a new idle time and leaves the note
    Given the manager is signed on
    When the keys "MENU 5 3 4 7" are pressed one after another
    And ENTER is held for 3 s
    Then the screen done is shown

  @R-KEY-3
  Scenario: A held ENTER sells once
    Given the cashier is signed on
    When the amount 12.00 is typed
    And ENTER is held for 6 s
    Then the host has booked a sale of 12.00 1 time
    And the terminal's journal holds 1 transaction

  @R-KEY-3
  Scenario: A held ENTER takes the offer and is not taken for the next answer
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    Then the screen upd_offer is shown within 5 s
    And ENTER held for 5 s counts as one press

  @R-KEY-3
  Scenario: A held ENTER at the reset's code confirms nothing after it
    Given the factory reset is asked for
    When the keys "1 2 3 4 5 6 7 8" are pressed one after another
    And ENTER is held for 3 s
    And 2 s pass
    Then the screen reset_ask is shown

  @severity-critical @R-KEY-4
  Scenario Outline: The number <typed> with <keys> is not an operator's
    Given nobody is signed on
    When the keys "<typed> ENTER" are pressed one after another
    Then the screen login_id is shown

    Examples:
      | typed | keys      |
      | 1     | one digit |
      | 9     | one digit |

  @R-KEY-4
  Scenario: Nor at the lock
    Given the cashier has locked the terminal
    When the keys "1 ENTER" are pressed one after another
    Then the screen lock is shown

  @R-KEY-4
  Scenario: 10 is not 01
    Given nobody is signed on
    When someone types the unknown number "10" with any password
    Then the screen login_bad is shown

  @R-KEY-4
  Scenario Outline: An amount typed as <typed>
    Given the cashier is signed on
    When the keys "<typed>" are pressed one after another
    Then the amount on the screen is "<shown>"
    When ENTER is pressed
    And the answer comes or fails
    Then the host has booked a sale of <shown> 1 time

    Examples:
      | typed     | shown |
      | 0 0 7     | 0.07  |
      | 7         | 0.07  |
      | 7 0 0     | 7.00  |
      | 0 1 0 0   | 1.00  |

  @R-KEY-4
  Scenario: A sale of nothing is none
    Given the cashier is signed on
    When the keys "0 0 0 ENTER" are pressed one after another
    Then the screen idle is shown
    And the terminal's journal is empty

  @R-KEY-4
  Scenario: A password's leading zeros count
    Given the cashier never chose a password
    When the terminal is switched on
    And the keys "0 1 ENTER 0 ENTER" are pressed one after another
    Then the screen login_bad is shown

  @R-KEY-1
  Scenario: Every key beeps alike
    Given nobody is signed on
    When the keys "ENTER 1 2 CLEAR 0 F1 UP DOWN" are pressed one after another
    Then every accepted key beeped alike
