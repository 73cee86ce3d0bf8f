@power
Feature: Power cuts
  The power is gone at any moment, for any time. What was locked is locked, and nobody is signed on by accident.

  @S-POWER-1 @severity-critical
  Scenario: A power cut at the lock
    Given the duty operator has locked the terminal
    When the power is cut and comes back
    Then the terminal is locked

  @S-POWER-1 @severity-critical
  Scenario: A power cut at once after locking
    Given the duty operator is signed on
    When the duty operator locks the terminal
    And the power is cut and comes back
    Then the terminal is locked

  @S-POWER-1 @severity-critical
  Scenario Outline: The power is off for <time> at the lock
    Given the duty operator has locked the terminal
    When the power is off for <time>
    Then the terminal is locked

    Examples:
      | time |
      | 2 s  |
      | 5 s  |
      | 15 s |

  @S-POWER-1
  Scenario: Three power cuts one after another
    Given the duty operator has locked the terminal
    When the power is cut and comes back
    And the power is cut and comes back
    And the power is cut and comes back
    Then the terminal is locked

  @S-POWER-2 @severity-critical
  Scenario Outline: A power cut <time> into the start
    Given the duty operator has locked the terminal
    When the power is cut
    And the terminal is switched on without waiting
    And <time> pass
    And the power is cut and comes back
    Then the terminal is locked

    Examples:
      | time    |
      | 100 ms  |
      | 300 ms  |
      | 600 ms  |
      | 1200 ms |

  @S-POWER-3
  Scenario: A power cut ends the session
    Given the duty operator is signed on
    And a power cut ends the sessions of this terminal
    When the power is cut and comes back
    Then the terminal asks for a sign-on

  @S-POWER-3
  Scenario: After a power cut the duty operator signs on again
    Given nobody is signed on
    When the power is cut and comes back
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-POWER-2
  Scenario: A power cut in the start of a terminal that nobody is signed on to
    Given nobody is signed on
    When the power is cut
    And the terminal is switched on without waiting
    And 500 ms pass
    And the power is cut and comes back
    Then the terminal asks for a sign-on

  @S-POWER-1
  Scenario: A power cut under a refusal at the lock
    Given the duty operator has locked the terminal
    When the unlocker tries to unlock with a wrong password
    And the power is cut and comes back
    Then the terminal is locked

  @S-POWER-1
  Scenario: A power cut in the middle of the unlock
    Given the duty operator has locked the terminal
    When the second unlocker types the password at the lock and does not submit it
    And the power is cut and comes back
    Then the terminal is locked
