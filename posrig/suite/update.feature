@update
Feature: Updates
  A sound, newer package is installed, any other is refused, and a power cut leaves a whole version.

  @S-UPD-1
  Scenario: A newer version is installed
    Given an update to a newer version is offered
    And the duty operator is signed on
    When the offered update is installed
    Then the version that was offered runs

  @S-UPD-2 @severity-critical
  Scenario Outline: A package with the fault "<fault>" is refused
    Given an update to a newer version with the fault "<fault>" is offered
    And the duty operator is signed on
    When somebody tries to install the offered update
    Then the update is refused
    And the version from before runs

    Examples:
      | fault         |
      | unsigned      |
      | bad_signature |
      | changed       |
      | wrong_model   |
      | older         |
      | expired       |

  @S-UPD-3 @severity-critical
  Scenario: A power cut while the update is installed leaves a whole version
    Given an update to a newer version is offered
    And the duty operator is signed on
    When the power is cut while the update is installed
    And the power comes back
    Then the version from before or the one that was offered runs

  @S-UPD-1
  Scenario: An update that is asked for signs nobody on who was not
    Given the duty operator is signed on
    When the update is asked for and the power is cut at once
    And the power comes back
    Then nobody but the duty operator is signed on

  @S-UPD-1
  Scenario: After an update the duty operator signs on and locks
    Given an update to a newer version is offered
    And the duty operator is signed on
    When the offered update is installed
    And the duty operator signs on
    And the duty operator locks the terminal
    Then the terminal is locked

  @S-UPD-4 @severity-critical
  Scenario Outline: A stick with a package with the fault "<fault>" opens no lock
    Given an update to a newer version with the fault "<fault>" is offered
    And the duty operator has locked the terminal
    When the stick with the update is plugged in
    Then the terminal is locked

    Examples:
      | fault         |
      | bad_signature |
      | older         |
