@host-lock
Feature: The host's lock
  What the back office locks only the back office unlocks.

  @S-HOST-1 @severity-critical
  Scenario: The host locks a terminal at work
    Given the duty operator is signed on
    When the host locks the terminal
    Then the terminal is locked by the host

  @S-HOST-1
  Scenario: The host locks a terminal that nobody is signed on to
    Given nobody is signed on
    When the host locks the terminal
    Then the terminal is locked by the host

  @S-HOST-2 @severity-critical
  Scenario Outline: No key lifts the host's lock, pressed <count> times
    Given the duty operator is signed on
    When the host locks the terminal
    Then the terminal stays locked by the host whatever key is pressed <count> times

    Examples:
      | count |
      | 1     |
      | 3     |

  @S-HOST-2 @severity-critical
  Scenario: No key lifts the host's lock, held
    Given the duty operator is signed on
    When the host locks the terminal
    Then the terminal stays locked by the host whatever key is held for 1500 ms

  @S-HOST-2
  Scenario: Two keys at once do not lift the host's lock
    Given the duty operator is signed on
    When the host locks the terminal
    Then the terminal stays locked by the host whatever two keys are held together for 500 ms
