@R-RESET-1
Feature: Factory reset
  CLEAR held for five seconds at power-on, then the administrator's code. Refused while something would be lost or escaped.

  @severity-critical @R-RESTART-3 @manual
  Scenario: CLEAR held, code given, all erased
    Given the terminal is switched off
    When the factory reset is asked for
    And the admin confirms the reset with the code
    Then the reset is done and a new admin password is asked for
    And the screen resetting stood for 8 s

  Scenario Outline: CLEAR let go too early starts the terminal as usual
    Given the terminal is switched off
    When the terminal is switched on with CLEAR held for <time>
    Then the terminal is up again within 20 s
    And the terminal asks for a sign-on

    Examples:
      | time |
      | 1 s  |
      | 4 s  |

  Scenario: CLEAR let go after 5.5 s was held long enough
    Given the terminal is switched off
    When the terminal is switched on with CLEAR held for 5.5 s
    Then the screen reset_ask is shown

  @severity-critical
  Scenario: A wrong code erases nothing
    Given the factory reset is asked for
    When the reset is confirmed with a wrong code
    Then the screen resetting is not shown

  Scenario: CANCEL leaves everything as it was
    Given the factory reset is asked for
    When CANCEL is pressed
    Then the terminal is up again within 20 s
    And the terminal is open and the cashier can sell

  @R-RESET-2
  Scenario: Refused with an open batch
    Given the cashier is signed on
    When a sale of 12.00 is made
    And the power is cut
    And the factory reset is asked for
    Then the reset is refused

  @R-RESET-2 @R-LOG-1
  Scenario: Refused while an operator is locked out, and recorded
    Given the cashier has typed a wrong password 5 times
    When the power is cut
    And the factory reset is asked for
    Then the reset is refused
    When 20 s pass
    And CANCEL is pressed
    Then the log holds "RESET NO" of "wait"

  @R-RESET-4
  Scenario: A power cut while erasing goes on erasing at the next start
    Given the factory reset is asked for
    When the admin confirms the reset with the code
    Then the erasing has begun
    When the power is cut
    And the terminal is switched on without waiting
    Then the reset is done and a new admin password is asked for
