@R-LOCK-1
Feature: A cashier locks the terminal
  A locked terminal takes nothing but a sign-on of its owner or of a manager.
  Every "locked" is proved by keys that lead nowhere, not by a text.

  Background:
    Given the cashier is signed on

  @severity-critical @R-LOCK-2 @manual
  Scenario: Locking by the menu
    When the cashier locks the terminal
    Then the terminal is locked
    And the lock shows operator 01 as its owner

  @R-LOCK-4
  Scenario: The question is answered with CANCEL
    When the cashier asks to lock the terminal
    And CANCEL is pressed
    Then the terminal is open and the cashier can sell

  @R-LOCK-4
  Scenario: The question is not answered
    When the cashier asks to lock the terminal
    And 11 s pass
    Then the terminal is open and the cashier can sell

  @R-LOCK-4
  Scenario: ENTER after the question is over locks nothing
    When the cashier asks to lock the terminal
    And 11 s pass
    And ENTER is pressed
    Then the terminal is open and the cashier can sell

  @R-LOCK-4
  Scenario: The question stands for its ten seconds
    When the cashier asks to lock the terminal
    And 8 s pass
    And ENTER is pressed
    Then the terminal is locked

  @R-LOCK-4
  Scenario: No other key answers the question with yes
    When the cashier asks to lock the terminal
    And the keys "1 5 . CLEAR F1 F2 MENU UP DOWN" are pressed one after another
    Then the screen lock is not shown
    When 11 s pass
    Then the terminal is open and the cashier can sell

  Scenario: The lock names the time at which it was locked, also an hour later
    When the cashier locks the terminal
    Then the lock shows the time of 0 s ago
    When 1 h pass
    Then the lock shows the time of 1 h ago
    When the power is cut and comes back
    Then the lock shows the time of 1 h ago

  @severity-critical @R-LOCK-3
  Scenario: The lock survives a power cut
    When the cashier locks the terminal
    And the power is cut and comes back
    Then the terminal is locked
    And the lock shows operator 01 as its owner

  @R-LOCK-3
  Scenario: The lock survives a restart by the keys
    When the cashier locks the terminal
    And the terminal is restarted by the keys
    Then the terminal is locked

  @R-LOCK-3
  Scenario: The lock survives the daily restart
    When the cashier locks the terminal
    And 24 h pass
    And 1 min pass
    Then the terminal is locked

  @PCI-DSS-8.2.8
  Rule: An idle terminal locks itself

    @R-IDLE-1
    Scenario: Left alone past the limit
      When nobody touches the terminal for 301 s
      Then the terminal is locked

    @R-IDLE-1
    Scenario: The warning comes ten seconds before
      When nobody touches the terminal for 292 s
      Then the screen lock_soon is shown

    @R-IDLE-2
    Scenario: A key at the warning keeps the terminal open and is not acted on
      When nobody touches the terminal for 292 s
      And MENU is pressed
      Then the terminal is open and the cashier can sell

    @R-IDLE-1
    Scenario Outline: The idle lock works in the menus too
      When the keys "<keys>" are pressed one after another
      And nobody touches the terminal for 301 s
      Then the terminal is locked

      Examples:
        | keys   |
        | MENU   |
        | MENU 5 |
