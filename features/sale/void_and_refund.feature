Feature: Void, refund, settlement
  Money goes back once, never more than was paid, and only with the manager's approval.

  @severity-critical @R-SALE-3
  Scenario Outline: A refund of <refund> for a sale of 12.00 is refused
    Given the cashier is signed on
    And a sale of 12.00 was approved
    Then a refund of <refund> is refused with code "61"
    And the terminal's journal holds 1 transaction
    And the terminal's journal equals the host's

    Examples:
      | refund |
      | 12.01  |
      | 24.00  |
      | 999.99 |

  @R-SALE-3
  Scenario Outline: A refund of <refund> for a sale of 12.00 is made
    Given the cashier is signed on
    And a sale of 12.00 was approved
    Then a refund of <refund> is approved
    And the terminal's journal equals the host's

    Examples:
      | refund |
      | 12.00  |
      | 0.01   |

  @severity-critical @R-SALE-3
  Scenario Outline: A second refund of <second> after one of <first> is refused
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When a refund of <first> is made
    Then a refund of <second> is refused with code "61"
    And the terminal's journal equals the host's

    Examples:
      | first | second |
      | 12.00 | 12.00  |
      | 12.00 | 0.01   |
      | 6.00  | 6.01   |

  @severity-critical @R-SALE-3
  Scenario Outline: A second refund stays refused when <event>
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When a refund of 12.00 is made
    And <event>
    And the cashier signs on
    Then a refund of 12.00 is refused with code "61"
    And the terminal's journal equals the host's

    Examples:
      | event                                 |
      | the power is cut and comes back       |
      | the terminal is restarted by the keys |

  @R-SALE-3
  Scenario: A second refund stays refused after the settlement
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When a refund of 12.00 is made
    And the batch of 2 records is settled
    Then a refund of 12.00 is refused with code "61"

  @R-SALE-3
  Scenario: No refund without a sale
    Given the cashier is signed on
    Then a refund of 1.00 is refused with code "25"

  @R-SALE-3
  Scenario: Two small sales do not carry one large refund
    Given the cashier is signed on
    And a sale of 6.00 was approved
    When a sale of 6.00 is made
    Then a refund of 12.00 is refused with code "61"
    And a refund of 6.00 is approved
    And a refund of 6.00 is approved
    And a refund of 6.00 is refused with code "61"
    And the terminal's journal equals the host's

  @severity-critical @R-SALE-3
  Scenario: A voided sale is neither voided again nor refunded
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the last sale is voided
    Then a void of the last sale is refused with code "25"
    And a refund of 12.00 is refused with code "25"
    And the terminal's journal equals the host's

  @R-SALE-3
  Scenario: A refunded sale is not voided
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When a refund of 5.00 is made
    Then a void of the last sale is refused with code "25"
    And the terminal's journal equals the host's

  @R-SALE-3
  Scenario: A settled sale is not voided
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the batch of 1 record is settled
    Then a void of the last sale is refused with code "25"

  @R-SALE-3
  Scenario: A number of no sale is not voided
    Given the cashier is signed on
    And a sale of 12.00 was approved
    Then a void of trace number 99 is refused with code "25"
    And the terminal's journal equals the host's

  @R-SALE-1 @manual
  Scenario: Sale, void, refund and settlement agree with the host
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the last sale is voided
    And a sale of 20.00 is made
    And a refund of 20.00 is made
    And a sale of 7.50 is made
    Then the terminal's journal equals the host's
    And the batch of 3 records can be settled
    And the terminal's journal equals the host's

  @R-SALE-1
  Scenario: A declined sale is not booked
    Given the cashier is signed on
    And the host declines sales with code "51"
    Then a sale of 12.00 is refused with code "51"
    And the host has booked no sale of 12.00
    And no transaction is left open
    And the terminal's journal equals the host's
