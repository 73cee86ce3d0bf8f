Feature: The electronic-signature terminal from sign-on to factory reset
  The digits are pads on the glass; its buttons are touched where they stand.

  @E-LOCK-4
  Scenario: The lock by function code survives a power cut, and the cashier lifts it
    Given the cashier has locked the terminal
    When the power is cut and comes back
    Then the terminal is locked
    When the cashier unlocks the terminal
    Then the cashier is signed on and ready

  @E-SIGN-1
  Scenario: A sale is done with a signature
    Given the cashier is signed on
    Then the terminal is open and the cashier can sell

  @E-SIGN-1
  Scenario: A sale without a signature is undone
    Given the cashier is signed on
    When the keys "1 2 5 0 OK" are pressed one after another
    And 55 s pass
    Then the screen sale_no is shown within 10 s
    And the cashier is signed on and ready

  @E-STOP-1
  Scenario: Wrong passwords up to the limit stop the terminal for two minutes
    Given the cashier has typed all but one of the wrong passwords allowed
    When the cashier types a wrong password
    Then the cashier is locked out
    When 130 s pass
    And the cashier signs on
    Then the cashier is signed on and ready

  @E-STOP-2
  Scenario: A power cut forgets no wrong password
    Given the cashier has typed all but one of the wrong passwords allowed
    When the power is cut and comes back
    And the cashier types a wrong password
    Then the cashier is locked out
    When the power is cut and comes back
    Then the cashier is locked out

  @E-UPD-2
  Scenario: A newer version is installed
    Given an update to version "2.5.0" is offered
    And the cashier is signed on
    When the offered update is installed
    Then the version page shows "2.5.0"

  @E-UPD-2
  Scenario Outline: A package with the fault <fault> is not installed
    Given an update to version "<version>" with the fault "<fault>" is offered
    And the cashier is signed on
    When somebody tries to install the offered update
    Then the update is refused
    And the version page shows "2.4.1"

    Examples:
      | fault         | version |
      | unsigned      | 2.5.0   |
      | bad_signature | 2.5.0   |
      | changed       | 2.5.0   |
      | wrong_model   | 2.5.0   |
      | older         | 2.3.0   |
      | expired       | 2.5.0   |

  @E-UPD-1
  Scenario: A power cut while the update is written leaves the old version
    Given an update to version "2.5.0" is offered
    And the cashier is signed on
    When the keys "FUNC 6 6 OK" are pressed one after another
    And the supervisor types the password
    Then the screen update_ask is shown within 10 s
    When "安装" on the glass is touched
    Then the screen update_write is shown within 20 s
    When the power is cut and comes back
    Then the version page shows "2.4.1"

  @E-RESET-1
  Scenario: A reset needs the system's password
    Given the terminal was reset
    Then the terminal asks for a sign-on
    And the password of the system was asked for

  @E-RESET-1
  Scenario Outline: <what> for <time> are no reset
    Given the terminal is switched off
    When the terminal is switched on with <keys> held for <time>
    Then the terminal asks for a sign-on

    Examples:
      | what       | keys            | time |
      | both keys  | CANCEL and FUNC | 3 s  |
      | other keys | CANCEL and OK   | 6 s  |

  @E-RESET-2
  Scenario: After a reset nobody's old password is known
    Given the terminal was reset
    Then the old password of the cashier is refused
    And the old password of the supervisor is refused
    And the old password of the system is refused
    When the cashier changes the password
    And the cashier signs off
    And the cashier signs on
    Then the cashier is signed on and ready

  @E-LOCK-2
  Scenario Outline: A restart leaves a terminal that is <state> as it is
    Given a terminal that is <state>
    When the cashier restarts the terminal
    Then the terminal is still <state>

    Examples:
      | state      |
      | locked     |
      | signed off |
