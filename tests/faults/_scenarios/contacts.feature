Feature: Worn contacts
  Not part of the suite: test_contacts_in_scenarios.py runs it and looks at the verdicts.

  Scenario: A contact that loses presses
    Given the contact of F1 loses 1 press in 2
    And the cashier is signed on
    When the keys "1 F1 CLEAR F1 CANCEL" are pressed for 100 ms each, 100 ms apart
    Then the screen "idle" is shown

  Scenario: A contact that doubles presses
    Given the contact of 8 doubles 1 press in 2
    And the cashier is signed on
    When the keys "8 8" are pressed for 100 ms each, 100 ms apart
    Then the amount on the screen is "0.88"

  Scenario: What the scenarios before had is mended
    Given the cashier is signed on
    When the keys "8 8" are pressed for 100 ms each, 100 ms apart
    Then the amount on the screen is "0.88"
