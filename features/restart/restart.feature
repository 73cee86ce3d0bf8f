@R-RESTART-1
Feature: Restarting the terminal
  After a restart the self-test has run, the terminal is up in time, and what must survive has survived.

  @R-RESTART-3
  Scenario: A cold start shows the self-test and ends at the sign-on
    Given the terminal is switched off
    When the terminal is switched on without waiting
    Then the terminal is up again within 15 s
    And the self-test is passed on the way
    And the terminal asks for a sign-on
    And the screen boot stood for 6 s
    And the screen self_test stood for 4 s

  @R-RESTART-3
  Scenario: The supply current tells what the terminal does
    Given the terminal is switched off
    Then the terminal draws 0 to 2 mA
    When the terminal is switched on without waiting
    And 1 s pass
    Then the terminal draws 335 to 435 mA
    When 15 s pass
    Then the terminal draws 110 to 130 mA
    When 61 s pass
    Then the terminal draws 50 to 70 mA
    When UP is pressed
    Then the terminal draws 110 to 130 mA

  Scenario: The restart keys work from the ready screen
    Given the cashier is signed on
    When the terminal is restarted by the keys
    Then the terminal asks for a sign-on

  Scenario: The restart keys need two seconds
    Given the cashier is signed on
    When CLEAR and . are held together for 1 s
    Then the cashier is signed on and ready

  @manual
  Scenario: The administrator restarts from the menu
    Given the admin is signed on
    When the admin restarts the terminal from the menu
    Then the terminal asks for a sign-on

  @R-LOCKOUT-2
  Scenario: A restart does not shorten a lock-out
    Given the cashier has typed a wrong password 5 times
    When the terminal is restarted by the keys
    Then the cashier is locked out
