@unlock
Feature: Unlocking
  A lock is lifted by those who may, with their own secret, and by nothing else.

  Background:
    Given the duty operator has locked the terminal

  @S-UNLOCK-1
  Scenario Outline: The <who> lifts the lock
    When the <who> unlocks the terminal
    Then nobody but the duty operator is signed on

    Examples:
      | who             |
      | unlocker        |
      | second unlocker |

  @S-UNLOCK-1 @severity-critical
  Scenario Outline: A wrong password of the <who> lifts nothing
    When the <who> tries to unlock with a wrong password
    Then the unlocking is refused

    Examples:
      | who             |
      | unlocker        |
      | second unlocker |

  @S-UNLOCK-1
  Scenario Outline: After a wrong password the right one of the <who> lifts the lock
    When the <who> tries to unlock with a wrong password
    Then the unlocking is refused
    When the <who> unlocks the terminal
    Then nobody but the duty operator is signed on

    Examples:
      | who             |
      | unlocker        |
      | second unlocker |

  @S-UNLOCK-1 @severity-critical
  Scenario: Nobody of the same role lifts the lock of somebody else
    When the other operator tries to unlock in the place of who locked it
    Then the unlocking is refused

  @S-UNLOCK-2
  Scenario: After the unlock everything is as before: signing off
    When the unlocker unlocks the terminal
    And the duty operator signs off
    Then the terminal asks for a sign-on

  @S-UNLOCK-2
  Scenario: After the unlock the terminal sells
    When the unlocker unlocks the terminal
    Then the terminal is open and the duty operator can sell

  @S-UNLOCK-2
  Scenario: After the unlock a restart finds no lock
    When the unlocker unlocks the terminal
    And the power is cut and comes back
    Then nobody but the duty operator is signed on

  @S-ENTRY-1 @severity-critical
  Scenario Outline: The password of the <who> is never shown at the lock
    When the <who> types the password at the lock and does not submit it
    Then no digit of the password is shown

    Examples:
      | who             |
      | unlocker        |
      | second unlocker |

  @S-ENTRY-2
  Scenario: What was typed at the lock is gone after a power cut
    When the unlocker types the password at the lock and does not submit it
    And the power is cut and comes back
    Then the terminal is locked
    And the prompt of the lock is empty for the unlocker

  @S-ENTRY-2
  Scenario: A right password that is never submitted opens nothing
    When the unlocker types the password at the lock and does not submit it
    And 5 s pass
    Then no digit of the password is shown
