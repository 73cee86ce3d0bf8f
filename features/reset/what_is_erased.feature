Feature: What a factory reset erases, and what it keeps
  Proved by trying: the old numbers, passwords and time codes open nothing, counters begin anew, the journal is empty.

  @severity-critical @R-RESET-3
  Scenario Outline: The old password of <who> opens nothing
    Given the terminal was reset
    When a new admin password is set
    Then the terminal asks for a sign-on
    And the old password of <who> is refused

    Examples:
      | who         |
      | operator 01 |
      | operator 02 |
      | operator 05 |
      | operator 00 |
      | operator 99 |

  @severity-critical @R-RESET-3 @R-TWOFA-1
  Scenario: The old key of the time code is gone, and the second step is not left out
    Given the terminal was reset
    When a new admin password is set
    Then the admin has to enrol a new key of the time code

  @severity-critical @R-RESET-3
  Scenario: The journal is empty, and the terminal can be set up and sell again
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the batch of 1 record is settled
    And the terminal is reset
    Then the terminal's journal is empty
    When a new admin password is set
    And the admin sets the terminal up for operator 01
    Then a sale of 5.00 is approved
    And the terminal's journal holds 1 transaction
    And the terminal's journal equals the host's

  @R-RESET-3
  Scenario: Failures of before are forgotten
    Given the cashier has typed a wrong password 4 times
    When the terminal is reset
    And a new admin password is set
    And the cashier types a wrong password
    Then the sign-on is refused with 4 tries left

  @R-RESET-3
  Scenario: A lock is gone
    Given the cashier has locked the terminal
    When the terminal is reset
    And a new admin password is set
    Then the terminal asks for a sign-on

  @R-RESET-3
  Scenario: A sign-on of before is over
    Given the cashier is signed on
    When the terminal is reset
    And a new admin password is set
    Then the terminal asks for a sign-on

  @R-RESET-3
  Scenario: The idle time is as on the first day
    Given the host's parameter "idle_lock_min" is 2
    And the cashier is signed on
    When the terminal is reset
    And the host's parameter is left out
    And a new admin password is set
    And the admin sets the terminal up for operator 01
    And nobody touches the terminal for 3 min
    Then the screen idle is shown

  @R-RESET-3
  Scenario: The firmware stays
    Given the admin is signed on
    When an update to version "2.5.0" comes by "stick"
    And the admin accepts the update
    And the update has run to its end
    And the stick is pulled out
    And the terminal is reset
    And a new admin password is set
    Then the version page shows "2.5.0"

  @severity-critical @R-RESET-1
  Scenario: A published default is no new admin password
    Given the terminal was reset
    When the new admin password is the published default
    Then the new admin password is refused

  @R-RESET-1
  Scenario: The services are up after a reset without another restart
    Given the terminal was reset
    When a new admin password is set
    Then the services are up

  @severity-critical @R-RESET-4
  Scenario Outline: The power goes <time> into the erasing
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the batch of 1 record is settled
    And the power is cut
    And the factory reset is asked for
    And the admin confirms the reset with the code
    And the power is cut <time> into the erasing
    And the terminal is switched on without waiting
    Then the reset is done and a new admin password is asked for
    And the terminal's journal is empty
    When a new admin password is set
    Then the old password of operator 01 is refused
    And the admin has to enrol a new key of the time code

    Examples:
      | time  |
      | 0.1 s |
      | 1 s   |
      | 2 s   |
      | 3 s   |
      | 4 s   |
      | 5 s   |
      | 6 s   |
      | 7 s   |
      | 7.9 s |

  @R-RESET-4
  Scenario: The power goes three times while erasing
    Given the factory reset is asked for
    When the admin confirms the reset with the code
    And the power is cut 3 s into the erasing
    And the terminal is switched on without waiting
    And 12 s pass
    And the power is cut 4 s into the erasing
    And the terminal is switched on without waiting
    And 12 s pass
    And the power is cut 5 s into the erasing
    And the terminal is switched on without waiting
    Then the reset is done and a new admin password is asked for

  @R-RESET-4
  Scenario: The power goes before the new admin password is set
    Given the terminal was reset
    When the power is cut
    And the terminal is switched on without waiting
    Then the reset is done and a new admin password is asked for
    When a new admin password is set
    And the admin signs on for the first time
    Then the admin is signed on and ready

  @severity-critical @R-RESET-4
  Scenario: The power goes at the question: nothing is erased
    Given the factory reset is asked for
    When the power is cut and comes back
    Then the terminal is open and the cashier can sell

  @R-RESET-4
  Scenario: CANCEL and waiting do not lead past the new admin password
    Given the terminal was reset
    When CANCEL is pressed 3 times
    And 70 s pass
    Then the screen reset_done is shown
    When ENTER is pressed 3 times
    Then the screen reset_done is shown
