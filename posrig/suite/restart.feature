@restart
Feature: Restarts
  A restart changes nothing of what holds the terminal, and signs nobody on.

  @S-RESTART-1 @severity-critical
  Scenario: A locked terminal is locked after a restart
    Given the duty operator has locked the terminal
    When the duty operator restarts the terminal
    Then the terminal is locked

  @S-RESTART-2
  Scenario: Nobody is signed on after a restart
    Given nobody is signed on
    When the duty operator restarts the terminal
    Then nobody is signed on

  @S-RESTART-2
  Scenario: A restart ends the session
    Given the duty operator is signed on
    When the duty operator restarts the terminal
    Then the terminal asks for a sign-on

  @S-RESTART-1
  Scenario: After a restart the lock is lifted as before
    Given the duty operator has locked the terminal
    When the duty operator restarts the terminal
    And the unlocker unlocks the terminal
    Then nobody but the duty operator is signed on

  @S-RESTART-2
  Scenario: After a restart the duty operator signs on
    Given the duty operator is signed on
    When the duty operator restarts the terminal
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-RESTART-3 @severity-critical
  Scenario: A restart does not give new chances
    Given the duty operator has typed all but one of the wrong passwords allowed
    When the duty operator restarts the terminal
    And the duty operator types a wrong password
    Then the duty operator is locked out
