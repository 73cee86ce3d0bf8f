Feature: When and by whom an update is made
  The administrator only, never over unsettled sales, never on an empty battery; a lost line costs no byte twice.

  @severity-critical @R-UPDATE-13
  Scenario Outline: <who> is not offered the update, by <source>
    Given the <who> is signed on
    When an update to version "2.5.0" comes by "<source>"
    And 5 s pass
    And the <who> asks for the update by the menu
    And 5 s pass
    And the keys "ENTER ENTER" are pressed one after another
    Then no page of an update was shown
    When the <who> signs off
    And the <who> signs on
    And ENTER is pressed
    And 5 s pass
    Then no page of an update was shown

    Examples:
      | who     | source  |
      | cashier | network |
      | cashier | stick   |
      | manager | network |
      | manager | stick   |

  @severity-critical @R-UPDATE-13
  Scenario Outline: Nobody can start it on a terminal that is <state>, by <source>
    Given a terminal that is <state>
    When an update to version "2.5.0" comes by "<source>"
    And 5 s pass
    And the keys "ENTER ENTER F1 F2 MENU 5 5 2 ENTER CANCEL" are pressed one after another
    Then no page of an update was shown
    When the power is cut and comes back
    Then no page of an update was shown

    Examples:
      | state              | source  |
      | locked             | network |
      | locked             | stick   |
      | locked out         | network |
      | locked out         | stick   |
      | locked by the host | network |
      | locked by the host | stick   |

  @R-UPDATE-13
  Scenario Outline: Nobody can start it before the sign-on, by <source>
    Given nobody is signed on
    When an update to version "2.5.0" comes by "<source>"
    And 5 s pass
    And the keys "ENTER ENTER CANCEL F1 ENTER MENU ENTER" are pressed one after another
    Then no page of an update was shown

    Examples:
      | source  |
      | network |
      | stick   |

  @R-UPDATE-13
  Scenario: An offer waits for the administrator over a restart
    Given the cashier is signed on
    When an update to version "2.5.0" comes by "network"
    And 5 s pass
    And the power is cut and comes back
    Then no page of an update was shown
    When the admin signs on to the offer
    And the admin accepts the update
    And the update has run to its end
    Then the version page shows "2.5.0"

  @severity-critical @R-UPDATE-11
  Scenario Outline: Not over unsettled sales, by <source>
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the power is cut and comes back
    And the admin signs on
    And an update to version "2.5.0" comes by "<source>"
    And the admin accepts the update
    Then the screen upd_no_batch is shown
    And the terminal's journal equals the host's
    When the power is cut and comes back
    Then the version page shows "2.4.1"

    Examples:
      | source  |
      | network |
      | stick   |

  @R-UPDATE-11
  Scenario: Not over a reversal that waits
    Given the cashier is signed on
    And the host does not answer
    When a sale of 12.00 is sent
    And the answer comes or fails
    And the power is cut
    And the terminal is switched on without waiting
    And 45 s pass
    And the admin signs on
    And an update to version "2.5.0" comes by "stick"
    And the admin accepts the update
    Then the screen upd_no_batch is shown

  @severity-critical @R-UPDATE-15
  Scenario Outline: Not with <charge> % and without mains
    Given the admin is signed on
    When the battery has <charge> percent and the mains are off
    And an update to version "2.5.0" is offered
    And the admin accepts the update
    Then the terminal asks for power and shows <charge> percent
    And the screen still shows upd_power after 30 s
    When CANCEL is pressed
    And the power is cut and comes back
    Then the version page shows "2.4.1"

    Examples:
      | charge |
      | 5      |
      | 29     |

  @R-UPDATE-15
  Scenario: With the mains connected it goes on by itself
    Given the admin is signed on
    When the battery has 12 percent and the mains are off
    And an update to version "2.5.0" is offered
    And the admin accepts the update
    Then the terminal asks for power and shows 12 percent
    When the mains are connected
    And the update has run to its end
    Then the version page shows "2.5.0"

  @R-UPDATE-15
  Scenario: Thirty per cent are enough
    Given the admin is signed on
    When the battery has 30 percent and the mains are off
    And an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update has run to its end
    Then the version page shows "2.5.0"

  @R-UPDATE-15
  Scenario: The charge falls while it is loaded
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches 50 percent of upd_get
    And the battery has 20 percent and the mains are off
    Then the screen upd_power is shown within 15 s

  @severity-critical @R-UPDATE-10
  Scenario: A line that is lost at each 30 % costs no byte twice
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the line drops at each 30 percent of the download for 20 s
    And the update has run to its end
    Then the download never went back
    And the version page shows "2.5.0"

  @R-UPDATE-10
  Scenario: A server that ends each answer after 30 %
    Given the admin is signed on
    And the update server ends each answer after 750000 bytes
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update has run to its end
    Then the download never went back
    And the version page shows "2.5.0"

  @R-UPDATE-10
  Scenario: The stick is pulled out in the middle and comes back
    Given the admin is signed on
    When an update to version "2.5.0" comes by "stick"
    And the admin accepts the update
    And the update reaches 40 percent of upd_get
    And the stick is pulled out
    Then the screen upd_pause is shown
    When the stick is plugged in again
    And the update has run to its end
    Then the download never went back
    And the version page shows "2.5.0"

  @R-UPDATE-1
  Scenario: CANCEL in the pause gives the update up for now
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches 30 percent of upd_get
    And the network is cut
    Then the screen upd_pause is shown within 10 s
    When CANCEL is pressed
    Then the screen idle is shown
    And the version page shows "2.4.1"

  @R-UPDATE-1
  Scenario: A signed update from a stick
    Given the admin is signed on
    When an update to version "2.5.0" comes by "stick"
    And the admin accepts the update
    And the update has run to its end
    Then the version page shows "2.5.0"
    And the terminal is open and the cashier can sell

  @R-UPDATE-1
  Scenario: Nothing on offer, and the page says so
    Given the admin is signed on
    When the admin asks for the update by the menu
    Then the screen upd_none is shown

  @severity-critical @R-UPDATE-17
  Scenario: An update changes no password, no counter, no lock-out, no parameter
    Given the cashier has typed a wrong password 3 times
    When operator 02 types a wrong password 5 times
    And CANCEL is pressed
    And the admin signs on
    And an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update has run to its end
    Then the screen locked_out is not shown
    When operator 02 types the right password
    Then operator 02 is locked out
    When CANCEL is pressed
    And the cashier types a wrong password
    Then the sign-on is refused with 1 tries left
    When the manager signs on
    Then the manager is signed on and ready

  @R-UPDATE-17
  Scenario: A host lock that comes during the update holds after it
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches 30 percent of upd_write
    And the host locks the terminal
    And the update has run to its end
    Then the terminal is locked by the host

  @R-UPDATE-17
  Scenario Outline: A restart <way> changes no password and no counter
    Given the cashier has typed a wrong password 3 times
    When the terminal is restarted by the keys
    And the cashier types a wrong password
    Then the sign-on is refused with 1 tries left
    When operator 02 signs on
    Then a sale of 2.00 is approved

    Examples:
      | way         |
      | by the keys |
