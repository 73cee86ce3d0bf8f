Feature: Who may reset, and when it is refused
  CLEAR held for five seconds from power-on and the administrator's code; never over money, never as a way out of a lock.

  @severity-critical @R-RESET-1
  Scenario: ENTER without a code erases nothing
    Given the factory reset is asked for
    When ENTER is pressed 3 times
    Then the screen reset_ask is shown
    When the power is cut and comes back
    Then the terminal is open and the cashier can sell

  @severity-critical @R-RESET-1
  Scenario Outline: The code <code> erases nothing
    Given the factory reset is asked for
    When the digits "<code>" are typed
    And ENTER is pressed
    Then the screen resetting is not shown
    When the power is cut and comes back
    Then the terminal is open and the cashier can sell

    Examples:
      | code     |
      | 12345678 |
      | 00000000 |
      | 99       |

  @severity-critical @R-RESET-1
  Scenario Outline: <key> held at power-on does not ask for a reset
    Given the terminal is switched off
    When the terminal is switched on with <key> held for 8 s
    And 12 s pass
    Then the terminal asks for a sign-on

    Examples:
      | key    |
      | ENTER  |
      | CANCEL |
      | MENU   |
      | F1     |
      | .      |

  @R-RESET-1
  Scenario Outline: CLEAR pressed <late> after power-on does not ask for a reset
    Given the terminal is switched off
    When CLEAR is held for 6 s only <late> after power-on
    And 12 s pass
    Then the terminal asks for a sign-on

    Examples:
      | late  |
      | 1.5 s |
      | 4 s   |
      | 7 s   |

  @R-RESET-1
  Scenario Outline: CLEAR let go after <time>
    Given the terminal is switched off
    When the terminal is switched on with CLEAR held for <time>
    Then the terminal is up again within 20 s
    And the terminal is open and the cashier can sell

    Examples:
      | time  |
      | 0.5 s |
      | 2 s   |
      | 3 s   |
      | 4.9 s |

  @R-RESET-1
  Scenario: The restart keys ask for no reset, however long they are held
    Given the cashier is signed on
    When CLEAR and . are held together for 12 s
    And 12 s pass
    Then the terminal asks for a sign-on

  @severity-critical @R-RESET-2 @R-HOSTLOCK-2
  Scenario: Refused under a host lock
    Given the cashier is signed on
    And the host has locked the terminal
    When the power is cut
    And the factory reset is asked for
    Then the screen reset_no_host is shown
    When 20 s pass
    Then the terminal is locked by the host

  @severity-critical @R-RESET-2
  Scenario: Refused with an open batch, and the batch is kept
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the power is cut
    And the factory reset is asked for
    Then the screen reset_no is shown
    When 20 s pass
    Then the terminal's journal equals the host's
    When the cashier signs on
    Then the batch of 1 record can be settled

  @severity-critical @R-RESET-2
  Scenario: Refused while a reversal waits
    Given the cashier is signed on
    And the host does not answer
    When a sale of 12.00 is sent
    And the power is cut
    And the factory reset is asked for
    Then the screen reset_no is shown

  @severity-critical @R-RESET-2 @R-LOCKOUT-2
  Scenario: Refused during a lock-out, which goes on
    Given the cashier has typed a wrong password 5 times
    When the power is cut
    And the factory reset is asked for
    Then the screen reset_no_wait is shown
    When 20 s pass
    Then the cashier is locked out

  @severity-critical @R-RESET-2 @R-TAMPER-1
  Scenario: Not even asked for after tampering
    Given nobody is signed on
    When the case is opened
    And the power is cut
    And the terminal is switched on with CLEAR held for 8 s
    Then the terminal is out of use for ever

  @R-RESET-2
  Scenario: Allowed again once the batch is settled
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the batch of 1 record is settled
    And the terminal is reset
    Then the reset is done and a new admin password is asked for

  @severity-critical @R-RESET-1 @R-LOCKOUT-4
  Scenario: Wrong codes are counted, and the fifth locks the administrator out
    Given the factory reset is asked for
    When the reset is confirmed with a wrong code
    And 4 s pass
    And the reset is confirmed with a wrong code
    And 4 s pass
    And the reset is confirmed with a wrong code
    And 4 s pass
    And the reset is confirmed with a wrong code
    And 4 s pass
    And the reset is confirmed with a wrong code
    Then the reset is refused
    When the power is cut
    And the factory reset is asked for
    Then the reset is refused
