@lock-out
Feature: The lock-out
  So many wrong passwords as the policy of the profile says, and the terminal takes none for a while.

  @S-OUT-1 @severity-critical
  Scenario: Wrong passwords at the sign-on, up to the limit
    Given nobody is signed on
    When the duty operator types wrong passwords up to the limit
    Then the duty operator is locked out

  @S-OUT-1
  Scenario: A power cut before the limit takes no chance away
    Given the duty operator has typed all but one of the wrong passwords allowed
    When the power is cut and comes back
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-OUT-1
  Scenario: The last wrong password before the limit leaves the right one its chance
    Given the duty operator has typed all but one of the wrong passwords allowed
    When the duty operator signs on
    Then the duty operator is signed on and ready

  @S-OUT-1
  Scenario: A right password begins the count anew
    Given the duty operator has typed all but one of the wrong passwords allowed
    When the duty operator signs on
    And the duty operator signs off
    And the duty operator types a wrong password
    Then the password is refused

  @S-OUT-1 @severity-critical
  Scenario Outline: Wrong passwords of the <who> at the lock, up to the limit
    Given the duty operator has locked the terminal
    When the <who> types wrong passwords at the lock up to the limit
    Then the <who> is locked out

    Examples:
      | who             |
      | unlocker        |
      | second unlocker |

  @S-OUT-1
  Scenario Outline: One wrong password of the <who> less at the lock leaves the lock
    Given the duty operator has locked the terminal
    When the <who> types all but one of the wrong passwords at the lock
    Then the terminal is locked

    Examples:
      | who             |
      | unlocker        |
      | second unlocker |

  @S-OUT-3 @severity-critical
  Scenario: A power cut does not give new chances
    Given the duty operator has typed all but one of the wrong passwords allowed
    When the power is cut and comes back
    And the duty operator types a wrong password
    Then the duty operator is locked out

  @S-OUT-3 @severity-critical
  Scenario: A power cut at the lock does not give new chances
    Given the duty operator has locked the terminal
    When the unlocker types all but one of the wrong passwords at the lock
    And the power is cut and comes back
    And the unlocker tries to unlock with a wrong password
    Then the duty operator is locked out

  @S-OUT-2
  Scenario: When the time has passed the duty operator signs on
    Given a terminal that is locked out
    When the time of the lock-out has passed
    And the duty operator signs on
    Then the duty operator is signed on and ready

  @S-OUT-2 @severity-critical
  Scenario: After half of the time nothing is open
    Given a terminal that is locked out
    When half of the time of the lock-out has passed
    Then the duty operator is locked out

  @S-OUT-3 @severity-critical
  Scenario: The lock-out survives a power cut
    Given a terminal that is locked out
    And the lock-out of this terminal survives power cuts
    When the power is cut and comes back
    Then the duty operator is locked out

  @S-OUT-4
  Scenario: A lock-out at the lock gives way to the lock
    Given the duty operator has locked the terminal
    When the unlocker types wrong passwords at the lock up to the limit
    And the time of the lock-out has passed
    Then the terminal is locked
