Feature: The lock module and its status page
  Found by manager and administrator only, labelled, and its status page never says other than the terminal does.

  @R-UNLOCK-3
  Rule: Page and behaviour agree

    @severity-critical
    Scenario Outline: Locked by <way>: the page says so, and nothing is sold
      Given <lock>
      When the admin signs on at the lock screen
      Then the status page says that the terminal is locked
      When CANCEL is pressed
      Then the terminal is locked

      Examples:
        | way      | lock                                              |
        | menu     | the cashier has locked the terminal               |
        | idleness | the terminal of the cashier is locked by idleness |

    @severity-critical
    Scenario Outline: Unlocked by <who>: the page says so, and a sale is accepted
      Given the cashier has locked the terminal
      When <who> unlocks the terminal
      And <next> takes over
      Then the status page says that the terminal is open
      When CANCEL is pressed
      And the cashier takes over
      Then the terminal is open and the cashier can sell

      Examples:
        | who         | next        |
        | the cashier | the manager |
        | the manager | the manager |
        | the cashier | the admin   |

    Scenario: Never locked
      Given the manager is signed on
      Then the status page says that the terminal is open

    Scenario: The host's lock is on the page, and gone from it with the host's unlock
      Given a terminal that is locked by the host
      When the admin tries to unlock the terminal
      Then the status page says that the terminal is locked
      When CANCEL is pressed
      And the host unlocks the terminal
      And the manager signs on
      Then the status page says that the terminal is open

    Scenario: One operator's lock-out is no lock of the terminal
      Given operator 03 has typed a wrong password 5 times
      When CANCEL is pressed
      And the manager signs on
      Then the status page says that the terminal is open

    Scenario: The page tells the idle time that is set
      Given the manager is signed on
      Then the status page shows an idle lock of 5 min
      When the manager sets the idle lock to 9 min
      Then the new idle time is taken
      And the status page shows an idle lock of 9 min

  @R-UNLOCK-6
  Rule: For 00 and 99, and labelled

    Scenario Outline: <who> finds it by MENU 5 3
      Given <who> is signed on
      When the keys "MENU 5 3" are pressed one after another
      Then the screen lockmod is shown
      And the screen says "LOCK MODULE"
      And the screen says "1 Status"
      And the screen says "3 Unlock"

      Examples:
        | who         |
        | the manager |
        | the admin   |

    Scenario Outline: <who> gets the question whether to lock on the same keys
      Given <who> is signed on
      When the keys "MENU 5 3" are pressed one after another
      Then the screen lock_ask is shown

      Examples:
        | who         |
        | the cashier |
        | operator 05 |

    Scenario: On an open terminal there is nothing to unlock
      Given the manager is signed on
      When the keys "MENU 5 3" are pressed one after another
      Then no unlock code is asked for

    Scenario: The module of a locked terminal locks again when it is left alone
      Given the cashier has locked the terminal
      When the admin signs on at the lock screen
      And nobody touches the terminal for 301 s
      Then the terminal is locked
      And the lock shows operator 01 as its owner
