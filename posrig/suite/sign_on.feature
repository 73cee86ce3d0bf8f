@sign-on
Feature: Signing on
  The terminal is ready for somebody with a number and the right password, and for nobody else.

  @S-SIGNON-1
  Scenario: The duty operator signs on
    Given nobody is signed on
    When the duty operator signs on
    Then the duty operator is signed on and ready

  @S-SIGNON-1
  Scenario: The duty operator signs off
    Given the duty operator is signed on
    When the duty operator signs off
    Then the terminal asks for a sign-on

  @S-SIGNON-1
  Scenario: One operator after the other
    Given the duty operator is signed on
    When the duty operator signs off
    And the other operator signs on
    Then the other operator is signed on and ready

  @S-SIGNON-1
  Scenario: After the sign-on the terminal sells
    Given nobody is signed on
    When the duty operator signs on
    Then the terminal is open and the duty operator can sell

  @S-SIGNON-1 @severity-critical
  Scenario: A wrong password is refused
    Given nobody is signed on
    When the duty operator types a wrong password
    Then the password is refused

  @S-SIGNON-1
  Scenario: After a refusal nobody is signed on
    Given nobody is signed on
    When the duty operator types a wrong password
    And the power is cut and comes back
    Then nobody is signed on

  @S-SIGNON-1
  Scenario: After a refusal the right password signs on
    Given nobody is signed on
    When the duty operator types a wrong password
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-SIGNON-1 @severity-critical
  Scenario: A number that nobody has is refused
    Given nobody is signed on
    When somebody signs on with a number like that of the duty operator that nobody has
    Then it is refused

  @S-SIGNON-2
  Scenario: A password that is not submitted signs nobody on
    Given nobody is signed on
    When the duty operator types the password at the sign-on and does not submit it
    And somebody gives up
    Then nobody is signed on

  @S-ENTRY-1 @severity-critical
  Scenario: The password is never shown at the sign-on
    Given nobody is signed on
    When the duty operator types the password at the sign-on and does not submit it
    Then no digit of the password is shown

  @S-ENTRY-2
  Scenario: What somebody typed is gone when the next one comes
    Given nobody is signed on
    When the duty operator types the password at the sign-on and does not submit it
    And somebody gives up
    Then the prompt of the sign-on is empty for the other operator

  @S-ENTRY-2
  Scenario: What somebody typed is gone when nobody goes on
    Given nobody is signed on
    When the duty operator types the password at the sign-on and does not submit it
    And an entry is left alone until it times out
    And somebody brings the terminal home
    Then nobody is signed on
    And the prompt of the sign-on is empty for the duty operator

  @S-SIGNON-3
  Scenario: A changed password is the only one
    Given the duty operator is signed on
    And the terminal may be reset
    When the duty operator changes the password
    And the duty operator signs off
    Then the old password of the duty operator is refused
    When the duty operator signs on
    Then the duty operator is signed on and ready
