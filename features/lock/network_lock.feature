@R-NETLOCK-1
Feature: Too long without the host
  24 hours without any contact lock the terminal with cause C05; the link and a sign-on open it again.

  Scenario: A day without the line
    Given a terminal that is locked for want of the host
    Then the screen says "C05"
    And the terminal is still locked for want of the host

  @severity-critical @R-LOG-1
  Scenario: The line is back, and somebody signs on
    Given a terminal that is locked for want of the host
    When the network is back
    And F1 is pressed
    And 2 s pass
    Then the terminal asks for a sign-on
    And the log holds "LOCK" of "host C05"
    When the cashier takes over
    Then the terminal is open and the cashier can sell

  Scenario: It survives a power cut
    Given a terminal that is locked for want of the host
    When the power is cut and comes back
    Then the terminal is still locked for want of the host

  Scenario: The line alone, without the host, does not open it; F1 tries again
    Given a terminal that is locked for want of the host
    And the host does not answer
    When the network is back
    And F1 is pressed
    And 30 s pass
    Then the screen net_lock is shown
    When the host answers again
    And F1 is pressed
    And 2 s pass
    Then the terminal asks for a sign-on

  @severity-critical
  Scenario: Not before 24 hours, and then it locks
    Given nobody is signed on
    When the network is cut
    And 23.9 h pass
    Then the terminal asks for a sign-on
    When 0.2 h pass
    Then the screen net_lock is shown

  Scenario: A cut of 23 hours does not lock
    Given nobody is signed on
    When the network is cut
    And 22.5 h pass
    Then the terminal asks for a sign-on
    When the network is back
    And the cashier signs on
    Then the terminal is open and the cashier can sell

  Scenario: The host may set another time
    Given the host's parameter "net_lock_h" is 2
    And the cashier is signed on
    When the cashier signs off
    And the network is cut
    And 1.5 h pass
    Then the terminal asks for a sign-on
    When 2 h pass
    Then the screen net_lock is shown
