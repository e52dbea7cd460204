# workflows: ../../examples/helpdesk
Feature: help desk
  A ticket comes in, somebody works on it, it is solved, and it is closed when nobody objects.

  Background:
    Given now is "2022-03-01 09:00"
    And "Ann" is "agent" at "help desk"
    And "Ben" is "agent" at "help desk"
    And "Dev" is "developer" at "help desk"
    And "Eve" is "closing desk" at "help desk"
    And "Sue" is "supervisor" at "help desk"

  Scenario Outline: how soon a ticket must be answered
    When "Ann" starts "help desk" with event "register"
      | ticket        | T-1             |
      | customer      | C-1             |
      | product       | P-1             |
      | service type  | operation       |
      | service level | <service level> |
      | workgroup     | field support   |
      | seriousness   | <seriousness>   |
    Then the state is "new"
    And "respond by" is "<respond by>"
    And deadline "response" is due "<respond by>"
    And row <row> of "service terms" holds

    Examples:
      | seriousness | service level | respond by       | row |
      | urgent      | none          | 2022-03-01 13:00 | 1   |
      | normal      | premium       | 2022-03-02 09:00 | 2   |
      | normal      | basic         | 2022-03-03 09:00 | 3   |
      | low         | premium       | 2022-03-06 09:00 | 4   |
      | wish        | none          | 2022-03-06 09:00 | 4   |

  Scenario: nobody takes a ticket in time
    Given "Ann" starts "help desk" with event "register" as "A"
      | ticket        | T-2           |
      | customer      | C-2           |
      | product       | P-1           |
      | service type  | operation     |
      | service level | premium       |
      | workgroup     | field support |
      | seriousness   | urgent        |
    When time comes to "1 minute" before the deadline "response" is due
    Then "escalated" is empty
    And no notice goes out
    When time comes to the deadline "response" is due
    Then notice "nobody has taken ticket T-2 of C-2" goes out to "supervisor"
    And "escalated" is "true"
    And the state of "A" is "registered"
    And the history is "register, escalate"
    And deadline "response" is not running

  Rule: work on a ticket

    Background:
      Given "Ann" starts "help desk" with event "classify" as "T"
        | ticket        | T-3             |
        | customer      | C-3             |
        | product       | P-2             |
        | service type  | software        |
        | service level | basic           |
        | workgroup     | product support |
        | seriousness   | normal          |

    Scenario: it is solved, and closed when nobody has objected
      When "Ann" sends "take"
      Then the state is "in progress"
      And "handler" is "Ann"
      And deadline "response" is not running
      When "Ann" sends "resolve"
      Then the state is "solved"
      And deadline "objection" is due "2022-03-16 08:00"
      When "Eve" sends "close"
      Then is refused because "objection"
      And nothing has changed
      When time comes to "2022-03-16 08:00"
      And "Eve" sends "close"
      Then the state is "closed"
      And the history has 4 entries

    Scenario: a supervisor closes it early
      Given "Ann" sends "resolve"
      Then "resolved by" is "Ann"
      And "Eve" cannot send "close"
      And "Ben" can send "settle anomaly, take"
      When "Sue" sends "close"
      Then the state is "closed early"

    Scenario: only who has solved it may amend the solution
      Given "Ann" sends "resolve"
      When "Ben" sends "resolve"
      Then is refused because "actor = resolved by"
      When "Ann" sends "resolve"
      Then the state is "amended"
      But the state is not "closed"

    Scenario: development works on software tickets of product support
      Given "Ann" sends "take"
      When "Ben" asks about "report anomaly"
      Then is accepted
      And rule "may go to development" fires
      When "Ben" sends "report anomaly"
      And "Dev" sends "fix anomaly"
      Then the state is "with development"
      When "Ben" sends "request upgrade"
      Then the state is "awaiting upgrade"
      When "Dev" sends "verify"
      And "Ann" sends "mark as duplicate"
      And "Ann" sends "resolve"
      Then the state is "solved"
      And the decision says "resolved by"

    Scenario: other tickets do not go there
      When "Ben" sends "classify"
        | seriousness   | normal        |
        | service level | basic         |
        | service type  | operation     |
        | workgroup     | field support |
      And "Ann" sends "take"
      And "Ann" sends "report anomaly"
      Then is refused because "for development"
      And rule "about software" does not fire
      And rule "held by product support" does not fire

    Scenario: who rejects an anomaly does not verify it
      Given "Ann" sends "resolve"
      And "Ann" sends "settle anomaly"
      And "Ben" sends "reject anomaly"
      When "Ben" sends "verify"
      Then is refused because "reject anomaly"
      When "Dev" sends "verify"
      Then the state is "verified"
      And the state is "reviewed"

    Scenario: work rests until the customer answers
      Given "Ann" sends "take"
      And "Ben" sends "take"
      And "handler" is "Ben"
      When "Ben" sends "wait"
      Then deadline "reminder" is due "2022-03-06 09:00"
      And the running deadlines are "reminder"
      When "120 hours" pass
      Then notice "ticket T-3 still waits for C-3" goes out to "Ben"
      And "reminders" is "1"
      When "Ben" sends "wait"
      And "120 hours" pass
      Then "reminders" is "2"
      When "Ann" sends "take"
      Then the state is "resumed"
      When "Ann" sends "resolve"
      And "Ben" sends "take"
      Then the state is "reopened"

    Scenario: the customer is visited
      Given "Ann" sends "take"
      When "Ann" sends "schedule intervention"
      Then the state is "awaiting intervention"
      And the state is "on hold"
      And "Ann" can send "resolve"

    Scenario: one ticket is one case
      Given "Dev" holds no role
      When "Ben" starts "help desk" with event "take"
        | ticket        | T-3             |
        | customer      | C-3             |
        | product       | P-2             |
        | service type  | software        |
        | service level | basic           |
        | workgroup     | product support |
        | seriousness   | urgent          |
      Then is refused because "T"
      When "Ben" starts "help desk" with event "take" as "U"
        | ticket        | T-4             |
        | customer      | C-3             |
        | product       | P-2             |
        | service type  | software        |
        | service level | basic           |
        | workgroup     | product support |
        | seriousness   | urgent          |
      Then there are 2 "help desk" cases
      And there is 1 "help desk" case in state "in progress"
      And there is 1 "help desk" case whose "seriousness" is "urgent"
      And these cases are
        | case | state       | seriousness |
        | T    | classified  | normal      |
        | U    | in progress | urgent      |
      And "Dev" sees "ticket" of "U" as "T-4"
      And the journal is whole
