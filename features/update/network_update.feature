@R-UPDATE-1
Feature: Firmware update over the network
  Only a signed, newer image for this model is installed, and whatever happens on the way a working image starts.

  @severity-critical @R-RESTART-3 @R-UPDATE-12 @R-LOG-1 @manual
  Scenario: A signed update is installed for good and the version page tells the truth
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches the screen upd_done
    Then the screen says "2.5.0"
    When the update has run to its end
    Then the version page shows "2.5.0"
    And the screen upd_check stood for 3 s
    And the screen upd_write stood for 20 s
    And the service port told 1 record of "update_ok"
    When the power is cut and comes back
    And the power is cut and comes back
    And the power is cut and comes back
    Then the version page shows "2.5.0"

  @severity-critical @SUIT-IMG-NON-AUTH @R-UPDATE-2
  Scenario: A bad signature is refused
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "bad_signature" is offered
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig

  @SUIT-IMG-EXPIRED @R-UPDATE-3
  Scenario: An older version is refused
    Given the admin is signed on
    When an update to version "2.3.0" is offered
    And the admin accepts the update
    Then the update is refused with the screen upd_no_old

  @severity-critical @R-UPDATE-9
  Scenario Outline: A power cut at <moment> leaves a working terminal
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches the screen <moment>
    And the power is cut and comes back
    Then the terminal asks for a sign-on
    And the version page shows "2.4.1"

    Examples:
      | moment    |
      | upd_get   |
      | upd_check |
      | upd_write |

  @R-UPDATE-10
  Scenario: The network is lost while downloading and comes back
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches the screen upd_get
    And the network is cut
    Then the screen upd_pause is shown within 10 s
    When the network is back
    And the update has run to its end
    Then the version page shows "2.5.0"

  Scenario: CANCEL at the offer keeps the version
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    Then the screen upd_offer is shown within 5 s
    When CANCEL is pressed
    And the power is cut and comes back
    Then the version page shows "2.4.1"
