Feature: What is under way survives what happens
  An open batch, a reversal that waits, a half-done download: each against a power cut, both restarts and a lost network.
  The daily restart comes 24 h after the start, so the work is begun 23.9 h after it.

  @severity-critical @R-SALE-1 @R-RESTART-1
  Scenario Outline: An open batch, and <event>
    Given the cashier signs on 23.9 h after the start
    And a sale of 12.00 was approved
    When <event>
    Then the terminal has started <starts> times
    And the terminal's journal equals the host's
    When the cashier is back at work
    Then a sale of 5.00 is approved
    And the batch of 2 records can be settled
    And the terminal's journal equals the host's

    Examples:
      | event                                 | starts |
      | the power is cut and comes back       | 2      |
      | the power is off for 12 h             | 2      |
      | the terminal is restarted by the keys | 2      |
      | 7 min pass                            | 2      |
      | the network is cut and comes back     | 1      |

  @severity-critical @R-SALE-1
  Scenario Outline: A reversal that waits, and <event>
    Given the cashier signs on 23.9 h after the start
    And the network is cut
    Then a sale of 12.00 cannot be sent
    When <event>
    And the network is back
    And 30 s pass
    Then the terminal has started <starts> times
    And no transaction is left open
    And the host has booked no sale of 12.00
    When the cashier is back at work
    Then a sale of 5.00 is approved
    And the terminal's journal equals the host's

    Examples:
      | event                                 | starts |
      | the power is cut and comes back       | 2      |
      | the terminal is restarted by the keys | 2      |
      | 7 min pass                            | 2      |
      | 1 min pass                            | 1      |

  @severity-critical @R-UPDATE-10
  Scenario Outline: A half-done download, and <event>
    Given the admin signs on 23.9 h after the start
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches 50 percent of upd_get
    And the network is cut
    Then the screen upd_pause is shown within 10 s
    When <event>
    And the network is back
    Then the terminal has started <starts> times
    When the admin takes the offer again
    And the update has run to its end
    Then the download never went back
    And the version page shows "2.5.0"

    Examples:
      | event                                 | starts |
      | the power is cut and comes back       | 2      |
      | the power is off for 12 h             | 2      |
      | the terminal is restarted by the keys | 2      |
      | 7 min pass                            | 2      |
      | 10 s pass                             | 1      |

  @severity-critical @R-RESTART-2
  Scenario Outline: The daily restart never comes inside a sale that begins <left> before it
    Given the cashier signs on 23.92 h after the start
    And the host answers after 15 s
    When it is 100 s before the daily restart
    Then the screen daily is shown
    When CANCEL is pressed
    And it is <left> before the daily restart
    And a sale of 12.00 is sent
    And the answer comes or fails
    Then the terminal has started 1 times
    And the host has booked a sale of 12.00 1 time
    And the terminal restarts by itself within 30 s
    And the terminal's journal equals the host's
    And the terminal's journal holds 1 transaction

    Examples:
      | left |
      | 14 s |
      | 10 s |
      | 3 s  |

  @severity-critical @R-RESTART-2
  Scenario: Nor inside the writing of an update
    Given the admin signs on 23.92 h after the start
    When it is 100 s before the daily restart
    Then the screen daily is shown
    When CANCEL is pressed
    And an update to version "2.5.0" comes by "stick"
    Then the screen upd_offer is shown
    When CANCEL is pressed
    And it is 15 s before the daily restart
    And the admin asks for the update by the menu
    And the admin accepts the update
    And the update has run to its end
    Then the terminal has started 2 times
    And the version page shows "2.5.0"

  @severity-critical @R-RESTART-2
  Scenario: Announced three minutes before, and made
    Given the daily restart is announced
    Then the screen says "03:00"
    And the terminal restarts by itself within 182 s
    And the self-test is passed on the way
    And the terminal has started 2 times

  @R-RESTART-2
  Scenario: F1 makes it at once
    Given the daily restart is announced
    When F1 is pressed
    Then the terminal restarts by itself within 3 s
    And the terminal has started 2 times

  @R-RESTART-2
  Scenario: Another key goes on with the work, and it comes all the same
    Given the daily restart is announced
    When CANCEL is pressed
    Then the screen signed_off is shown
    When the cashier signs on
    Then a sale of 5.00 is approved
    And the terminal restarts by itself within 182 s
    And the terminal's journal equals the host's

  @severity-critical @R-RESTART-1
  Scenario: All terminals off, a wait, on again, up in time, services up
    Given the cashier is signed on
    When all terminals of the rack are switched off for 30 s and on again
    Then the self-test is passed on the way
    And the services are up
    And the terminal is open and the cashier can sell

  @R-RESTART-1
  Scenario Outline: A restart <way> is over in time
    Given the admin is signed on
    When <way>
    Then the services are up
    And the terminal has started 2 times
    And the terminal is open and the cashier can sell

    Examples:
      | way                                        |
      | the terminal is restarted by the keys      |
      | the admin restarts the terminal from the menu |
      | the power is off for 3 days                |

  @R-RESTART-1
  Scenario Outline: The question whether to restart ends in no: <how>
    Given the admin is signed on
    When the keys "MENU 5 5 1" are pressed one after another
    Then the screen restart_ask is shown
    When <how>
    Then the screen system is shown
    And the terminal has started 1 times

    Examples:
      | how               |
      | CANCEL is pressed |
      | 11 s pass         |
