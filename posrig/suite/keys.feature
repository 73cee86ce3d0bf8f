@keys
Feature: Keys as nobody should press them
  Every key, many times, held, two at once, in any order. Nothing that is typed is ever submitted, so nothing is a guess.

  @S-KEYS-1 @severity-critical
  Scenario Outline: Every key pressed <count> times at the lock
    Given the duty operator has locked the terminal
    Then the terminal stays locked whatever key is pressed <count> times

    Examples:
      | count |
      | 1     |
      | 3     |
      | 6     |

  @S-KEYS-1 @severity-critical
  Scenario Outline: Every key held for <time> at the lock
    Given the duty operator has locked the terminal
    Then the terminal stays locked whatever key is held for <time>

    Examples:
      | time   |
      | 40 ms  |
      | 1500 ms |

  @S-KEYS-1 @severity-critical
  Scenario: Two keys at once at the lock
    Given the duty operator has locked the terminal
    Then the terminal stays locked whatever two keys are held together for 500 ms

  @S-KEYS-1
  Scenario: All keys in turn at the lock
    Given the duty operator has locked the terminal
    Then the terminal stays locked with all keys pressed in turn
    And the terminal stays locked with all keys pressed in turn backwards

  @S-KEYS-2 @severity-critical
  Scenario: Keys while the terminal starts do not open its lock
    Given the duty operator has locked the terminal
    When the power is cut
    And the terminal is switched on and every key is pressed while it starts
    Then the terminal is locked

  @S-KEYS-3
  Scenario Outline: No key signs anybody on, pressed <count> times
    Given nobody is signed on
    Then the terminal stays signed off whatever key is pressed <count> times

    Examples:
      | count |
      | 1     |
      | 3     |

  @S-KEYS-1 @severity-critical
  Scenario Outline: The keys of the way "<way>" do nothing behind the lock
    Given the duty operator has locked the terminal
    When the keys of the way "<way>" are pressed blindly
    Then the terminal is locked

    Examples:
      | way             |
      | sign off        |
      | lock            |
      | version         |
      | sell            |
      | change password |

  @S-KEYS-4 @severity-critical
  Scenario: No key ends the lock-out
    Given a terminal that is locked out
    Then the terminal is still locked out

  @S-KEYS-3
  Scenario: After all these keys the duty operator works on
    Given nobody is signed on
    Then the terminal stays signed off whatever key is pressed 2 times
    When the duty operator signs on
    Then the duty operator is signed on and ready
