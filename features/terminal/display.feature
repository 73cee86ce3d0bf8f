Feature: Whole pictures
  Each picture is one screen of the profile, to the last column: nothing of an earlier one is left under a message.

  @severity-critical @R-DISPLAY-2
  Scenario: From the start to a sale and back
    Given the cashier is signed on
    When a sale of 12.00 is made
    And the keys "MENU 5 CANCEL CANCEL MENU 4 CANCEL MENU 3 CANCEL CANCEL" are pressed one after another
    Then every picture was a whole screen of the profile

  @R-DISPLAY-2
  Scenario: Lock, refusals, unlock
    Given the cashier has locked the terminal
    When the cashier tries to unlock with a wrong password
    And operator 02 tries to unlock the terminal
    And 4 s pass
    And the cashier unlocks the terminal
    Then every picture was a whole screen of the profile

  @R-DISPLAY-2
  Scenario: A declined sale and a lost line
    Given the cashier is signed on
    And the host declines sales with code "51"
    Then a sale of 12.00 is refused with code "51"
    When the network is cut
    Then a sale of 5.00 cannot be sent
    And every picture was a whole screen of the profile

  @R-DISPLAY-2
  Scenario: An update from the offer to the start of the new version
    Given the admin is signed on
    When an update to version "2.5.0" is offered
    And the admin accepts the update
    And the update has run to its end
    Then every picture was a whole screen of the profile

  @R-DISPLAY-2
  Scenario: A reset and the first set-up
    Given the terminal was reset
    When a new admin password is set
    And the admin sets the terminal up for operator 01
    Then every picture was a whole screen of the profile

  @R-DISPLAY-2
  Scenario: The administrator's pages
    Given the admin is signed on
    When the keys "MENU 5 5 3 CANCEL 2 CANCEL MENU 5 5 1 CANCEL CANCEL 3 CANCEL" are pressed one after another
    Then every picture was a whole screen of the profile

  @severity-critical @R-DISPLAY-3
  Scenario: Question, refusal and success, by ear and by time
    Given the cashier is signed on
    When the cashier asks to lock the terminal
    Then the screen lock_ask came with 1 beep
    When ENTER is pressed
    And the cashier tries to unlock with a wrong password
    And 4 s pass
    Then the screen login_bad came with 3 beeps
    And the screen login_bad stood for 3 s
    When the cashier unlocks the terminal
    And a sale of 12.00 is made
    And 3 s pass
    Then the screen unlocked came with a long beep
    And the screen unlocked stood for 1 s
    And the screen approved came with a long beep
    And the screen approved stood for 1 s
