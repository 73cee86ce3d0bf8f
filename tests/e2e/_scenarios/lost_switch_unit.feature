Feature: The rig loses an instrument
  Not part of the suite: test_whose_fault.py runs it and looks at the verdict.

  Scenario: The switch unit drops out in the middle
    Given the cashier is signed on
    When the rig's instrument "switch" drops out of the network
    And the cashier locks the terminal
    Then the terminal is locked
