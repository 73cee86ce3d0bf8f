Feature: Amounts and trace numbers
  What was typed and left is gone; each transaction has a number of its own, for ever.

  @severity-critical @R-SALE-2
  Scenario Outline: An amount that was left with "<leave>" is gone
    Given the cashier is signed on
    When the amount 12.34 is typed
    And the keys "<leave>" are pressed one after another
    And the keys "5 ENTER" are pressed one after another
    And the answer comes or fails
    Then the host has booked a sale of 0.05 1 time
    And the host has booked no sale of 12.34
    And the terminal's journal holds 1 transaction

    Examples:
      | leave              |
      | CANCEL             |
      | CLEAR              |
      | MENU CANCEL        |
      | MENU 5 CANCEL CANCEL |
      | MENU 1             |
      | MENU 3 CANCEL CANCEL |

  @R-SALE-2
  Scenario: An amount that nobody confirmed is gone after a minute
    Given the cashier is signed on
    When the amount 12.34 is typed
    And 61 s pass
    Then the amount on the screen is "0.00"
    And a sale of 0.05 is approved
    And the host has booked a sale of 0.05 1 time

  @R-SALE-2
  Scenario Outline: A refund's amount that was left with "<leave>" is gone
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the keys "MENU 3 1 1 0 0 <leave> MENU 3" are pressed one after another
    Then the screen says "0.00"

    Examples:
      | leave         |
      | CANCEL CANCEL |
      | ENTER CANCEL  |

  @R-SALE-2
  Scenario Outline: An amount does not outlive <event>
    Given the cashier is signed on
    When the amount 12.34 is typed
    And <event>
    And the cashier signs on
    Then the amount on the screen is "0.00"
    When the keys "5 ENTER" are pressed one after another
    And the answer comes or fails
    Then the host has booked a sale of 0.05 1 time

    Examples:
      | event                                 |
      | the power is cut and comes back       |
      | the terminal is restarted by the keys |

  @R-SALE-2
  Scenario: A declined amount is not kept
    Given the cashier is signed on
    And the host declines sales with code "51"
    Then a sale of 12.00 is refused with code "51"
    When the host answers again
    Then the amount on the screen is "0.00"
    And a sale of 0.05 is approved
    And the host has booked a sale of 0.05 1 time

  @severity-critical @R-SALE-4
  Scenario Outline: Trace numbers rise over <event>
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When a sale of 5.00 is made
    And <event>
    And the cashier signs on
    And a sale of 5.00 is made
    Then 3 trace numbers were given and they rise
    And the terminal's journal equals the host's

    Examples:
      | event                                 |
      | the power is cut and comes back       |
      | the power is off for 3 days           |
      | the terminal is restarted by the keys |
      | the clock battery dies and the power is cut       |

  @R-SALE-4
  Scenario: Trace numbers rise over a settlement
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the batch of 1 record is settled
    And a sale of 5.00 is made
    Then 2 trace numbers were given and they rise

  @R-SALE-4
  Scenario: The number of a reversed sale is not given again
    Given the cashier is signed on
    And the host does not answer
    When a sale of 12.00 is sent
    And the power is cut and comes back without the host
    And the host answers again
    And the power is cut and comes back
    And 20 s pass
    And the cashier signs on
    And a sale of 5.00 is made
    And a sale of 6.00 is made
    Then 2 trace numbers were given and they rise
    And the terminal's journal holds 3 transactions
    And the terminal's journal equals the host's

  @severity-critical @R-SALE-4
  Scenario: Trace numbers go on after a factory reset
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the batch of 1 record is settled
    And the terminal is reset
    And a new admin password is set
    And the admin sets the terminal up for operator 01
    And a sale of 5.00 is made
    Then 2 trace numbers were given and they rise
