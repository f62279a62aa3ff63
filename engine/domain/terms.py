"""The words of the domain: each enum is defined here once and used by code, SQL and YAML alike."""

from __future__ import annotations

from enum import StrEnum


class Line(StrEnum):
    """The four lines an edge may belong to; the line belongs to the edge, not to the unit."""

    GOVERNMENT = "government"
    PARTY = "party"
    FRONT = "front"
    COUNCIL = "council"


class Level(StrEnum):
    """The level of the territory a unit serves."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class RelationKind(StrEnum):
    """What an edge from a unit to another body means; `parent` carries a line, the others need none."""

    PARENT = "parent"
    LED_BY = "led_by"
    STAFF_OF = "staff_of"
    GUIDED_BY = "guided_by"
    SUPERVISED_BY = "supervised_by"
    ORGAN_OF = "organ_of"


class SheetKind(StrEnum):
    """What a sheet of data holds, in the order in which sheets build on each other."""

    UNITS = "units"
    NAMES = "names"
    RELATIONS = "relations"
    MAILBOXES = "mailboxes"
    SUCCESSIONS = "successions"
    TASKS = "tasks"
    SUBMISSIONS = "submissions"
    ACTIVITIES = "activities"
    READINGS = "readings"


class SourceKind(StrEnum):
    """The kinds of facts a source brings: reports (of assigned tasks too), activities, readings of indicators."""

    REPORTS = "reports"
    ACTIVITIES = "activities"
    INDICATORS = "indicators"


class MailboxRole(StrEnum):
    """Whose mailbox it is inside the office, in the order of preference for receiving."""

    WORKING = "working"
    REGISTRY = "registry"
    HEAD = "head"


class TaskKind(StrEnum):
    """What a task waits for: a report, an assigned piece of work, enough activities, a reading; or a level.

    Two are derived: `streak`, one unit's consecutive missed periods, and `whole`, the stored word for a rollup: a
    body judged by its parts.
    """

    REPORT = "report"
    ASSIGNED = "assigned"
    QUOTA = "quota"
    READING = "reading"
    LEVEL = "level"
    STREAK = "streak"
    ROLLUP = "whole"


class Scope(StrEnum):
    """How several bearers carry one quota: each alone, any one of them in full, or all together."""

    EACH = "each"
    ANY = "any"
    SUM = "sum"


class Verdict(StrEnum):
    """The engine's verdict on one task on one night; a task without one is pending, never satisfied.

    `breach`: the limit is passed. `met`: it is satisfied. `ending`: still in time, inside a reminder window.
    `unjudged`: too little is known. `unheard`: something is missing, but the source that would have brought it is
    stale, so that nothing can be concluded. `mismatched`: a figure is missing, but there are some by other kinds
    of period. `excused`: it is missed, and waivers cover its whole period.
    """

    BREACH = "breach"
    MET = "met"
    ENDING = "ending"
    PENDING = "pending"
    UNJUDGED = "unjudged"
    UNHEARD = "unheard"
    MISMATCHED = "mismatched"
    EXCUSED = "excused"


class CaseStatus(StrEnum):
    """A case is open from the first night of its breach until it closes.

    A closed case reopens only while nobody has been told of its closing (0045).

    `open` climbs by date. `exhausted` has had its last repeat; the operator sees it listed. `waiting` is paused
    because its unit has ended and no office has confirmed an heir. `closed` has an outcome.
    """

    OPEN = "open"
    EXHAUSTED = "exhausted"
    WAITING = "waiting"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case closed; the last four say nothing of how the unit did, and the last one notifies nobody.

    `late`: done after the limit. `extended`: done after the first limit and within the one that it was moved to.
    `withdrawn`: done in time and recorded late, or the figure was corrected.
    `resumed`: a period was missed, and a later one was met. `cleared`: the indicator, or a rollup's number of late
    parts, is back within its limit. `changed`: a rule or limit was edited, and by it nothing is amiss.
    `excused`: its whole period was waived after it had been missed. `reassigned`: it was given to another unit.
    `lapsed`: the directive is no longer followed up. `retired`: the rule was removed.
    """

    LATE = "late"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"
    RESUMED = "resumed"
    CLEARED = "cleared"
    CHANGED = "changed"
    EXCUSED = "excused"
    REASSIGNED = "reassigned"
    LAPSED = "lapsed"
    RETIRED = "retired"


