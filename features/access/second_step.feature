@PCI-DSS-8.5.1
Feature: The second step of manager and administrator
  A six-digit code from an authenticator, by the terminal's trusted clock. There is no way round it.

  @R-TWOFA-1
  Rule: No key, wait, cut or restart skips it

    @severity-critical
    Scenario: CANCEL, CLEAR and ENTER in every order
      Given nobody is signed on
      When the manager types the right password
      Then CANCEL, CLEAR and ENTER in any order do not skip the second step

    Scenario: Any other key
      Given nobody is signed on
      When the manager types the right password
      Then no other key skips the second step

    Scenario Outline: <event>
      Given nobody is signed on
      When <who> types the right password
      And <event>
      Then the screen <page> is shown
      When ENTER is pressed
      Then the screen idle is not shown

      Examples:
        | who         | event                                 | page       |
        | the manager | the power is cut and comes back       | signed_off |
        | the admin   | the power is cut and comes back       | signed_off |
        | the manager | the terminal is restarted by the keys | signed_off |
        | the manager | 61 s pass                             | login_id   |
        | the admin   | 61 s pass                             | login_id   |
        | the manager | ENTER is pressed                      | twofa      |
        | the manager | CLEAR is pressed                      | twofa      |

    Scenario: Somebody else's code
      Given nobody is signed on
      When the manager types the right password
      And the manager types the present time code of the admin
      Then the time code is refused

  @R-TWOFA-2 @ASVS-6.5.1
  Rule: Each code once

    Scenario: Not again after sign-off
      Given the admin is signed on
      When the admin signs off
      And the admin types the right password
      And the admin types the time code that was used before
      Then the time code is refused

    Scenario: Not again after a power cut
      Given the manager is signed on
      When the power is off for 1 s
      And the manager types the right password
      And the manager types the time code that was used before
      Then the time code is refused

    Scenario: Not to unlock after it has signed on
      Given the manager is signed on
      When the cashier takes over
      And the cashier locks the terminal
      And the manager types the right password
      And the manager types the time code that was used before
      Then the time code is refused

    Scenario: Not with the clock set back into its window
      Given the manager is signed on
      When the manager signs off
      And 90 s pass
      And the terminal's clock is set 90 s back
      And the manager types the right password
      And the manager types the time code that was used before
      Then the time code is refused

    Scenario: Nor, with the clock set back, the code of a window before it
      Given the manager is signed on
      When the manager signs off
      And the terminal's clock is set 60 s back
      And the manager types the right password
      And the manager types the time code of 60 s ago
      Then the time code is refused

  @R-TWOFA-3 @ASVS-6.5.5
  Rule: Only in its window, by a trusted clock

    Scenario Outline: The code of <age> ago
      Given nobody is signed on
      When the manager types the right password
      And the manager types the time code of <age> ago
      Then the time code is refused

      Examples:
        | age   |
        | 31 s  |
        | 60 s  |
        | 10 min |
        | 24 h  |

    Scenario Outline: The code of <ahead> ahead
      Given nobody is signed on
      When the manager types the right password
      And the manager types the time code of <ahead> ahead
      Then the time code is refused

      Examples:
        | ahead |
        | 31 s  |
        | 60 s  |

    Scenario: With a clock set back, not even the code of that moment
      Given the manager is signed on
      When the manager signs off
      And 2 h pass
      And the terminal's clock is set 1.9 h back
      And 1 h pass
      And the terminal's clock is set 24 h back
      And the manager types the right password
      And the manager types the time code of 24 h ago
      Then the time code is refused

  @R-TWOFA-4
  Rule: Guessing ends in the lock-out

    @severity-critical
    Scenario Outline: <who> guesses
      Given nobody is signed on
      When <who> guesses 5 time codes
      Then <who> is locked out

      Examples:
        | who         |
        | the manager |
        | the admin   |

    Scenario: After three wrong codes the password is asked for again
      Given nobody is signed on
      When the manager guesses 3 time codes
      And 4 s pass
      Then the screen login_id is shown

    Scenario: A right password in between does not clear the guesses
      Given nobody is signed on
      When the manager guesses 4 time codes
      And 4 s pass
      And CANCEL is pressed
      And the manager types a wrong password
      Then the manager is locked out

    Scenario: Guesses count at the lock too
      Given the cashier has locked the terminal
      When the manager guesses 5 time codes
      Then the manager is locked out

  @R-TWOFA-5 @ASVS-16.5.3
  Rule: Without a network nothing is easier

    Scenario Outline: <who> with the line cut
      Given nobody is signed on
      And the network is cut
      When <who> types the right password
      Then the second step is asked for
      When <who> types a wrong time code
      Then the time code is refused

      Examples:
        | who         |
        | the manager |
        | the admin   |

    Scenario: The right code serves without a network
      Given nobody is signed on
      And the network is cut
      When the manager types the right password
      And the manager types the present time code
      Then the manager is signed on and ready

    Scenario: The manager's unlock with the line cut
      Given the cashier has locked the terminal
      And the network is cut
      When the manager types the right password
      Then the second step is asked for
