Feature: Faults on the wires
  Not part of the suite: test_wires_in_scenarios.py runs it and looks at the verdicts.

  Scenario: A console that loses bytes is read again
    Given the console loses 1 byte in 400
    And the cashier is signed on
    When the cashier locks the terminal
    And the cashier unlocks the terminal
    Then the terminal is open and the cashier can sell

  Scenario: A late host
    Given the host's answers come 40 s late
    And the cashier is signed on
    Then the terminal is open and the cashier can sell

  Scenario: A silent supply
    Given the wire "supply" has the fault "half-open" at the moment "answer"
    And the cashier is signed on
    Then the terminal is open and the cashier can sell

  Scenario: What the scenarios before had is mended
    Given the cashier is signed on
    Then the terminal is open and the cashier can sell
