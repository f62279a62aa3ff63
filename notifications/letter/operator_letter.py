"""The operator's own letters: the report of a night, a refused rule pack, an absent night, a drill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Head, Text
from dondoc.engine.domain.terms import CaseStatus
from dondoc.engine.errors import Problem
from dondoc.notifications.letter.build import due_from, finished
from dondoc.notifications.letter.render import LetterTooLarge, Rendered, render
from dondoc.notifications.letter.view import (
    Ask,
    Badge,
    CompactRow,
    LabelledText,
    LanguagePart,
    LetterView,
    SectionView,
)
from dondoc.notifications.lifecycle import PlannedLetter
from dondoc.notifications.morning import Morning, MorningLine, Need
from dondoc.notifications.wording import labels, mornings
from dondoc.notifications.wording import operating as words
from dondoc.notifications.wording.numbers import capital

# The operator's office id in the outbox; every other office id is a unit's.
OFFICE = "dondoc.operator"
NIGHTLY, REFUSAL, ABSENT = 1, 2, 3
_ROWS = 40
_AHEAD = timedelta(minutes=1)
_FEWER = (40, 20, 10, 5, 2)
_LANGUAGE = "vi"
_TONES = {Need.NOTHING: "done", Need.LOOK: "soon", Need.ACT: "late"}


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One thing that needs a person: what is wrong, and what to do about it."""

    what: Text
    remedy: Text

    def line(self) -> str:
        """Both in one line, Vietnamese with the English in brackets, as a terminal prints it."""
        return f"{self.what.vi}; {self.remedy.vi} ({self.what.en}: {self.remedy.en})"


@dataclass(frozen=True, slots=True)
class WaitingCases:
    """The cases of one directive in one waiting state: `exhausted`, or `waiting` for an heir."""

    directive: str
    status: CaseStatus
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NightSummary:
    """How a night went, and how the service stands on its morning.

    `facts` counts the facts judged; `counts` has `found`, `opened`, `climbed` and `closed`; `waiting` are the
    cases that wait for a decision; `log` is the last entry of the audit log before this night.
    """

    morning: Morning
    facts: int
    counts: Mapping[str, int]
    log: Head
    waiting: tuple[WaitingCases, ...] = ()


def nightly(said: NightSummary, action: Sequence[ActionItem], mailbox: str) -> LetterView:
    """The letter on a night that was judged: each action item with its remedy, then one question per row.

    A source has a row of its own where one is not in order.
    """
    morning, night = said.morning, said.morning.night
    who, rest = words.ask(night, len(action))
    sections = [_last_night(said), *_sources(morning), *_waiting(said.waiting)]
    if action:
        lines = [
            _line(capital(_say(one.what)), capital(_say(one.remedy)), "late", _say(words.ACT))
            for one in action[:_ROWS]
        ]
        more = _say(words.more_to_do(len(action) - _ROWS)) if len(action) > _ROWS else ""
        sections.insert(0, _section(words.TO_DO, "late", _say(labels.items(len(action))), lines, more))
    return _letter(
        mornings.subject(morning, len(action)),
        night,
        mornings.headline(morning),
        Ask(_say(who), _say(rest), "", "."),
        sections,
        mailbox,
        LabelledText(_say(words.LOG), _say(words.log_head(said.log.number, said.log.hash))),
    )


def refused_rules(problems: Sequence[Problem], night: date, mailbox: str) -> LetterView:
    """The letter on a night that was refused before any data was read, with the places of up to 40 problems."""
    who, rest = words.REFUSED_ASK
    lines = [
        _line(f"{one.file}:{one.line}:{one.column}", _say(Text(one.vi, one.en)), "late", one.code)
        for one in problems[:_ROWS]
    ]
    left = len(problems) - _ROWS
    more = _say(words.more_problems(left)) if left > 0 else ""
    size = _say(words.faults(len(problems)))
    note = _say(words.refused_remedy(night))
    return _letter(
        words.refused_subject(night, len(problems)),
        night,
        words.refused_headline(night, len(problems)),
        Ask(_say(who), _say(rest), "", "."),
        [_section(words.PROBLEMS, "late", size, lines, more, note)],
        mailbox,
    )


def absent_night(night: date, latest: date, mailbox: str) -> LetterView:
    """The letter when it is time to deliver and `night` has not run; `latest` is the last night that did."""
    who, rest = words.ABSENT_ASK
    line = _line(_say(words.absent(night)), _say(words.absent_remedy(night, latest)), "late", _say(words.ACT))
    return _letter(
        words.absent_subject(night),
        night,
        words.absent(night),
        Ask(_say(who), _say(rest), "", "."),
        [_section(words.TO_DO, "late", _say(labels.items(1)), [line], "")],
        mailbox,
    )


def drill(at: datetime, address: str, mailbox: str) -> LetterView:
    """The letter that tests delivery to a mailbox; it is about no office, and says so first."""
    who, rest = words.DRILL_ASK
    line = _line(
        _say(words.DRILL_ARRIVED),
        _say(words.drill_sent(labels.instant(at.astimezone(ZONE)), address)),
        "done",
        _say(words.GOOD),
    )
    return _letter(
        words.DRILL_SUBJECT,
        at.astimezone(ZONE).date(),
        words.DRILL_HEADLINE,
        Ask(_say(who), _say(rest), "", "."),
        [_section(words.DRILL, "calm", "", [line], "")],
        mailbox,
    )


