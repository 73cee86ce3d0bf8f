@R-SIGNON-1
Feature: Signing on
  A terminal sells only for somebody who has signed on with every factor of the role.

  @severity-critical @manual
  Scenario: A cashier signs on with the password
    Given nobody is signed on
    When the cashier signs on
    Then the cashier is signed on and ready
    And a sale of 1.00 is approved

  @severity-critical @PCI-DSS-8.4.2 @manual
  Scenario: A manager signs on with password and time code
    Given nobody is signed on
    When the manager signs on
    Then the manager is signed on and ready

  @PCI-DSS-8.4.2 @manual
  Scenario: The administrator signs on with password and time code
    Given nobody is signed on
    When the admin signs on
    Then the admin is signed on and ready

  Scenario: A wrong password is refused
    Given nobody is signed on
    When the cashier types a wrong password
    Then the sign-on is refused with 4 tries left

  @ASVS-6.3.8 @R-SIGNON-2
  Scenario: An unknown number is refused with the same words
    Given nobody is signed on
    When someone types the unknown number "07" with any password
    Then the sign-on is refused with 4 tries left

  @PCI-PTS-B6 @R-SIGNON-5
  Scenario: Digits typed before CANCEL are not kept for the next person
    Given nobody is signed on
    When the digits "0" are typed
    And CANCEL is pressed
    And ENTER is pressed
    Then the screen login_id is shown
    And the entry field is empty

  @PCI-PTS-B5 @R-DISPLAY-1
  Scenario: A password is never shown
    Given nobody is signed on
    When the digits "01" are typed
    And ENTER is pressed
    And the digits "735" are typed
    Then the entry field shows 3 stars and no digit

  @R-SIGNON-6
  Scenario: A power cut ends the session
    Given the cashier is signed on
    When the power is cut and comes back
    Then the terminal asks for a sign-on

  @PCI-DSS-8.5.1
  Rule: The second step cannot be gone round

    @R-TWOFA-1
    Scenario: The password alone is not enough
      Given nobody is signed on
      When the manager types the right password
      Then the second step is asked for

    @R-TWOFA-1
    Scenario: CANCEL at the second step leads back
      Given nobody is signed on
      When the manager types the right password
      And CANCEL is pressed
      Then the screen login_id is shown

    @R-TWOFA-1
    Scenario: A power cut at the second step ends the sign-on
      Given nobody is signed on
      When the manager types the right password
      And the power is cut and comes back
      Then the terminal asks for a sign-on

    @ASVS-6.5.1 @R-TWOFA-2
    Scenario: A time code works once
      Given the manager is signed on
      When the manager signs off
      And the manager types the right password
      And the manager types the time code that was used before
      Then the time code is refused

    @ASVS-6.5.5 @R-TWOFA-3
    Scenario: A time code of two minutes ago is refused
      Given nobody is signed on
      When the manager types the right password
      And the manager types the time code of 120 s ago
      Then the time code is refused

    @R-TWOFA-3
    Scenario: A wrong time code is refused
      Given nobody is signed on
      When the manager types the right password
      And the manager types a wrong time code
      Then the time code is refused

    @ASVS-16.5.3 @R-TWOFA-5
    Scenario: No network does not mean no second step
      Given nobody is signed on
      When the network is cut
      And the manager types the right password
      Then the second step is asked for

  @R-SIGNON-2 @ASVS-6.3.8
  Rule: A refusal does not tell who exists

    @severity-critical
    Scenario: Unknown number and wrong password, side by side up to the lock-out
      Given nobody is signed on
      Then the refusals of the unknown number "47" and of operator "03" are alike, 5 times

  @R-SIGNON-5 @PCI-PTS-B6
  Rule: Nothing typed is left for the next person

    Scenario Outline: Half of a password at <prompt>, then <event>
      Given <state>
      When somebody types half of a password at "<prompt>"
      And <event>
      Then the next person finds "<prompt>" empty

      Examples:
        | state                               | prompt                             | event                                 |
        | nobody is signed on                 | the sign-on                        | CANCEL is pressed                     |
        | nobody is signed on                 | the sign-on                        | 61 s pass                             |
        | nobody is signed on                 | the sign-on                        | the power is cut and comes back       |
        | nobody is signed on                 | the sign-on                        | the terminal is restarted by the keys |
        | nobody is signed on                 | the second step                    | CANCEL is pressed                     |
        | the cashier has locked the terminal | the lock                           | CANCEL is pressed                     |
        | the cashier has locked the terminal | the lock                           | 61 s pass                             |
        | the cashier is signed on            | the approval of a refund           | CANCEL is pressed                     |
        | the cashier is signed on            | the approval of a void             | 61 s pass                             |
        | the cashier is signed on            | the change of a cashier's password | CANCEL is pressed                     |

    Scenario Outline: An operator number half typed, then <event>
      Given nobody is signed on
      When the digits "0" are typed
      And <event>
      And the digits "1" are typed
      Then the entry field shows "1"

      Examples:
        | event                           |
        | CANCEL is pressed               |
        | CLEAR is pressed                |
        | 61 s pass                       |
        | the power is cut and comes back |

    Scenario: Three digits, CANCEL, and one digit at the lock
      Given the cashier has locked the terminal
      When the digits "013" are typed
      And CANCEL is pressed
      And the digits "1" are typed
      Then the entry field shows "1"

  @R-SIGNON-6
  Rule: A session ends with the terminal's life

    @severity-critical
    Scenario Outline: <who>, and <event>
      Given nobody is signed on
      When 23.94 h pass
      And <who> signs on
      And <event>
      Then the terminal asks for a sign-on
      And the terminal has started 2 times

      Examples:
        | who         | event                                   |
        | the cashier | the power is cut and comes back         |
        | the cashier | the power is off for 10 s               |
        | the cashier | the terminal is restarted by the keys   |
        | the cashier | 4 min pass                              |
        | the manager | the power is cut and comes back         |
        | the manager | 4 min pass                              |
        | the admin   | the admin restarts the terminal from the menu |

  @R-SIGNON-7
  Rule: A sign-on is good for its whole date

    Scenario Outline: <days> days later
      Given the cashier is signed on
      And a sale of 1.00 was approved
      When the terminal's clock is set <days> days ahead
      And the keys "5 0 0 ENTER" are pressed one after another
      Then the screen new_day is shown
      When 4 s pass
      Then the terminal asks for a sign-on
      And the terminal is open and the cashier can sell

      Examples:
        | days |
        | 1    |
        | 10   |
        | 31   |
        | 365  |

    Scenario: Within the day nothing is asked again
      Given the cashier is signed on
      When the terminal's clock is set 10 h ahead
      Then a sale of 1.00 is approved

  @R-SIGNON-8
  Rule: Date, time and parameters are the host's after sign-on

    Scenario Outline: The host's clock is <offset> ahead
      Given nobody is signed on
      And the host's clock is <offset> ahead
      When the cashier signs on
      And 2 s pass
      Then the ready screen shows the host's time, <offset> ahead

      Examples:
        | offset |
        | 90 s   |
        | 2 h    |

    Scenario Outline: The terminal's clock was wrong, <how>, and is set right by the sign-on
      Given nobody is signed on
      When <how>
      And the cashier signs on
      And 2 s pass
      Then the ready screen shows the host's time, 0 s ahead
      And the log holds "CLOCK SET" of "host"

      Examples:
        | how                                    |
        | the terminal's clock is set 3 h ahead  |
        | the terminal's clock is set 3 h back   |
        | the terminal's clock is set 2 days ahead |

    Scenario: The host's idle time holds from the sign-on
      Given nobody is signed on
      And the host's parameter "idle_lock_min" is 1
      When the cashier signs on
      And nobody touches the terminal for 61 s
      Then the terminal is locked

    Scenario Outline: An idle time of <minutes> min is not taken from the host
      Given nobody is signed on
      And the host's parameter "idle_lock_min" is <minutes>
      When the manager signs on
      And 2 s pass
      Then the status page shows an idle lock of 5 min

      Examples:
        | minutes |
        | 0       |
        | 16      |

    Scenario: Without the host nothing changes
      Given nobody is signed on
      And the host's parameter "idle_lock_min" is 1
      And the host's clock is 2 h ahead
      And the network is cut
      When the cashier signs on
      And nobody touches the terminal for 200 s
      Then the ready screen shows the host's time, 0 s ahead
      And the cashier is signed on and ready

  @R-DISPLAY-1 @PCI-PTS-B5
  Rule: No digit of a secret shows, not even for a moment

    @severity-critical
    Scenario Outline: At <prompt>
      Given <state>
      Then no digit of a password is ever shown at "<prompt>"

      Examples:
        | state                               | prompt                             |
        | nobody is signed on                 | the sign-on                        |
        | nobody is signed on                 | the second step                    |
        | the cashier has locked the terminal | the lock                           |
        | the cashier is signed on            | the approval of a refund           |
        | the cashier is signed on            | the approval of a void             |
        | the cashier is signed on            | the change of a cashier's password |
        | the manager is signed on            | the change of a manager's password |
