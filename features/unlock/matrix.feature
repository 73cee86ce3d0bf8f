@R-LOCK-6
Feature: One unlock matrix for every way into the lock
  Owner and manager unlock, the administrator gets to the lock module, everybody else is refused before a password.
  It does not matter how the lock came about.

  Rule: The owner

    Scenario Outline: Locked by <way>
      Given <lock>
      When the cashier unlocks the terminal
      Then the terminal is open and the cashier can sell

      Examples:
        | way                  | lock                                             |
        | menu                 | the cashier has locked the terminal              |
        | idleness             | the terminal of the cashier is locked by idleness |

    @R-UNLOCK-1
    Scenario: The owner's session goes on where it was
      Given the cashier is signed on
      And a sale of 5.00 was approved
      When the cashier locks the terminal
      And the cashier unlocks the terminal
      Then the cashier is signed on and ready
      And a sale of 1.00 is approved
      And the terminal's journal equals the host's

    @R-UNLOCK-1
    Scenario Outline: <who> locked by idleness unlocks with every factor
      Given the terminal of <who> is locked by idleness
      When <who> unlocks the terminal
      Then <who> is signed on and ready

      Examples:
        | who         |
        | operator 02 |
        | the manager |

  Rule: A manager

    @severity-critical @R-UNLOCK-2
    Scenario Outline: Locked by <way>: password and second step
      Given <lock>
      When the manager types the right password
      Then the second step is asked for
      When the manager types a wrong time code
      Then the time code is refused
      When 4 s pass
      And the manager types the present time code
      And 2 s pass
      Then the terminal asks for a sign-on
      And the terminal is open and the cashier can sell

      Examples:
        | way      | lock                                              |
        | menu     | the cashier has locked the terminal               |
        | idleness | the terminal of the cashier is locked by idleness |

    Scenario Outline: CANCEL at the second step leaves it locked, by <way>
      Given <lock>
      When the manager types the right password
      And CANCEL is pressed
      Then the terminal is locked

      Examples:
        | way      | lock                                              |
        | menu     | the cashier has locked the terminal               |
        | idleness | the terminal of the cashier is locked by idleness |

    @R-UNLOCK-1
    Scenario: The cashier who signs on after it need not be the owner
      Given the cashier has locked the terminal
      When the manager unlocks the terminal
      And operator 02 signs on
      Then operator 02 is signed on and ready

  Rule: Everybody else

    @severity-critical @R-LOCK-2
    Scenario Outline: <who>, locked by <way>
      Given <lock>
      When <who> tries to unlock the terminal
      Then the unlocking is refused: only operator 01 or a manager can unlock
      And the terminal is locked
      And the lock shows operator 01 as its owner

      Examples:
        | who         | way      | lock                                              |
        | operator 02 | menu     | the cashier has locked the terminal               |
        | operator 05 | menu     | the cashier has locked the terminal               |
        | operator 47 | menu     | the cashier has locked the terminal               |
        | operator 02 | idleness | the terminal of the cashier is locked by idleness |
        | operator 05 | idleness | the terminal of the cashier is locked by idleness |
        | operator 47 | idleness | the terminal of the cashier is locked by idleness |

    Scenario Outline: Being refused costs operator 02 nothing, locked by <way>
      Given <lock>
      When operator 02 tries to unlock the terminal
      And operator 02 tries to unlock the terminal
      And the manager unlocks the terminal
      And operator 02 types a wrong password
      Then the sign-on is refused with 4 tries left

      Examples:
        | way      | lock                                              |
        | menu     | the cashier has locked the terminal               |
        | idleness | the terminal of the cashier is locked by idleness |

  Rule: The administrator

    @R-UNLOCK-4
    Scenario Outline: The lock module opens, and the lock stays, by <way>
      Given <lock>
      When the admin signs on at the lock screen
      Then the screen lockmod is shown
      When CANCEL is pressed
      Then the terminal is locked
      And the lock shows operator 01 as its owner

      Examples:
        | way      | lock                                              |
        | menu     | the cashier has locked the terminal               |
        | idleness | the terminal of the cashier is locked by idleness |

  @R-UNLOCK-1
  Rule: The owner is locked out

    Scenario: Five wrong passwords at the own lock, then the right one
      Given the cashier has locked the terminal
      When the cashier types a wrong password 5 times
      Then the cashier is locked out

    Scenario: The manager still unlocks
      Given the cashier has locked the terminal
      When the cashier types a wrong password 5 times
      And CANCEL is pressed
      And the manager unlocks the terminal
      Then the terminal asks for a sign-on
