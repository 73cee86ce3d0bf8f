@PCI-DSS-8.2.8
Feature: A terminal that nobody touches locks itself
  Five minutes from the shelf, one to fifteen by setting. Only a person's key counts, on every page.

  @R-IDLE-1
  Scenario Outline: Left alone by <who> on the page behind "<keys>"
    Given <who> is signed on
    When the keys "<keys>" are pressed one after another
    And nobody touches the terminal for 301 s
    Then the terminal is locked
    And the lock shows <who> as its owner

    Examples:
      | who         | keys          |
      | the cashier | MENU 2        |
      | the cashier | MENU 3        |
      | the cashier | MENU 4        |
      | the cashier | MENU 5 2      |
      | the manager | CLEAR         |
      | the manager | MENU          |
      | the manager | MENU 5        |
      | the manager | MENU 5 2      |
      | the manager | MENU 5 2 1    |
      | the manager | MENU 5 3      |
      | the manager | MENU 5 4      |
      | the admin   | MENU 5 5      |
      | the admin   | MENU 5 5 3    |
      | the admin   | MENU 5 3 1    |
      | the admin   | MENU 5 3 3    |

  @severity-critical @R-IDLE-2
  Scenario Outline: <key> at the warning leaves <page> as it was
    Given <who> is signed on
    When the keys "<keys>" are pressed one after another
    And nobody touches the terminal for 295 s
    Then the screen lock_soon is shown
    When <key> is pressed
    Then the screen <page> is shown
    And the screen still shows <page> after 8 s

    Examples:
      | who         | keys       | key    | page      |
      | the cashier | CLEAR      | 1      | idle      |
      | the cashier | MENU       | 3      | menu      |
      | the cashier | MENU       | CANCEL | menu      |
      | the cashier | MENU 5     | 1      | manage    |
      | the manager | MENU 5 2   | 3      | operators |
      | the manager | MENU 5 4   | CANCEL | log       |
      | the admin   | MENU 5 5   | 1      | system    |
      | the admin   | MENU 5 3   | 3      | lockmod   |
      | the admin   | MENU 5 3 1 | ENTER  | status    |

  @R-IDLE-2
  Scenario: The digit that answers the warning is not in the amount
    Given the cashier is signed on
    When nobody touches the terminal for 295 s
    And 7 is pressed
    Then the screen says "0.00"

  @R-IDLE-2 @R-LOCK-2
  Scenario: The first key at the idle lock does not act on the page beneath
    Given the cashier is signed on
    When the keys "MENU 5" are pressed one after another
    And nobody touches the terminal for 301 s
    And 1 is pressed
    Then the terminal is locked
    When the cashier unlocks the terminal
    Then the terminal is open and the cashier can sell

  @R-IDLE-1
  Scenario: A key before the warning starts the time anew
    Given the cashier is signed on
    When nobody touches the terminal for 280 s
    And CLEAR is pressed
    And nobody touches the terminal for 280 s
    Then the terminal is open and the cashier can sell

  @severity-critical @R-IDLE-3
  Scenario: Messages of the host do not keep a terminal open
    Given the cashier is signed on
    When for 301 s the host sends a message every 20 s
    Then the terminal is locked

  @R-IDLE-3
  Scenario: Sticks and fingers do not keep a terminal open
    Given the cashier is signed on
    When for 305 s sticks and fingers come and go every 20 s
    Then the terminal is locked

  @R-IDLE-3
  Scenario: A line that comes and goes does not keep a terminal open
    Given the cashier is signed on
    When nobody touches the terminal for 150 s
    And the network is cut and comes back
    And nobody touches the terminal for 90 s
    Then the terminal is locked

  @R-IDLE-3
  Scenario: Setting the clock back does not keep a terminal open
    Given the cashier is signed on
    When nobody touches the terminal for 200 s
    And the terminal's clock is set 1 h back
    And nobody touches the terminal for 101 s
    Then the terminal is locked

  @R-IDLE-1
  Rule: One to fifteen minutes

    Scenario Outline: Set to <minutes> min
      Given the manager is signed on
      When the manager sets the idle lock to <minutes> min
      Then the new idle time is taken
      When the cashier takes over
      And nobody touches the terminal for <before>
      Then the screen idle is shown
      When nobody touches the terminal for 16 s
      Then the terminal is locked

      Examples:
        | minutes | before |
        | 1       | 45 s   |
        | 15      | 885 s  |

    Scenario Outline: <minutes> min are refused
      Given the manager is signed on
      When the manager sets the idle lock to <minutes> min
      Then the new idle time is refused and 5 min stay

      Examples:
        | minutes |
        | 0       |
        | 16      |
        | 99      |

    Scenario: A page of management locks after 5 min, also when more is set
      Given the manager is signed on
      When the manager sets the idle lock to 15 min
      And nobody touches the terminal for 285 s
      Then the screen lockmod is shown
      When nobody touches the terminal for 16 s
      Then the screen lock is shown

    Scenario: The set time survives a power cut
      Given the manager is signed on
      When the manager sets the idle lock to 1 min
      And the power is cut and comes back
      And the cashier signs on
      And nobody touches the terminal for 61 s
      Then the terminal is locked
