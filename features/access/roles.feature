Feature: Who may do what
  One table of rights, whatever way leads to a function. A menu looks the same for all; what is missing is refused.

  @R-ROLE-1
  Rule: Every function for its roles and for no other

    Scenario Outline: <function> for <who>
      Given <who> is signed on
      When the keys "<keys>" are pressed one after another
      Then the screen <page> is shown

      Examples:
        | function       | who         | keys        | page        |
        | sale by amount | the cashier | 1 0 0 ENTER | sale_wait   |
        | sale by amount | the manager | 1 0 0 ENTER | not_allowed |
        | sale by amount | the admin   | 1 0 0 ENTER | not_allowed |
        | sale by menu   | the cashier | MENU 1      | idle        |
        | sale by menu   | the manager | MENU 1      | not_allowed |
        | sale by menu   | the admin   | MENU 1      | not_allowed |
        | void           | the cashier | MENU 2      | void        |
        | void           | the manager | MENU 2      | not_allowed |
        | void           | the admin   | MENU 2      | not_allowed |
        | refund         | the cashier | MENU 3      | refund      |
        | refund         | the manager | MENU 3      | not_allowed |
        | refund         | the admin   | MENU 3      | not_allowed |
        | settlement     | the cashier | MENU 4      | settle      |
        | settlement     | the manager | MENU 4      | settle      |
        | settlement     | the admin   | MENU 4      | not_allowed |
        | operators      | the cashier | MENU 5 2 1  | pwd_old     |
        | operators      | the manager | MENU 5 2 1  | op_list     |
        | operators      | the admin   | MENU 5 2 1  | op_list     |
        | lock           | the cashier | MENU 5 3    | lock_ask    |
        | lock           | the manager | MENU 5 3    | lockmod     |
        | lock           | the admin   | MENU 5 3    | lockmod     |
        | log            | the cashier | MENU 5 4    | not_allowed |
        | log            | the manager | MENU 5 4    | log         |
        | log            | the admin   | MENU 5 4    | log         |
        | system         | the cashier | MENU 5 5    | not_allowed |
        | system         | the manager | MENU 5 5    | not_allowed |
        | system         | the admin   | MENU 5 5    | system      |
        | restart        | the admin   | MENU 5 5 1  | restart_ask |
        | update         | the admin   | MENU 5 5 2  | upd_none    |
        | clock          | the admin   | MENU 5 5 3  | clock       |
        | self-test      | the admin   | MENU 5 5 4  | self_test   |
        | backup         | the admin   | MENU 5 5 5  | no_stick    |

    Scenario Outline: After the own unlock <who> has the same rights: <function>
      Given the terminal of <who> is locked by idleness
      When <who> unlocks the terminal
      And the keys "<keys>" are pressed one after another
      Then the screen <page> is shown

      Examples:
        | who         | function | keys        | page        |
        | the cashier | log      | MENU 5 4    | not_allowed |
        | the cashier | system   | MENU 5 5    | not_allowed |
        | the cashier | lock     | MENU 5 3    | lock_ask    |
        | the manager | refund   | MENU 3      | not_allowed |
        | the manager | system   | MENU 5 5    | not_allowed |
        | the manager | log      | MENU 5 4    | log         |
        | the admin   | sale     | 1 0 0 ENTER | not_allowed |
        | the admin   | system   | MENU 5 5    | system      |

    Scenario Outline: A manager's approval leaves the cashier a cashier: <keys>
      Given the cashier is signed on
      And a sale of 5.00 was approved
      When the keys "MENU 2 1 ENTER" are pressed one after another
      And the manager approves
      And 8 s pass
      And the keys "<keys>" are pressed one after another
      Then the function is refused for want of the right

      Examples:
        | keys     |
        | MENU 5 4 |
        | MENU 5 5 |

    Scenario Outline: After a manager's unlock the cashier who signs on is a cashier: <keys>
      Given the cashier has locked the terminal
      When the manager unlocks the terminal
      And the cashier signs on
      And the keys "<keys>" are pressed one after another
      Then the function is refused for want of the right

      Examples:
        | keys     |
        | MENU 5 4 |
        | MENU 5 5 |

    Scenario Outline: <what> asks for the manager
      Given the cashier is signed on
      When the keys "<keys>" are pressed one after another
      Then the screen approve is shown

      Examples:
        | what     | keys               |
        | A refund | MENU 3 1 0 0 ENTER |
        | A void   | MENU 2 1 ENTER     |

    @severity-critical @R-ROLE-2
    Scenario: No key at the ready screen is a short cut
      Given the cashier is signed on
      Then no key of the ready screen but MENU opens a page

    @R-ROLE-2
    Scenario: No function key with another key is a short cut
      Given the cashier is signed on
      Then no function key with another key opens a page

    Scenario Outline: Nobody signed on: <keys> opens nothing
      Given nobody is signed on
      When the keys "<keys>" are pressed one after another
      Then the screen signed_off is shown

      Examples:
        | keys               |
        | MENU               |
        | UP UP DOWN         |
        | . . CANCEL         |
        | F1 CANCEL F2 CANCEL |

  @R-ROLE-2
  Rule: No menu hides an item

    @severity-critical
    Scenario Outline: <menu> of <who>
      Given <who> is signed on
      Then the menu <menu> hides nothing

      Examples:
        | menu      | who         |
        | menu      | the cashier |
        | menu      | the manager |
        | menu      | the admin   |
        | manage    | the cashier |
        | manage    | the manager |
        | manage    | the admin   |
        | lockmod   | the manager |
        | lockmod   | the admin   |
        | operators | the manager |
        | operators | the admin   |
        | system    | the admin   |

  @R-ROLE-1
  Rule: Whose password may be given anew

    Scenario: The manager gives none to the administrator
      Given the manager is signed on
      When the keys "MENU 5 2 4 9 9 ENTER" are pressed one after another
      Then the function is refused for want of the right

  @R-ROLE-3
  Rule: Who cannot be deleted

    @severity-critical
    Scenario Outline: <who> cannot delete <operator>
      Given <who> is signed on
      When <who> deletes operator "<operator>"
      Then the function is refused for want of the right

      Examples:
        | who         | operator |
        | the admin   | 99       |
        | the manager | 99       |
        | the manager | 00       |
        | the manager | 47       |

    Scenario: The administrator is still there
      Given the admin is signed on
      When the admin deletes operator "99"
      And 4 s pass
      And the power is cut and comes back
      And the admin signs on
      Then the admin is signed on and ready

    Scenario Outline: <who> deletes a cashier, who is a stranger from then on
      Given <who> is signed on
      When <who> deletes operator "03"
      Then operator "03" is deleted
      When <who> signs off
      And operator 03 types the right password
      Then the sign-on is refused with 4 tries left

      Examples:
        | who         |
        | the manager |
        | the admin   |

  @R-ROLE-4
  Rule: Manager and administrator do not sell

    @severity-critical
    Scenario Outline: <who> types an amount
      Given <who> is signed on
      When the keys "1 2 0 0 ENTER" are pressed one after another
      Then the function is refused for want of the right
      And the terminal's journal equals the host's

      Examples:
        | who         |
        | the manager |
        | the admin   |

    Scenario: Nor after the own unlock
      Given the terminal of the manager is locked by idleness
      When the manager unlocks the terminal
      And the keys "1 2 0 0 ENTER" are pressed one after another
      Then the function is refused for want of the right

  @R-SIGNON-4
  Rule: A password that somebody else gave

    Scenario: Its owner must change it at first use
      Given the manager is signed on
      When the manager gives operator "03" the first password "7351"
      And the manager signs off
      And operator "03" signs on with the password "7351"
      Then a new password must be chosen
      When operator 03 chooses a good new password
      Then operator 03 is signed on and ready
