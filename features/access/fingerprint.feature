Feature: A finger in place of the time code
  00 and 99 may enrol a finger. It replaces the second step, never the password; it lifts no host lock and no lock-out.

  @R-FINGER-1
  Rule: Enrolled, living, and after the password

    @severity-critical
    Scenario Outline: <who> signs on with password and finger
      Given <who> has enrolled a finger
      When <who> types the right password
      Then a finger is asked for
      When <who> touches the sensor
      Then <who> is signed on and ready

      Examples:
        | who         |
        | the manager |
        | the admin   |

    @R-LOG-1
    Scenario: Enrolled by the menu, used at the next sign-on, kept over a power cut
      Given the manager is signed on
      When the manager enrols a finger by the menu
      And the power is cut and comes back
      And the manager types the right password
      Then a finger is asked for
      When the manager touches the sensor
      Then the manager is signed on and ready
      And the service port told 1 record of "finger_set"

    Scenario: The manager unlocks with a finger
      Given the manager has enrolled a finger
      When the cashier signs on
      And the cashier locks the terminal
      And the manager types the right password
      And the manager touches the sensor
      And 2 s pass
      Then the terminal asks for a sign-on
      And the terminal is open and the cashier can sell

    Scenario: CLEAR asks for the time code instead
      Given the manager has enrolled a finger
      When the manager types the right password
      And CLEAR is pressed
      Then the time code is asked for
      When the manager types the present time code
      Then the manager is signed on and ready

    @severity-critical
    Scenario Outline: A finger without the password opens nothing: after "<keys>"
      Given the manager has enrolled a finger
      When the keys "<keys>" are pressed one after another
      And the manager touches the sensor
      Then the screen <page> is shown

      Examples:
        | keys        | page       |
        | CLEAR       | signed_off |
        | ENTER       | login_id   |
        | 0 0         | login_id   |
        | 0 0 ENTER   | login_pwd  |

    Scenario: A finger does not unlock without the password
      Given the manager has enrolled a finger
      When the cashier signs on
      And the cashier locks the terminal
      And the manager touches the sensor
      Then the terminal is locked

    Scenario: Another role's finger is a stranger's
      Given the manager has enrolled a finger
      When the manager types the right password
      And the admin touches the sensor
      Then the finger is refused with 2 tries left

    Scenario: Under a host lock the time code is asked for
      Given the admin has enrolled a finger
      When the host locks the terminal
      And the admin types the right password
      Then the time code is asked for
      When the admin touches the sensor
      Then the screen twofa is shown

    Scenario: A lock-out is not lifted by a finger
      Given the manager has enrolled a finger
      When the cashier types a wrong password 5 times
      And F1 is pressed
      And the manager types the right password
      Then the time code is asked for
      When the manager touches the sensor
      Then the screen twofa is shown

  @R-FINGER-2
  Rule: Refused and counted

    Scenario: A stranger's finger
      Given the manager has enrolled a finger
      When the manager types the right password
      And a stranger touches the sensor
      Then the finger is refused with 2 tries left
      When a stranger touches the sensor
      Then the finger is refused with 1 tries left

    Scenario: Somebody else's enrolled finger
      Given the manager has enrolled a finger
      When the admin signs on
      And the admin enrols a finger by the menu
      And the admin signs off
      And the manager types the right password
      And the admin touches the sensor
      Then the finger is refused with 2 tries left

    Scenario: A copy that is not alive
      Given the manager has enrolled a finger
      When the manager types the right password
      And a copy of the manager's finger touches the sensor
      Then the finger is refused with 2 tries left

    Scenario: After three the time code is asked for
      Given the manager has enrolled a finger
      When the manager types the right password
      And a stranger touches the sensor
      And a copy of the manager's finger touches the sensor
      And a stranger touches the sensor
      And 4 s pass
      Then the time code is asked for
      When the manager touches the sensor
      Then the screen twofa is shown
      When the manager types the present time code
      Then the manager is signed on and ready

    @R-LOCKOUT-4
    Scenario: Refused fingers count towards the lock-out
      Given the manager has enrolled a finger
      When the manager types the right password
      And a stranger touches the sensor
      And a stranger touches the sensor
      And a stranger touches the sensor
      And 4 s pass
      And CANCEL is pressed
      And the manager types a wrong password
      Then the sign-on is refused with 1 tries left
      When the manager types a wrong password
      Then the manager is locked out

  @R-FINGER-3
  Rule: A dead sensor

    Scenario: The time code is asked for at once, and the log says so
      Given the manager has enrolled a finger
      And the fingerprint sensor is dead
      When the manager types the right password
      Then the time code is asked for
      When the manager types the present time code
      Then the manager is signed on and ready
      And the log holds "NO SENSOR" of "OP00"

    Scenario: The sensor dies while it waits
      Given the manager has enrolled a finger
      When the manager types the right password
      Then a finger is asked for
      When the fingerprint sensor dies
      And 2 s pass
      Then the time code is asked for
