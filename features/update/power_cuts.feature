Feature: Power cuts during an update
  At every moment of an update the power may go. After it the terminal starts with a working image, old or new,
  sells, and the update can still be made. Here the moments that are special; benchmarks/power_cut_sweep.py cuts at
  random ones.

  @severity-critical @R-UPDATE-9
  Scenario Outline: The power goes at <percent> % of the download, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" comes by "<source>"
    And the admin accepts the update
    And the update reaches <percent> percent of upd_get
    And the power is cut and comes back
    Then the version page shows "2.4.1"
    And the update can still be installed as version "2.5.0"

    Examples:
      | source  | percent |
      | network | 0       |
      | stick   | 40      |
      | network | 70      |
      | stick   | 90      |

  @R-UPDATE-10
  Scenario Outline: After a power cut at <percent> % the download goes on where it stopped, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" comes by "<source>"
    And the admin accepts the update
    And the update reaches <percent> percent of upd_get
    And the power is cut and comes back
    And the admin signs on to the offer
    And the admin accepts the update
    And the update has run to its end
    Then the download never went back
    And the version page shows "2.5.0"

    Examples:
      | source  | percent |
      | network | 30      |
      | network | 90      |
      | stick   | 30      |
      | stick   | 90      |

  @severity-critical @R-UPDATE-9
  Scenario Outline: The power goes <time> into the check
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches the screen upd_check
    And <time> pass
    And the power is cut and comes back
    Then the version page shows "2.4.1"
    And the update can still be installed as version "2.5.0"

    Examples:
      | time  |
      | 0.1 s |
      | 1.5 s |
      | 2.9 s |

  @severity-critical @R-UPDATE-9
  Scenario Outline: The power goes at <percent> % of the writing, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" comes by "<source>"
    And the admin accepts the update
    And the update reaches <percent> percent of upd_write
    And the power is cut and comes back
    Then the version page shows "2.4.1"
    And the terminal is open and the cashier can sell
    When the batch of 1 record is settled
    And the cashier signs off
    Then the update can still be installed as version "2.5.0"

    Examples:
      | source  | percent |
      | network | 0       |
      | stick   | 20      |
      | network | 50      |
      | stick   | 80      |
      | network | 97      |

  @severity-critical @R-UPDATE-9
  Scenario Outline: The power goes <time> after the update is done
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches the screen upd_done
    And <time> pass
    And the power is cut and comes back
    Then the version page shows "2.5.0"
    And the terminal is open and the cashier can sell

    Examples:
      | time   |
      | 0.1 s  |
      | 1.9 s  |
      | 5 s    |
      | 10.5 s |

  @severity-critical @R-UPDATE-9 @R-UPDATE-12
  Scenario: The new image is cut at each of its first two starts and still runs
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches the screen upd_done
    And the power is cut
    And the terminal is switched on without waiting
    And 8 s pass
    And the power is cut
    And the terminal is switched on without waiting
    And 8 s pass
    And the power is cut
    And the terminal is switched on
    Then the version page shows "2.5.0"

  @severity-critical @R-UPDATE-12
  Scenario Outline: An image that does not start gives way to the old one, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "not_starting" comes by "<source>"
    And the admin accepts the update
    And the update reaches the screen upd_done
    Then the screen upd_back is shown within 40 s
    And the version page shows "2.4.1"
    When the power is cut and comes back
    Then the version page shows "2.4.1"
    And the terminal is open and the cashier can sell

    Examples:
      | source  |
      | network |
      | stick   |

  @R-UPDATE-12
  Scenario: An image that does not start, and power cuts on top of it
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "not_starting" comes by "network"
    And the admin accepts the update
    And the update reaches the screen upd_done
    And the power is cut
    And the terminal is switched on without waiting
    And 3 s pass
    And the power is cut
    And the terminal is switched on without waiting
    Then the screen upd_back is shown within 60 s
    And the version page shows "2.4.1"

  @R-UPDATE-12
  Scenario: After a failed update a good one can be installed
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "not_starting" comes by "network"
    And the admin accepts the update
    And the update reaches the screen upd_done
    Then the screen upd_back is shown within 60 s
    When 12 s pass
    And the admin signs on
    And an update to version "2.6.0" comes by "stick"
    And the admin accepts the update
    And the update has run to its end
    Then the version page shows "2.6.0"
