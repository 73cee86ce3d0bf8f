@lock
Feature: Locking
  Somebody on duty locks the terminal and goes away. Every "locked" is proved by keys that lead nowhere, not by a text.

  Background:
    Given the duty operator is signed on

  @S-LOCK-1 @severity-critical
  Scenario: The duty operator locks the terminal
    When the duty operator locks the terminal
    Then the terminal is locked

  @S-LOCK-1
  Scenario: The lock does not pass by itself
    When the duty operator locks the terminal
    And 10 s pass
    Then the terminal is locked

  @S-LOCK-1
  Scenario: Locking, unlocking and locking again
    When the duty operator locks the terminal
    And the unlocker unlocks the terminal
    And the duty operator locks the terminal
    Then the terminal is locked

  @S-LOCK-1
  Scenario: The lock is there for the next session too
    When the duty operator signs off
    And the duty operator signs on
    And the duty operator locks the terminal
    Then the terminal is locked

  @S-LOCK-1
  Scenario: The other operator's session locks as well
    When the duty operator signs off
    And the other operator signs on
    And the other operator locks the terminal
    Then the terminal is locked

  @S-LOCK-4
  Scenario: Left alone, the terminal locks itself
    When nobody touches the terminal until it locks itself
    Then the terminal is locked

  @S-LOCK-4
  Scenario: What locked itself is unlocked like any other lock
    When nobody touches the terminal until it locks itself
    And the unlocker unlocks the terminal
    Then nobody but the duty operator is signed on

  @S-LOCK-2 @severity-critical
  Scenario: A lock that came by itself survives a power cut
    When nobody touches the terminal until it locks itself
    And the power is cut and comes back
    Then the terminal is locked
