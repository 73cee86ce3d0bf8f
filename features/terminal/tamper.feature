Feature: The opened case
  A tampered terminal stays out of use: no key, restart, host, update, reset or file leads out.

  @severity-critical @R-TAMPER-1 @R-CAUSE-1
  Scenario Outline: Opened while <state>
    Given a terminal that is <state>
    When the case is opened
    Then the terminal is out of use for ever

    Examples:
      | state              |
      | locked             |
      | locked out         |
      | locked by the host |

  @severity-critical @R-TAMPER-1
  Scenario: Opened while the cashier works
    Given the cashier is signed on
    When the case is opened
    Then the terminal is out of use for ever
    And no transaction is left open

  @severity-critical @R-TAMPER-1
  Scenario: Opened while it is switched off
    Given the cashier is signed on
    When the power is cut
    And the case is opened
    And the terminal is switched on without waiting
    Then the terminal is out of use for ever

  @severity-critical @R-TAMPER-1
  Scenario Outline: It stays so: <event>
    Given nobody is signed on
    When the case is opened
    And <event>
    And <event>
    And <event>
    Then the terminal is out of use for ever

    Examples:
      | event                                 |
      | the power is cut and comes back       |
      | the terminal is restarted by the keys |
      | the power is off for 3 days           |
      | the clock battery dies and the power is cut |
      | the host unlocks the terminal         |
      | the network is cut and comes back     |
      | 12 h pass                             |

  @R-TAMPER-1
  Scenario: The daily restart does not lead out
    Given nobody is signed on
    When the case is opened
    And 24.1 h pass
    Then the terminal has started 2 times
    And the terminal is out of use for ever

  @severity-critical @R-TAMPER-1
  Scenario Outline: An update does not lead out, by <source>
    Given nobody is signed on
    When the case is opened
    And an update to version "2.5.0" comes by "<source>"
    And 30 s pass
    Then no page of an update was shown
    And the terminal is out of use for ever

    Examples:
      | source  |
      | network |
      | stick   |

  @severity-critical @R-TAMPER-1
  Scenario: Opened during an update, it is not healed by the new version
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update reaches 50 percent of upd_write
    And the case is opened
    And 60 s pass
    Then the terminal is out of use for ever

  @severity-critical @R-TAMPER-2
  Scenario Outline: A service file on a stick does not revive it: <file>
    Given nobody is signed on
    When the case is opened
    And a stick with the file "<file>" that says "reactivate 12345678" is plugged in
    Then the terminal is out of use for ever
    When the power is cut and comes back
    And a stick with the file "<file>" that says "reactivate 12345678" is plugged in
    Then the terminal is out of use for ever

    Examples:
      | file          |
      | service.key   |
      | reactivate.bin |
      | backup-r.json |

  @severity-critical @R-TAMPER-2
  Scenario: The repair centre's file works once, and not for the next tamper
    Given nobody is signed on
    When the case is opened
    And the power is cut
    And the service file for tamper 1 is on the stick
    And the power comes back
    Then the terminal asks for a sign-on
    And the terminal is open and the cashier can sell
    When the case is opened
    Then the terminal is out of use for ever
    When the power is cut and comes back
    Then the terminal is out of use for ever

  @severity-critical @R-TAMPER-2
  Scenario Outline: A service file for tamper <number> of terminal <serial> does not work here
    Given nobody is signed on
    When the case is opened
    And the power is cut
    And the service file for tamper <number> of the terminal "<serial>" is on the stick
    And the power comes back
    Then the terminal is out of use for ever

    Examples:
      | number | serial   |
      | 1      | 87654321 |
      | 2      | 12345678 |
      | 9      | 12345678 |

  @R-TAMPER-2
  Scenario: A service file is not read while the terminal is on
    Given nobody is signed on
    When the case is opened
    And the service file for tamper 1 is on the stick
    Then the terminal is out of use for ever

  @R-TAMPER-2 @R-TAMPER-1 @R-LOG-1 @R-CAUSE-1
  Scenario: The keys stay erased after the repair
    Given nobody is signed on
    When the case is opened
    And the power is cut
    And the service file for tamper 1 is on the stick
    And the power comes back
    And the manager types the right password
    Then the screen enrol is shown
    And the service port told 1 record of "tamper"
    And the service port told 1 record of "reactivated"
    When CANCEL is pressed
    And the admin signs on for the first time
    Then the cause page shows "C07"
