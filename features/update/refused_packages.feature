Feature: Packages that must not be installed
  Every fault of the threat list (docs/update-package.md), over the network and on a stick alike: the terminal refuses,
  says why, keeps its version and goes on selling.

  @severity-critical @R-UPDATE-2 @SUIT-IMG-NON-AUTH
  Scenario Outline: Without a right signature, by <source>: <fault>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "<fault>" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig for the reason "<reason>"
    And the version page shows "2.4.1"
    And the terminal is open and the cashier can sell

    Examples:
      | source  | fault             | reason    |
      | network | unsigned          | signature |
      | stick   | unsigned          | signature |
      | network | bad_signature     | signature |
      | stick   | bad_signature     | signature |
      | network | manifest_changed  | signature |
      | stick   | manifest_changed  | signature |
      | network | changed           | digest    |
      | stick   | changed           | digest    |
      | network | key_without_right | key       |
      | stick   | key_without_right | key       |
      | network | key_false_name    | signature |
      | stick   | key_false_name    | signature |

  @severity-critical @R-UPDATE-3 @SUIT-IMG-EXPIRED
  Scenario Outline: Older or for another base version, by <source>: <fault>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "<fault>" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_old for the reason "<reason>"
    And the version page shows "2.4.1"
    And the terminal is open and the cashier can sell

    Examples:
      | source  | fault           | reason    |
      | network | older           | version   |
      | stick   | older           | version   |
      | network | wrong_precursor | precursor |
      | stick   | wrong_precursor | precursor |

  @severity-critical @R-UPDATE-3
  Scenario Outline: The version before cannot come back after an update, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update has run to its end
    And the admin signs on
    And an update to version "<version>" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_old
    And the version page shows "2.5.0"

    Examples:
      | source  | version |
      | network | 2.4.1   |
      | stick   | 2.4.1   |
      | network | 2.5.0   |
      | stick   | 2.4.9   |

  @severity-critical @R-UPDATE-4
  Scenario Outline: For something else, by <source>: <fault>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "<fault>" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_model for the reason "<reason>"
    And the version page shows "2.4.1"
    And the terminal is open and the cashier can sell

    Examples:
      | source  | fault       | reason |
      | network | wrong_model | model  |
      | stick   | wrong_model | model  |
      | network | wrong_type  | type   |
      | stick   | wrong_type  | type   |
      | network | wrong_slot  | slot   |
      | stick   | wrong_slot  | slot   |

  @R-UPDATE-5
  Scenario Outline: Past its date, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "expired" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_old for the reason "expired"
    And the version page shows "2.4.1"

    Examples:
      | source  |
      | network |
      | stick   |

  @R-UPDATE-5
  Scenario Outline: A good package that lay about for <time>, by <source>
    Given the admin is signed on
    When an update to version "2.5.0" comes by "<source>"
    Then the screen upd_offer is shown within 5 s
    When the power is off for <time>
    And the admin signs on to the offer
    And the admin accepts the update
    Then the update is refused with the screen upd_no_old for the reason "expired"
    And the version page shows "2.4.1"

    Examples:
      | source  | time     |
      | network | 31 days  |
      | stick   | 31 days  |
      | stick   | 80 days  |

  @R-UPDATE-5
  Scenario: Setting the clock back does not revive an expired package
    Given the admin is signed on
    And the network is cut
    When an update to version "2.5.0" with the fault "expired" comes by "stick"
    And the terminal's clock is set 400 days back
    And the admin accepts the update
    Then the update is refused with the screen upd_no_old for the reason "expired"

  @severity-critical @R-UPDATE-6
  Scenario Outline: Not exactly as long as signed, by <source>: <fault>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "<fault>" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig for the reason "size"
    And the version page shows "2.4.1"

    Examples:
      | source  | fault       |
      | network | extra_bytes |
      | stick   | extra_bytes |
      | network | cut_short   |
      | stick   | cut_short   |

  @R-UPDATE-8
  Scenario Outline: Odd fields do no harm, by <source>: <fault>
    Given the admin is signed on
    When an update to version "2.5.0" with the fault "<fault>" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig for the reason "fields"
    And every picture was a whole screen of the profile
    And the version page shows "2.4.1"
    When the power is cut and comes back
    Then the version page shows "2.4.1"
    And the terminal is open and the cashier can sell

    Examples:
      | source  | fault             |
      | network | version_injection |
      | stick   | version_injection |
      | network | name_injection    |
      | stick   | name_injection    |

  @R-UPDATE-14
  Scenario Outline: An oversize file hurts nothing else, by <source>
    Given the cashier is signed on
    And a sale of 12.00 was approved
    When the admin takes over after settlement of 1 record
    And an update to version "2.5.0" with the fault "oversize" comes by "<source>"
    And the admin accepts the update
    Then the update is refused with the screen upd_no_sig for the reason "size"
    And the version page shows "2.4.1"
    And the terminal is open and the cashier can sell
    And the terminal's journal holds 2 transactions
    And the terminal's journal equals the host's

    Examples:
      | source  |
      | network |
      | stick   |
