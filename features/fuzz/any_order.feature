Feature: Whatever is done, in whatever order
  The search tries what people, the host, the line and the mains can do, in orders that nobody wrote down. A failure
  names the fewest acts that show it. posrig fuzz searches longer, and writes what it finds as scenarios.

  @severity-critical @R-LOCK-2 @R-UNLOCK-1
  Scenario: Nothing but a sign-on leads out of the lock
    When any sequence of up to 40 acts on "lock" is tried for 150 presses
    Then the terminal never leaves the lock without a valid sign-on

  @severity-critical @R-SIGNON-1
  Scenario: Nobody is ready without every factor
    When any sequence of up to 40 acts on "typing" is tried for 150 presses
    Then nobody is ready without every factor of the role

  @severity-critical @R-LOCK-3 @R-LOCKOUT-2 @R-SIGNON-6
  Scenario: Every start keeps what was locked and no session
    When any sequence of up to 40 acts on "day" is tried for 120 presses
    Then every start keeps what was locked

  @R-LOCK-2 @R-KEY-2
  Scenario: No two keys together lead out of the lock
    When any sequence of up to 200 acts on "chords" is tried for 400 presses
    Then the terminal never leaves the lock without a valid sign-on
