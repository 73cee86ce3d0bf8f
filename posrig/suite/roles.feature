@roles
Feature: Every role of the profile
  What each role may and may not, whoever it is. A role that the profile lacks, or that has no number, is skipped.

  @S-ROLE-1
  Scenario Outline: The <role> signs on
    Given nobody is signed on
    When the <role> signs on
    Then the <role> is signed on and ready

    Examples:
      | role        |
      | first role  |
      | second role |
      | third role  |
      | fourth role |

  @S-ROLE-1 @severity-critical
  Scenario Outline: A wrong password of the <role> is refused
    Given nobody is signed on
    When the <role> types a wrong password
    Then the password is refused

    Examples:
      | role        |
      | first role  |
      | second role |
      | third role  |
      | fourth role |

  @S-ROLE-2
  Scenario Outline: The <role> lifts the lock if the profile says so
    Given the duty operator has locked the terminal
    When the <role> unlocks the terminal
    Then nobody but the duty operator is signed on

    Examples:
      | role        |
      | first role  |
      | second role |
      | third role  |
      | fourth role |

  @S-ROLE-1
  Scenario Outline: The <role> signs off
    Given the <role> is signed on
    When the <role> signs off
    Then the terminal asks for a sign-on

    Examples:
      | role        |
      | first role  |
      | second role |
      | third role  |
      | fourth role |
