@R-LOCK-2
Feature: No way out of the lock
  From the lock only a sign-on of the owner or a manager leads out. Every key is tried alone, held, repeated and
  together with every other; every picture shown meanwhile counts, not only the last one.

  Background:
    Given the cashier has locked the terminal

  @severity-critical
  Scenario: Two keys together
    Then no two keys together lead out of the lock
    And the terminal is locked

  Scenario: A held key
    Then no key held for 10 s leads out of the lock
    And the terminal is locked

  Scenario: The same key again and again
    Then 7 presses of any one key lead nowhere from the lock
    And the terminal is locked

  Scenario: CANCEL from the password prompt, again and again
    When the digits "01" are typed
    And ENTER is pressed
    And CANCEL is pressed 20 times
    Then the terminal is locked

  Scenario: Waiting
    When 2 h pass
    Then the terminal is locked
    And the lock shows operator 01 as its owner

  Scenario: A half-typed sign-on that is left alone
    When the digits "01" are typed
    And ENTER is pressed
    And the digits "73" are typed
    And 61 s pass
    Then the terminal is locked

  @R-SUPPORT-1
  Scenario: The support page leads back to the lock
    When F2 is pressed
    Then the screen support is shown
    And the screen says "400-000-0000"
    When 11 s pass
    Then the terminal is locked

  Scenario: An amount typed before the lock is not sold after it
    When the cashier unlocks the terminal
    And the digits "1200" are typed
    And the cashier locks the terminal
    And ENTER is pressed
    Then the terminal is locked
    When the cashier unlocks the terminal
    Then the screen says "0.00"

  @R-LOCK-5
  Rule: Only the whole, exact password unlocks

    Scenario Outline: The first <digits> digits of the password of <who>
      Then <who> cannot unlock with the first <digits> digits of the password
      And the terminal is locked

      Examples:
        | who         | digits |
        | the cashier | 1      |
        | the cashier | 2      |
        | the cashier | 3      |
        | the manager | 1      |
        | the manager | 4      |
        | the manager | 5      |

    Scenario Outline: An empty password of <who>
      When <who> tries to unlock with an empty password
      Then the screen login_pwd is shown
      When CANCEL is pressed
      Then the terminal is locked

      Examples:
        | who         |
        | the cashier |
        | the manager |
        | the admin   |

    Scenario Outline: <digits> digits that are not the password
      Then the cashier cannot unlock with <digits> wrong digits
      And the terminal is locked
      When the cashier unlocks the terminal
      Then the terminal is open and the cashier can sell

      Examples:
        | digits |
        | 5      |
        | 17     |
        | 64     |

    Scenario: The password with a wrong digit before it
      Then the cashier cannot unlock with a wrong digit before the password
      And the terminal is locked

    Scenario: Far more digits than an operator number has
      When the digits "01010101010101010101010101010101" are typed
      Then the terminal is locked
      When the cashier unlocks the terminal
      Then the terminal is open and the cashier can sell