def drilled(view: LetterView, mail: MailPolicy, at: datetime, address: str) -> PlannedLetter:
    """The drill as bytes, to be sent at once; its id differs every second, so that none is taken for a copy.

    Raises `LetterRefused` when the address is outside the allowed domains.
    """
    return finished(
        render(view, mail.max_bytes),
        mail,
        at.astimezone(ZONE).date(),
        at,
        OFFICE,
        address,
        reply_to=mail.operator,
        part=int(at.timestamp()),
        sent_at=at,
    )


def planned(view: LetterView, mail: MailPolicy, night: date, planned_at: datetime, part: int) -> PlannedLetter:
    """The letter for the outbox; `part` is `NIGHTLY`, `REFUSAL` or `ABSENT`, so that one night may have each.

    Raises `LetterRefused` when the operator's address is outside the allowed domains.
    """
    return finished(
        _fitting(view, mail.max_bytes),
        mail,
        night,
        planned_at,
        OFFICE,
        mail.operator,
        reply_to=mail.operator,
        part=part,
        # Due before every other letter of the night, so that a slow server does not keep it from the operator.
        due_at=due_from(night, mail.hours) - _AHEAD,
    )


def _fitting(view: LetterView, max_bytes: int) -> Rendered:
    """The letter with as many lines in each section as fit; what a person has to do can be long."""
    for most in _FEWER:
        try:
            return render(_shortened(view, most), max_bytes)
        except LetterTooLarge:
            continue
    return render(_shortened(view, 0), max_bytes)


def _shortened(view: LetterView, most: int) -> LetterView:
    (part,) = view.parts
    sections = tuple(
        replace(
            section,
            lines=section.lines[:most],
            more="; ".join(filter(None, (_say(words.more_waiting(len(section.lines) - most)), section.more))),
        )
        if len(section.lines) > most
        else section
        for section in part.sections
    )
    return replace(view, parts=(replace(part, sections=sections),))


def _last_night(said: NightSummary) -> SectionView:
    ran, *others = mornings.lines(said.morning)
    asked = words.QUESTIONS
    judged = MorningLine(asked["judged"], words.judged(said.facts, said.counts["found"]))
    cases = MorningLine(asked["cases"], words.cases(said.counts))
    rows = map(_asked, (ran, judged, cases, *others))
    return _section(words.LAST_NIGHT, "calm", "", rows, "", _say(words.ONE_QUESTION))


def _asked(line: MorningLine) -> CompactRow:
    said = _say(mornings.with_remedy(line))
    return _line(_say(line.question), said, _TONES[line.need], _say(mornings.NEEDS[line.need]))


def _sources(at: Morning) -> list[SectionView]:
    """Each source by name, where one of them is not in order."""
    if all(one.well for one in at.sources):
        return []
    rows = [_asked(mornings.source(one)) for one in at.sources[:_ROWS]]
    more = _say(words.more_waiting(len(at.sources) - _ROWS)) if len(at.sources) > _ROWS else ""
    return [_section(mornings.SOURCES, "soon", "", rows, more)]


def _waiting(waiting: Sequence[WaitingCases]) -> list[SectionView]:
    """The cases that wait for a decision, so that none is forgotten (decisions 20 and 35)."""
    if not waiting:
        return []
    lines = [
        _line(
            _say(words.standing(one.directive, one.status, len(one.codes))),
            _say(words.codes(one.codes)),
            "soon",
            _say(words.LOOK),
        )
        for one in waiting[:_ROWS]
    ]
    more = _say(words.more_waiting(len(waiting) - _ROWS)) if len(waiting) > _ROWS else ""
    size = _say(words.files(sum(len(one.codes) for one in waiting)))
    return [_section(words.WAITING, "soon", size, lines, more, _say(words.WAITING_NOTE))]


def _say(text: Text) -> str:
    return text.in_(_LANGUAGE)


def _line(title: str, brief: str, tone: str, verdict: str) -> CompactRow:
    return CompactRow(title, brief, Badge(tone, verdict, "", "", "", verdict), "")


def _section(
    title: Text, tone: str, size: str, lines: Iterable[CompactRow], more: str, note: str = ""
) -> SectionView:
    return SectionView(_say(title), tone, size, note, (), tuple(lines), more)


def _letter(
    subject: str,
    night: date,
    headline: Text,
    ask: Ask,
    sections: Sequence[SectionView],
    mailbox: str,
    *more: LabelledText,
) -> LetterView:
    part = LanguagePart(
        language=_LANGUAGE,
        brand=_say(labels.BRAND),
        tagline=_say(labels.TAGLINE),
        night=_say(labels.night(night)),
        makeup="",
        dear=_say(labels.DEAR),
        addressee=_say(words.ADDRESSEE),
        forwarded="",
        headline=_say(headline),
        ask=ask,
        tally=None,
        sections=tuple(sections),
        by_unit=None,
        tracked="",
        footer=(
            LabelledText("", _say(words.AUTOMATIC)),
            LabelledText(_say(words.WHY), _say(words.declared(mailbox))),
            *more,
        ),
    )
    return LetterView(subject, f"{ask.who}{ask.what}.", (part,))
