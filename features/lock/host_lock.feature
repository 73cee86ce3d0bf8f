@R-HOSTLOCK-1
Feature: The host locks the terminal
  From the back office, at any moment. Nobody at the terminal lifts it but with an unlock code.

  Scenario Outline: While <who> is at "<keys>"
    Given <who> is signed on
    When the keys "<keys>" are pressed one after another
    And the host locks the terminal
    Then the terminal is locked by the host
    And the terminal is still locked by the host
    When the host unlocks the terminal
    Then the terminal asks for a sign-on

    Examples:
      | who         | keys        |
      | the cashier | 1 2 0 0     |
      | the cashier | MENU        |
      | the cashier | MENU 3      |
      | the cashier | MENU 5      |
      | the cashier | MENU 5 3    |
      | the manager | MENU 5 3    |
      | the manager | MENU 5 4    |
      | the admin   | MENU 5 5    |

  Scenario Outline: While somebody signs on, at "<keys>"
    Given nobody is signed on
    When the keys "<keys>" are pressed one after another
    And the host locks the terminal
    Then the terminal is locked by the host
    And the terminal is still locked by the host

    Examples:
      | keys              |
      | CLEAR             |
      | ENTER             |
      | 0 1 ENTER         |
      | 0 1 ENTER 7 3     |

  Scenario: While the second step is asked for
    Given nobody is signed on
    When the manager types the right password
    And the host locks the terminal
    Then the terminal is locked by the host
    And the terminal is still locked by the host

  Scenario: Over a lock of the cashier, which is there again afterwards
    Given the cashier has locked the terminal
    When the host locks the terminal
    Then the terminal is still locked by the host
    When the host unlocks the terminal
    Then the terminal is locked
    And the lock shows operator 01 as its owner

  Scenario: Over a lock-out, which is there again afterwards
    Given a terminal that is locked out
    When the host locks the terminal
    Then the terminal is locked by the host
    When the host unlocks the terminal
    Then the terminal is still locked out

  @severity-critical
  Scenario: Sent while the line is cut, applied when it is back
    Given the cashier is signed on
    When the network is cut
    And the host locks the terminal
    And the network is back
    Then the terminal is locked by the host
    And the terminal is still locked by the host

  Scenario: Sent while the terminal is off, applied after its start
    Given the cashier is signed on
    When the power is cut
    And the host locks the terminal
    And the power comes back
    And 5 s pass
    Then the terminal is locked by the host

  @R-SALE-1
  Scenario: During a sale the sale is finished first
    Given the cashier is signed on
    And the host answers after 5 s
    When a sale of 12.00 is sent
    And the host locks the terminal
    And 10 s pass
    Then the terminal is locked by the host
    And the terminal's journal equals the host's

  @R-HOSTLOCK-2
  Rule: Only the host or an unlock code lifts it

    @severity-critical
    Scenario Outline: <who> cannot lift it, right as every factor may be
      Given a terminal that is locked by the host
      When <who> tries to unlock the terminal
      Then the screen not_allowed is shown
      And the terminal is still locked by the host

      Examples:
        | who         |
        | the cashier |
        | operator 02 |
        | the manager |

    Scenario: The admin sees the lock module, and the lock stays
      Given a terminal that is locked by the host
      When the admin tries to unlock the terminal
      Then the status page says that the terminal is locked
      When CANCEL is pressed
      Then the terminal is still locked by the host

    Scenario: The admin lifts it by the help desk's code
      Given a terminal that is locked by the host
      When the admin tries to unlock the terminal
      And the admin enters the unlock code from the help desk
      Then the status page says that the terminal is open
      When the cashier takes over
      Then the terminal is open and the cashier can sell

    Scenario: The owner of a lock beneath it cannot lift either
      Given the cashier has locked the terminal
      When the host locks the terminal
      And the cashier tries to unlock the terminal
      Then the screen not_allowed is shown
      And the terminal is still locked by the host

  @R-LOCK-7
  Rule: A lock without an owner

    @severity-critical
    Scenario: Nobody was signed on, and a cashier tries
      Given a terminal that is locked by the host
      When the cashier tries to unlock the terminal
      And the cashier tries to unlock the terminal
      Then the terminal is still locked by the host
      And the terminal has started 1 time

    Scenario: The session was ended by the manager's unlock before
      Given the cashier has locked the terminal
      When the manager unlocks the terminal
      And the host locks the terminal
      And the cashier tries to unlock the terminal
      Then the terminal is still locked by the host
      And the terminal has started 1 time
      When the host unlocks the terminal
      Then the terminal asks for a sign-on

    Scenario: Nobody was signed on, and nobody waits for an idle lock
      Given nobody is signed on
      When CANCEL is pressed
      And nobody touches the terminal for 20 min
      Then the terminal asks for a sign-on
