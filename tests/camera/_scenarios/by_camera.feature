Feature: The screen read by camera
  Not part of the suite: test_by_camera_in_scenarios.py runs it and looks at the verdicts and what is kept.

  Scenario: A lock over a power cut
    Given the cashier has locked the terminal
    When the power is cut and comes back
    Then the terminal is locked

  Scenario: A camera that goes silent
    Given the cashier is signed on
    And the wire "camera" has the fault "half-open" at the moment "answer"
    When the cashier locks the terminal
    Then the terminal is locked

  Scenario: What the scenario before had is mended
    Given the cashier is signed on
    Then the terminal is open and the cashier can sell
