@R-UNLOCK-1
Feature: Unlocking the terminal
  Only the owner and a manager lead out of the lock, on one unlock matrix for every way in.
  Policy of terminal R: the manager's act ends the cashier's session.

  @severity-critical @manual
  Scenario: The owner unlocks
    Given the cashier has locked the terminal
    When the cashier unlocks the terminal
    Then the terminal is open and the cashier can sell

  @severity-critical @R-UNLOCK-2 @manual
  Scenario: A manager unlocks and the cashier's session is over
    Given the cashier has locked the terminal
    When the manager unlocks the terminal
    Then the terminal asks for a sign-on
    And the terminal is open and the cashier can sell

  @R-LOCK-6
  Scenario: Another cashier cannot unlock
    Given the cashier has locked the terminal
    When operator 02 tries to unlock the terminal
    Then the unlocking is refused: only operator 01 or a manager can unlock
    And the terminal is locked

  @R-LOCK-5
  Scenario: A wrong password does not unlock
    Given the cashier has locked the terminal
    When the cashier tries to unlock with a wrong password
    Then the sign-on is refused with 4 tries left
    And the terminal is locked

  @R-LOCK-5
  Scenario Outline: A part of the password does not unlock
    Given the cashier has locked the terminal
    When the cashier tries to unlock with the first <digits> digits of the password
    Then the terminal is locked

    Examples:
      | digits |
      | 1      |
      | 2      |
      | 3      |

  @R-UNLOCK-2
  Scenario: The manager's unlock asks for the second step
    Given the cashier has locked the terminal
    When the manager types the right password
    Then the second step is asked for

  @R-LOCK-6
  Scenario Outline: The idle lock opens for the same people
    Given the terminal of the cashier is locked by idleness
    When <who> tries to unlock the terminal
    Then the terminal is open and the cashier can sell

    Examples:
      | who         |
      | the cashier |
      | the manager |

  @R-UNLOCK-4
  Rule: The four steps with an unlock code

    @R-UNLOCK-4 @R-UNLOCK-3 @R-CAUSE-1 @manual
    Scenario: Sign on, find the lock module, enter the code, verify by page and by sale
      Given the cashier has locked the terminal
      When the admin signs on at the lock screen
      Then the cause page shows "C01"
      When the admin enters the unlock code from the help desk
      Then the status page says that the terminal is open
      When the cashier takes over
      Then the terminal is open and the cashier can sell

    @R-UNLOCK-5
    Scenario: A wrong code does not unlock
      Given the cashier has locked the terminal
      When the admin signs on at the lock screen
      And the admin enters a wrong unlock code
      Then the unlock code is refused

    @R-UNLOCK-5
    Scenario: A code made for another terminal does not unlock
      Given the cashier has locked the terminal
      When the admin signs on at the lock screen
      And the admin enters an unlock code made for serial number "87654321"
      Then the unlock code is refused
