@reset
Feature: Factory reset
  Only who may resets; then nobody is signed on and no old password opens anything. A power cut leaves nothing halfway.

  Background:
    Given the terminal may be reset
    And the duty operator is signed on

  @S-RESET-1
  Scenario: After a reset the terminal asks for a sign-on
    When the terminal is reset
    Then the terminal asks for a sign-on

  @S-RESET-1 @severity-critical
  Scenario: A reset needs the secret of who may
    When the terminal is reset
    Then the password of the resetter was asked for

  @S-RESET-2 @severity-critical
  Scenario Outline: After a reset the old password of the <role> opens nothing
    Given first passwords of this terminal are known
    When the terminal is reset
    Then the old password of the <role> is refused

    Examples:
      | role        |
      | first role  |
      | second role |
      | third role  |
      | fourth role |

  @S-RESET-2
  Scenario: After a reset the duty operator signs on
    Given a reset of this terminal leaves its passwords
    When the terminal is reset
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-RESET-3 @severity-critical
  Scenario: A power cut during a reset leaves nobody signed on
    When the power is cut while the terminal is being reset
    And the power comes back
    And somebody brings the terminal home
    Then nobody is signed on

  @S-RESET-3
  Scenario: A power cut during a reset, and a second one in the start after it
    When the power is cut while the terminal is being reset
    And the terminal is switched on without waiting
    And 500 ms pass
    And the power is cut and comes back
    And somebody brings the terminal home
    Then nobody is signed on

  @S-RESET-1
  Scenario: A reset that nobody confirmed erases nothing
    When the factory reset is asked for and the power is cut at once
    And the power comes back
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-RESET-1
  Scenario: A reset is done again
    Given a reset of this terminal leaves its passwords
    When the terminal is reset
    And the terminal is reset
    Then the terminal asks for a sign-on
