Feature: Self-test, support, backup
  A broken part takes the terminal out of service; help can be called where nobody can sell, but for want of the host; a backup holds no secret.

  @severity-critical @R-SELFTEST-1 @R-CAUSE-1
  Scenario Outline: The part <part> is broken
    Given the part "<part>" is broken with code "<code>"
    When the terminal is switched on without waiting
    Then the terminal is out of service with code "<code>"

    Examples:
      | part     | code |
      | memory   | E01  |
      | firmware | E02  |
      | keypad   | E03  |
      | display  | E04  |
      | clock    | E06  |
      | security | E07  |
      | printer  | E09  |

  @severity-critical @R-SELFTEST-1
  Scenario Outline: It stays out of service over <event>
    Given the part "memory" is broken with code "E01"
    When the terminal is switched on without waiting
    Then the terminal is out of service with code "E01"
    When <event>
    Then the terminal is out of service with code "E01"

    Examples:
      | event                                 |
      | the power is cut and comes back       |
      | the terminal is restarted by the keys |
      | 3 h pass                              |

  @R-SELFTEST-1
  Scenario: Mended, it works again, and what was there is still there
    Given the cashier has locked the terminal
    When the part "keypad" breaks with code "E03"
    And the power is cut and comes back
    Then the terminal is out of service with code "E03"
    When the part "keypad" is mended
    And the power is cut and comes back
    Then the terminal is still locked

  @R-SELFTEST-1 @R-LOG-1
  Scenario: The self-test of the menu takes it out of service too
    Given the admin is signed on
    When the part "security" breaks with code "E07"
    And the admin runs the self-test from the menu
    Then the terminal is out of service with code "E07"
    And the service port told 1 record of "self_test_no"

  @R-SELFTEST-1
  Scenario: The self-test of the menu, all parts good
    Given the admin is signed on
    When the admin runs the self-test from the menu
    Then the self-test is passed on the way
    And the screen system is shown

  @R-SELFTEST-1
  Scenario: A part that breaks after the start is found by the daily restart
    Given nobody is signed on
    When the part "display" breaks with code "E04"
    And 24.1 h pass
    Then the terminal is out of service with code "E04"

  @severity-critical @R-SUPPORT-1
  Scenario Outline: Help can be called while <state>
    Given a terminal that is <state>
    Then the support page names telephone and serial number
    And the support page leaves by itself to <screen>
    And the terminal is still <state>

    Examples:
      | state              | screen     |
      | locked             | lock       |
      | locked out         | locked_out |
      | locked by the host | host_lock  |

  @R-SUPPORT-1 @manual
  Scenario: Help can be called before the sign-on
    Given nobody is signed on
    Then the support page names telephone and serial number
    And the support page leaves by itself to signed_off

  @severity-critical @R-SUPPORT-1
  Scenario: Help can be called when out of service
    Given the part "security" is broken with code "E07"
    When the terminal is switched on
    Then the support page names telephone and serial number
    And the support page leaves by itself to self_test_fail

  @R-SUPPORT-1
  Scenario Outline: No support page <where>
    Given <where>
    When F2 is pressed
    Then the screen <screen> is shown

    Examples:
      | where                       | screen   |
      | a terminal with cause "C05" | net_lock |
      | a terminal with cause "C07" | tamper   |
      | the cashier is signed on    | idle     |

  @R-SUPPORT-1
  Scenario: The reference is the one of the back office
    Given a terminal that is locked by the host
    Then the support page shows the reference "4821"

  @R-SUPPORT-1
  Scenario: Without a host lock the reference is the number of the newest record
    Given the cashier has locked the terminal
    Then the support page shows the reference "0002"

  @severity-critical @R-BACKUP-1 @manual
  Scenario: A backup holds no password, no seed, no finger
    Given the admin is signed on
    And an empty stick is plugged in
    When the admin makes a backup
    Then no password and no seed stands on the stick

  @severity-critical @R-BACKUP-1 @R-LOG-1
  Scenario: A reset offers the backup back, operators without a password that works
    Given the host's parameter "idle_lock_min" is 3
    And the admin is signed on
    And an empty stick is plugged in
    When the admin makes a backup
    And the host's parameter is left out
    And the terminal is reset
    And a new admin password is set
    And the backup is taken back
    And 15 s pass
    Then the old password of operator 01 is refused
    And the old password of operator 00 is refused
    When the admin signs on for the first time
    Then the idle time on the status page is 3 min
    And the service port told 1 record of "parameter"
    And the service port told 1 record of "backup"
    And the service port told 2 records of "reset"
    And the service port told 1 record of "restore"
    And the service port told 1 record of "enrolled"

  @R-BACKUP-1
  Scenario: A backup that is not wanted changes nothing
    Given the host's parameter "idle_lock_min" is 3
    And the admin is signed on
    And an empty stick is plugged in
    When the admin makes a backup
    And the host's parameter is left out
    And the terminal is reset
    And a new admin password is set
    Then the backup is offered back
    When CANCEL is pressed
    And 15 s pass
    And the admin signs on for the first time
    Then the idle time on the status page is 5 min

  @R-BACKUP-1
  Scenario Outline: What is no backup is not offered: <content>
    Given the terminal was reset
    When a stick with the file "backup-r.json" that says "<content>" is plugged in
    And a new admin password is set
    Then no backup is offered back

    Examples:
      | content            |
      | hello              |
      | {}                 |
      | {'when': 'now'}    |

  @R-BACKUP-1
  Scenario: Without a stick there is no backup, and the page says so
    Given the admin is signed on
    When the admin tries to make a backup
    Then the screen no_stick is shown

  @R-BACKUP-1 @R-ROLE-1
  Scenario Outline: A backup is the administrator's: not the <who>'s
    Given the <who> is signed on
    And an empty stick is plugged in
    When the admin tries to make a backup
    Then the screen not_allowed is shown

    Examples:
      | who     |
      | cashier |
      | manager |
