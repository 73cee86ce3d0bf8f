Feature: Update servers and sticks that deceive
  The signature is right; what is sent is not what was signed, or changes between the check and the writing.

  @severity-critical @R-UPDATE-2
  Scenario: A byte is changed on its way
    Given the admin is signed on
    And a byte of the image is changed on its way
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig for the reason "digest"
    And the version page shows "2.4.1"

  @severity-critical @R-UPDATE-7
  Scenario: A mix of two versions
    Given the admin is signed on
    And the update server sends another version from the middle on
    When an update to version "2.5.0" is offered whose place version "2.6.0" takes
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig for the reason "digest"
    And the version page shows "2.4.1"

  @severity-critical @R-UPDATE-7
  Scenario: Two versions mixed by an interrupted download
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches 40 percent of upd_get
    And the network is cut
    Then the screen upd_pause is shown within 10 s
    When an update to version "2.6.0" is offered
    And the network is back
    Then the update is refused with the screen upd_no_sig
    And the version page shows "2.4.1"

  @severity-critical @R-UPDATE-7
  Scenario: The server replaces the file once it was read
    Given the admin is signed on
    And the update server replaces the image once it was read
    When an update to version "2.5.0" is offered whose place version "2.6.0" takes
    And the admin accepts the update
    And the update has run to its end
    Then the version page shows "2.5.0"
    And the terminal is open and the cashier can sell

  @severity-critical @R-UPDATE-7
  Scenario Outline: The stick is changed at <moment>
    Given the admin is signed on
    When an update to version "2.5.0" comes by "stick"
    And the admin accepts the update
    And the update reaches the screen <moment>
    And the package on the stick is replaced by version "2.6.0" with the fault "<fault>"
    And the update has run to its end
    Then the version page shows "2.5.0"
    And the terminal is open and the cashier can sell

    Examples:
      | moment    | fault         |
      | upd_check | unsigned      |
      | upd_check | not_starting  |
      | upd_write | unsigned      |
      | upd_write | not_starting  |
      | upd_write | bad_signature |

  @R-UPDATE-7
  Scenario: The stick is changed while it is read
    Given the admin is signed on
    When an update to version "2.5.0" comes by "stick"
    And the admin accepts the update
    And the update reaches 30 percent of upd_get
    And the package on the stick is replaced by version "2.6.0"
    Then the update is refused with the screen upd_no_sig for the reason "digest"
    And the version page shows "2.4.1"

  @severity-critical @R-UPDATE-14
  Scenario: Data without end
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the admin takes over after settlement of 1 record
    And the update server sends without end
    And an update to version "2.5.0" is offered
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig
    And the screen upd_get stood for 2.8 s
    And the version page shows "2.4.1"
    And the terminal is open and the cashier can sell
    And the terminal's journal holds 2 transactions
    And the terminal's journal equals the host's

  @severity-critical @R-UPDATE-16
  Scenario: An update server with a wrong certificate is not listened to
    Given the admin is signed on
    And the update server shows a wrong certificate
    When an update to version "2.5.0" is offered
    Then the screen net_down is shown within 5 s
    And no page of an update was shown
    And the version page shows "2.4.1"
    And the log holds "BAD CERT" of "update"

  @R-UPDATE-16
  Scenario: The update server is exchanged after the offer
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    Then the screen upd_offer is shown within 5 s
    When the update server shows a wrong certificate
    And the admin accepts the update
    Then the screen net_down is shown within 10 s
    And the version page shows "2.4.1"

  @R-UPDATE-16
  Scenario: A redirection is not followed
    Given the admin is signed on
    And the update server sends the terminal to another address
    When an update to version "2.5.0" is offered
    And 20 s pass
    Then no page of an update was shown
    And the version page shows "2.4.1"

  @severity-critical @R-UPDATE-16 @R-LOG-1
  Scenario: A host with a wrong certificate gets no sale, and a record
    Given the cashier is signed on
    And the host shows a wrong certificate
    Then a sale of 12.00 cannot be sent
    And the host has booked no sale of 12.00
    When the host shows its own certificate again
    And the network is cut and comes back
    Then a sale of 5.00 is approved
    And no transaction is left open
    And the terminal's journal equals the host's
    When the batch of 1 record is settled
    And the cashier signs off
    Then the log holds "BAD CERT" of "host"
