@R-SIGNON-1
Feature: Signing on
  A terminal sells only for somebody who has signed on with every factor of the role.

  @severity-critical
  Scenario: A cashier signs on with the password
    Given nobody is signed on
    When the cashier signs on
    Then the cashier is signed on and ready
    And a sale of 1.00 is approved

  @severity-critical @PCI-DSS-8.4.2
  Scenario: A manager signs on with password and time code
    Given nobody is signed on
    When the manager signs on
    Then the manager is signed on and ready

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
