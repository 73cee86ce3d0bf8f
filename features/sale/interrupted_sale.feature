Feature: A sale that is interrupted
  Whatever happens between ENTER and the receipt: in the end the terminal's journal equals the host's. An approved sale
  stands once, an unanswered one is reversed, and nothing is both.

  @severity-critical @R-SALE-1
  Scenario Outline: The power goes <time> after ENTER
    Given the cashier is signed on
    When a sale of 12.00 is interrupted after <time>: the power is cut
    And the terminal is switched on without waiting
    And 30 s pass
    Then no transaction is left open
    And the host has booked a sale of 12.00 at most once
    And the terminal's journal equals the host's
    When the cashier signs on
    Then a sale of 5.00 is approved
    And the terminal's journal equals the host's

    Examples:
      | time    |
      | 0.02 s  |
      | 0.05 s  |
      | 0.1 s   |
      | 0.2 s   |
      | 0.3 s   |
      | 0.5 s   |
      | 0.7 s   |
      | 0.8 s   |
      | 0.85 s  |
      | 0.9 s   |
      | 1 s     |
      | 1.2 s   |
      | 1.5 s   |
      | 1.8 s   |
      | 1.9 s   |
      | 2.5 s   |

  @severity-critical @R-SALE-1
  Scenario Outline: The power goes while the approval is shown, <time> after ENTER: the sale stands once
    Given the cashier is signed on
    When a sale of 12.00 is interrupted after <time>: the power is cut
    And the power comes back
    Then the host has booked a sale of 12.00 1 time
    And the terminal's journal holds 1 transaction
    And the terminal's journal equals the host's

    Examples:
      | time  |
      | 1 s   |
      | 1.5 s |
      | 2.5 s |

  @severity-critical @R-SALE-1
  Scenario Outline: The network goes <time> after ENTER
    Given the cashier is signed on
    When a sale of 12.00 is interrupted after <time>: the network is cut
    And the answer comes or fails
    And the network is back
    And 30 s pass
    Then no transaction is left open
    And the host has booked a sale of 12.00 at most once
    And a sale of 5.00 is approved
    And the terminal's journal equals the host's

    Examples:
      | time    |
      | 0.02 s  |
      | 0.1 s   |
      | 0.2 s   |
      | 0.4 s   |
      | 0.6 s   |
      | 0.75 s  |
      | 0.9 s   |

  @severity-critical @R-SALE-1
  Scenario Outline: The host answers after <delay>, and <event>
    Given the cashier is signed on
    And the host answers after <delay>
    When a sale of 12.00 is sent
    And <event>
    And the host answers again
    And 40 s pass
    Then no transaction is left open
    And the host has booked no sale of 12.00
    And the terminal's journal equals the host's
    When the cashier signs on
    Then a sale of 5.00 is approved
    And the terminal's journal equals the host's

    Examples:
      | delay | event                                 |
      | 10 s  | the power is cut and comes back       |
      | 10 s  | the terminal is restarted by the keys |
      | 18 s  | the power is off for 10 min           |
      | 18 s  | the terminal is restarted by the keys |

  @severity-critical @R-SALE-1
  Scenario Outline: The host says nothing, and <event>
    Given the cashier is signed on
    And the host does not answer
    When a sale of 12.00 is sent
    And <event>
    And the host answers again
    And the power is cut and comes back
    And 20 s pass
    Then no transaction is left open
    And the host has booked no sale of 12.00
    And the terminal's journal equals the host's
    When the cashier signs on
    Then a sale of 5.00 is approved

    Examples:
      | event                                 |
      | the answer comes or fails             |
      | the terminal is restarted by the keys |
      | the network is cut and comes back     |

  @R-SALE-1 @R-LOG-1
  Scenario: The answer comes after the terminal has given up
    Given the cashier is signed on
    And the host answers after 25 s
    When a sale of 12.00 is sent
    And the answer comes or fails
    And the host answers again
    And 30 s pass
    Then a sale of 5.00 is approved
    And no transaction is left open
    And the host has booked no sale of 12.00
    And the terminal's journal equals the host's
    And the service port told 1 record of "reversal"

  @severity-critical @R-SALE-1 @R-HOSTLOCK-1
  Scenario: Locked in the middle of a sale, the sale is finished before the lock
    Given the cashier is signed on
    And the host answers after 5 s
    When a sale of 12.00 is sent
    And the host locks the terminal
    Then the screen approved is shown within 10 s
    When 5 s pass
    Then the terminal is locked by the host
    And the host has booked a sale of 12.00 1 time
    And the terminal's journal equals the host's

  @severity-critical @R-SALE-1
  Scenario: Three power cuts while the reversal waits
    Given the cashier is signed on
    And the host does not answer
    When a sale of 12.00 is sent
    And the power is cut and comes back without the host
    And the power is cut and comes back without the host
    And the power is cut and comes back without the host
    And the host answers again
    And the power is cut and comes back
    And 20 s pass
    Then no transaction is left open
    And the host has booked no sale of 12.00
    And the terminal's journal equals the host's

  @severity-critical @R-SALE-1
  Scenario Outline: The power goes <time> into a settlement: it is finished before anything is sold
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When a settlement is interrupted after <time>: the power is cut
    And the power comes back
    And 5 s pass
    And the cashier signs on
    Then a sale of 5.00 is approved
    And the terminal's journal equals the host's

    Examples:
      | time   |
      | 0.05 s |
      | 0.5 s  |
      | 1 s    |

  @severity-critical @R-SALE-1
  Scenario: The answer to a settlement is lost, and the next customer waits until it is known
    Given the cashier is signed on
    And a sale of 12.00 was approved
    And the host does not answer
    When the cashier settles, whatever comes of it
    Then a sale of 5.00 cannot be sent
    And the host has booked no sale of 5.00
    When the host answers again
    Then a sale of 7.00 is approved
    And the terminal's journal equals the host's