class TaskGroup(StrEnum):
    """By what tasks are counted; `unit` is who carries a task: one that several carry is counted with each."""

    DIRECTIVE = "directive"
    RULE = "rule"
    UNIT = "unit"


# The outcomes that say nothing of how the unit did: its demand is counted nowhere.
VOID_OUTCOMES = frozenset({Outcome.EXCUSED, Outcome.REASSIGNED, Outcome.LAPSED, Outcome.RETIRED})


class ObligationStatus(StrEnum):
    """The status of an obligation; the first three are judged every night, the last two only tracked.

    `judged`: by what the text says. `assumed`: on an assumption that its rule states. `set`: by a parameter that
    an office set. `waiting`: for a parameter that the text does not give. `evidence`: it cannot be measured.
    """

    JUDGED = "judged"
    ASSUMED = "assumed"
    SET = "set"
    WAITING = "waiting"
    EVIDENCE = "evidence"


class Section(StrEnum):
    """The section of a letter that a notice is printed in, in the order of printing."""

    NEW = "new"
    WORSE = "worse"
    STILL = "still"
    RESOLVED = "resolved"
    ENDING = "ending"


class Tone(StrEnum):
    """The tone of a step's letters; the verb also depends on the direction: up, down or sideways."""

    URGE = "urge"
    URGE_AGAIN = "urge-again"
    REPORT_UP = "report-up"


class Reason(StrEnum):
    """Why `advance` returned what it did; stored with the event and asserted in tests."""

    OPENED = "opened"
    LIMIT_MOVED = "limit-moved"
    CLIMBED = "climbed"
    UNCHANGED = "unchanged"
    WORSENED = "worsened"
    REPEATED = "repeated"
    EXHAUSTED = "exhausted"
    CLOSED = "closed"
    REOPENED = "reopened"
    TOLD_CLOSING = "told-closing"
    UNJUDGED = "unjudged"
    AWAITING_HEIR = "awaiting-heir"
    WAIVED = "waived"
    NOTHING = "nothing"


class NightState(StrEnum):
    """How a night ended. `degraded`: something was not judged, and is listed. `held`: its letters wait."""

    OK = "ok"
    DEGRADED = "degraded"
    HELD = "held"


class LetterState(StrEnum):
    """The state of a letter: who sets it, and what ends it.

    `held`: planned on a night that the brake stopped; the operator releases or drops it.
    `ready`: planned, released, or put back after a failure; a relay claims it once it is due, or it expires.
    `leased`: a relay is sending it and has not sent the final dot, so the server cannot have accepted it; the
    relay settles it, or it returns to `ready` when the lease ends.
    `dot`: the final dot may have been sent; the server's answer settles it, or it becomes `unknown`.
    `sent`: the server answered the dot with 2xx, or the journal or the operator found the letter delivered. Final.
    `unknown`: no answer came after the dot; the journal or the operator decides, it is never sent again unasked.
    `dead`: the server refused it for good; a fallback was planned at the same time, or where nobody can pass it on
    its notices are retracted. Only the operator sends it again.
    `expired`: too old before it could be sent; its notices are retracted. Final.
    `dropped`: given up by the operator while held, or answered before it left; its notices are retracted unless
    another letter leaves in its place. Final.
    """

    HELD = "held"
    READY = "ready"
    LEASED = "leased"
    DATA_SENT = "dot"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    EXPIRED = "expired"
    DROPPED = "dropped"


# The states in which a relay works on a letter; the log records only how that ends.
IN_HAND = frozenset({LetterState.LEASED, LetterState.DATA_SENT})


# How a task ended that its rule no longer demands; no count includes it, and it reopens when demanded again.
VOID = "void"
