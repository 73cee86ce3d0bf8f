Feature: What holds the terminal survives what happens to it
  Lock, lock-out and host lock, each against a power cut, both restarts, a lost network and a moved clock.
  The daily restart comes 24 h after the start, so the state is brought about 23.8 h after it.

  @severity-critical @R-LOCK-3
  Scenario Outline: The lock, and <event>
    Given a terminal that became locked 23.8 h after its start
    When <event>
    Then the terminal is still locked
    And the lock shows operator 01 as its owner
    And the terminal has started <starts> times
    When the cashier unlocks the terminal
    Then the terminal is open and the cashier can sell

    Examples:
      | event                                | starts |
      | the power is cut and comes back      | 2      |
      | the power is off for 3 h             | 2      |
      | the terminal is restarted by the keys | 2      |
      | 15 min pass                          | 2      |
      | the network is cut and comes back    | 1      |
      | the terminal's clock is set 2 h ahead | 1      |
      | the terminal's clock is set 30 days ahead | 1  |
      | the terminal's clock is set 2 h back | 1      |

  @severity-critical @R-LOCKOUT-2 @R-LOCKOUT-8
  Scenario Outline: The lock-out, and <event>
    Given a terminal that became locked out 23.8 h after its start
    When <event>
    Then about <left> of the lock-out are left
    And the terminal is still locked out
    And the terminal has started <starts> times

    Examples:
      | event                                | left    | starts |
      | the power is cut and comes back      | 1787 s  | 2      |
      | the power is off for 10 min          | 1188 s  | 2      |
      | the terminal is restarted by the keys | 1787 s | 2      |
      | 15 min pass                          | 15 min  | 2      |
      | the network is cut and comes back    | 1737 s  | 1      |
      | the terminal's clock is set 2 h ahead | 30 min | 1      |
      | the terminal's clock is set 2 h back | 30 min  | 1      |

  @severity-critical @R-HOSTLOCK-2
  Scenario Outline: The host lock, and <event>
    Given a terminal that became locked by the host 23.8 h after its start
    When <event>
    Then the terminal is still locked by the host
    And the terminal has started <starts> times
    When the host unlocks the terminal
    And the cashier signs on
    Then the terminal is open and the cashier can sell

    Examples:
      | event                                | starts |
      | the power is cut and comes back      | 2      |
      | the power is off for 3 h             | 2      |
      | the terminal is restarted by the keys | 2      |
      | 15 min pass                          | 2      |
      | the network is cut and comes back    | 1      |
      | the terminal's clock is set 2 h ahead | 1      |
      | the terminal's clock is set 2 h back | 1      |
