@R-UNLOCK-5
Feature: An unlock code answers one challenge of one terminal, once
  The terminal shows four digits, the help desk answers with eight for this terminal, this day and this challenge.

  Background:
    Given the cashier has locked the terminal
    When the admin signs on at the lock screen

  @severity-critical
  Scenario: The code of an earlier challenge of the same day
    When the admin enters the code of an earlier challenge
    Then the unlock code is refused
    When 4 s pass
    And CANCEL is pressed
    And CANCEL is pressed
    Then the terminal is locked

  @severity-critical
  Scenario: A code that was used before
    When the admin enters the unlock code from the help desk
    And the cashier takes over
    And the cashier locks the terminal
    And the admin signs on at the lock screen
    And the admin enters the unlock code that was used before
    Then the unlock code is refused

  @severity-critical
  Scenario Outline: A code made for serial number <serial>
    When the admin enters an unlock code made for serial number "<serial>"
    Then the unlock code is refused

    Examples:
      | serial   |
      | 87654321 |
      | 12345679 |
      | 11111111 |

  Scenario Outline: A code of another day, <days> ago
    When the admin enters the code of <days> days ago
    Then the unlock code is refused

    Examples:
      | days |
      | 1    |
      | 31   |
      | 365  |

  Scenario: Tomorrow's code
    When the admin enters tomorrow's code
    Then the unlock code is refused

  Scenario: Eight challenges in a row
    Then 8 challenges in a row differ

  Scenario: Three wrong codes lead back to the lock module, the lock stays
    When the admin enters a wrong unlock code
    Then the unlock code is refused
    And the screen says "left: 2"
    When the admin enters a wrong unlock code
    Then the screen says "left: 1"
    When the admin enters a wrong unlock code
    And 4 s pass
    Then the screen lockmod is shown
    When CANCEL is pressed
    Then the terminal is locked

  Scenario: An empty code and half a code
    When 3 is pressed
    And ENTER is pressed
    Then the screen unlock_code is shown
    When the digits "1234" are typed
    And ENTER is pressed
    Then the unlock code is refused

  Scenario: A power cut at the challenge leaves the lock
    When 3 is pressed
    And the power is cut and comes back
    Then the terminal is locked

  @R-UNLOCK-4
  Scenario: The right code after a wrong one
    When the admin enters a wrong unlock code
    And 4 s pass
    And the admin enters the unlock code from the help desk
    Then the status page says that the terminal is open
    When the cashier takes over
    Then the terminal is open and the cashier can sell

  @R-DISPLAY-1
  Scenario: No digit of the code is shown
    When 3 is pressed
    Then no digit of a password is ever shown at "the unlock code"

  @R-SIGNON-5
  Scenario: Nothing of a half-typed code is left
    When somebody types half of a password at "the unlock code"
    And CANCEL is pressed
    Then the next person finds "the unlock code" empty
