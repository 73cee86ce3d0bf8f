Feature: Passwords
  A default is for the first sign-on only; simple and old ones are refused; 00 and 99 change theirs every 90 days.

  @R-SIGNON-4
  Rule: A default password leads to a change and to nothing else

    @severity-critical
    Scenario Outline: <who> signs on with the default for the first time
      Given <who> never chose a password
      When <who> signs on with the default password
      Then a new password must be chosen
      When <who> chooses a good new password
      Then <who> is signed on and ready

      Examples:
        | who         |
        | the cashier |
        | the manager |
        | the admin   |

    @severity-critical
    Scenario Outline: The change is not skipped: <event>
      Given <who> never chose a password
      When <who> signs on with the default password
      Then a new password must be chosen
      When <event>
      Then the screen <page> is shown
      When ENTER is pressed
      And MENU is pressed
      Then the screen idle is not shown
      And the screen menu is not shown

      Examples:
        | who         | event                                 | page         |
        | the cashier | CANCEL is pressed                     | login_id     |
        | the manager | CANCEL is pressed                     | login_id     |
        | the admin   | CANCEL is pressed                     | login_id     |
        | the cashier | the power is cut and comes back       | signed_off   |
        | the manager | the power is cut and comes back       | signed_off   |
        | the cashier | the terminal is restarted by the keys | signed_off   |
        | the cashier | 61 s pass                             | login_id     |
        | the cashier | ENTER is pressed                      | force_change |
        | the cashier | MENU is pressed                       | force_change |
        | the cashier | F1 is pressed                         | force_change |

    @R-LOG-1
    Scenario: After CANCEL the default leads to the change again
      Given the cashier never chose a password
      When the cashier signs on with the default password
      And CANCEL is pressed
      And CANCEL is pressed
      And the cashier signs on with the default password
      Then a new password must be chosen
      When the cashier chooses a good new password
      Then the service port told 1 record of "password"

    @severity-critical
    Scenario Outline: The default of <who> is dead after the change
      Given <who> never chose a password
      When <who> signs on with the default password
      And <who> chooses a good new password
      And <who> signs off
      And <who> signs on with the default password
      Then the sign-on is refused with 4 tries left
      When <who> signs on
      Then <who> is signed on and ready

      Examples:
        | who         |
        | the cashier |
        | the manager |
        | the admin   |

    Scenario: The default is dead after a power cut too
      Given the cashier never chose a password
      When the cashier signs on with the default password
      And the cashier chooses a good new password
      And the power is cut and comes back
      And the cashier signs on with the default password
      Then the sign-on is refused with 4 tries left

    Scenario: A default approves nothing
      Given the manager never chose a password
      When the cashier signs on
      And the keys "MENU 3 1 0 0 ENTER" are pressed one after another
      And the manager approves with the default password
      Then the sign-on is refused with 4 tries left

    Scenario: A default never unlocks
      Given the cashier never chose a password
      When the cashier signs on with the default password
      And the cashier chooses a good new password
      And the cashier locks the terminal
      And the cashier signs on with the default password
      Then the sign-on is refused with 4 tries left

  @R-PASSWORD-1
  Rule: Simple and old passwords are refused

    Scenario Outline: <who> cannot choose <new>
      Given <who> never chose a password
      When <who> signs on with the default password
      Then <who> cannot choose "<new>" as the new password

      Examples:
        | who         | new      |
        | the cashier | 0000     |
        | the cashier | 1111     |
        | the cashier | 9999     |
        | the cashier | 1234     |
        | the cashier | 6789     |
        | the cashier | 4321     |
        | the cashier | 0101     |
        | the cashier | 735      |
        | operator 05 | 0505     |
        | the manager | 123456   |
        | the manager | 654321   |
        | the manager | 000000   |
        | the manager | 73519    |
        | the admin   | 12345678 |
        | the admin   | 87654321 |
        | the admin   | 99999999 |

    Scenario: The default is no new password either
      Given the cashier is signed on
      Then the cashier cannot choose the default password again

    Scenario Outline: The last four of <who>
      Given <who> is signed on
      When <who> changes the own password 4 times
      Then <who>'s last 4 passwords are refused as new

      Examples:
        | who         |
        | the cashier |
        | the manager |

    @manual
    Scenario: The old one does not sign on after the change, the new one does
      Given the cashier is signed on
      When the cashier changes the own password 1 time
      And the cashier signs off
      And the cashier signs on
      Then the cashier is signed on and ready

  @R-PASSWORD-2
  Rule: Ninety days for manager and administrator

    Scenario Outline: <who> after <days> days
      Given <who>'s password is <days> days old
      When <who> gives every factor
      Then the screen <page> is shown

      Examples:
        | who         | days | page         |
        | the manager | 90   | force_change |
        | the admin   | 91   | force_change |
        | the manager | 89   | idle         |
        | the admin   | 89   | idle         |
        | the cashier | 400  | idle         |

    @manual
    Scenario: The old one is no new one
      Given the manager's password is 91 days old
      When the manager gives every factor
      Then a new password must be chosen
      When CANCEL is pressed
      Then the screen login_id is shown
      When the manager gives every factor
      And the manager chooses a good new password
      Then the manager is signed on and ready

  @R-SIGNON-3
  Rule: Nobody whom the manual does not name

    Scenario Outline: Numbers <first> to <last> with published passwords
      Given nobody is signed on
      Then no number from "<first>" to "<last>" opens with a published password

      Examples:
        | first | last |
        | 00    | 19   |
        | 20    | 39   |
        | 40    | 59   |
        | 60    | 79   |
        | 80    | 99   |
