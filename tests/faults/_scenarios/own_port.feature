Feature: A service port that leaves numbers out

  Scenario: A refused number is told
    Given the cashier is signed on
    Then the service port told 1 record of "sign_on"
