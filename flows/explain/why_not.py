"""Why a unit or an office got no letter on a night: by rule and demand, the first reason that applies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dondoc.engine.cases.tonight import Ended
from dondoc.engine.domain.demand import Bearers
from dondoc.engine.domain.model import Task
from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.domain.terms import CaseStatus, TaskKind
from dondoc.engine.explain.not_demanded import misfit, not_demanded, not_soon
from dondoc.engine.explain.not_told import before_breach, naming, of_case, tonight
from dondoc.engine.explain.reasons import DemandHistory, Explanation, Why
from dondoc.engine.store.night import acts
from dondoc.engine.store.night.trigger_events import happenings
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.lookup import refuse_unknown_office
from dondoc.flows.night.steps import cutoff_of

_DAY = timedelta(days=1)
# How long after its last day a demand that was not made is still reported.
_LATELY = timedelta(days=62)
_STANDING = (Why.TOLD, Why.UNDONE)


@dataclass(frozen=True, slots=True)
class WhyNotLine:
    """One reason for one rule and demand, with the units it applies to; `case` is the code of one unit's case.

    A line about several units leaves out the values that differ.
    """

    rule: str | None
    subject: str
    units: tuple[str, ...]
    case: str
    reason: Explanation


@dataclass(frozen=True, slots=True)
class WhyNotAnswer:
    """The answer about one office on one night.

    `others` are the rules that do not concern it at all. `state` says whether the night was judged (`run`), will
    come (`to-come`) or never ran (`not-run`).
    """

    office: str
    on: date
    state: str
    mailbox: str | None
    forwarded_to: str | None
    lines: tuple[WhyNotLine, ...]
    others: tuple[str, ...]
    letters: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "office": self.office,
            "on": self.on,
            "night": self.state,
            "mailbox": self.mailbox,
            "forwarded_to": self.forwarded_to,
            "lines": [
                {
                    "rule": line.rule,
                    "demand": line.subject,
                    "units": line.units,
                    "case": line.case or None,
                    "why": line.reason.why,
                    "values": dict(line.reason.values),
                }
                for line in self.lines
            ],
            "rules_without_part_in_it": self.others,
            "letters": self.letters,
        }


def why_not(view: NightView, office: str, rule: str | None = None) -> WhyNotAnswer:
    """Why no letter went to an office on the view's night, or that one did; for one rule or (None) for all.

    Raises `CallRefused` for an unknown office.
    """
    refuse_unknown_office(office, view.chart.units)
    rules = [view.book.rules[rule]] if rule else list(view.book.rules.values())
    # All at once: a rule by itself would have the night judged again for each of them.
    names = view.replay([one.id for one in rules]).night.names
    delegated = acts.delegated_to(view.conn, names, office, cutoff_of(view.as_of))
    lines: list[WhyNotLine] = list(_life(view, office))
    others: list[str] = []
    for one in rules:
        units = {unit for rule_, unit in delegated if rule_ == one.id}
        found = list(_of_rule(view, office, one, units, asked=rule is not None))
        lines += found
        if not found:
            others.append(one.id)
    letters = {line.reason.values["letter"] for line in lines if "letter" in line.reason.values}
    states = {letter: status.state.value for letter, status in view.letters(letters).items()}
    box = view.chart.mailbox(office, view.as_of)
    above = None if box else view.chart.forwarding(office, view.as_of)
    state = "to-come" if view.played else "run" if view.run else "not-run"
    return WhyNotAnswer(
        office,
        view.as_of,
        state,
        box.address if box else None,
        above[0] if above else None,
        tuple(sorted(lines, key=_order)),
        tuple(others),
        states,
    )


def _order(line: WhyNotLine) -> tuple[bool, bool, str, str]:
    """Letters first, then open cases, then the rest, by rule and demand."""
    return line.reason.why not in _STANDING, not line.case, line.rule or "", line.subject


def _life(view: NightView, office: str) -> Iterator[WhyNotLine]:
    unit = view.chart.units[office]
    if unit.alive(view.as_of):
        return
    heirs = tuple(
        entry.new
        for entry in view.chart.successions
        if entry.old == office and entry.effective <= view.as_of and entry.new in view.chart.units
    )
    until = unit.valid_to - _DAY if unit.valid_to else None
    values = {"from": unit.valid_from, "until": until, "heirs": tuple(dict.fromkeys(heirs))}
    yield WhyNotLine(None, "", (office,), "", Explanation(Why.NOT_ALIVE, values))


def _of_rule(
    view: NightView, office: str, rule: Rule, delegating: Collection[str], *, asked: bool
) -> Iterator[WhyNotLine]:
    """The lines of one rule; none when it does not concern the office, unless the rule was named in the call.

    `delegating` are the units that have ever had the office do what the rule demands of them.
    """
    meant = misfit(rule.applies_to, office, view.chart, view.as_of)
    if meant is None:
        yield from _as_unit(view, office, rule)
        yield from _as_delegate(view, office, rule, delegating)
        return
    found = [*_as_heir(view, office, rule), *_as_reader(view, office, rule)]
    found = found or list(_as_delegate(view, office, rule, delegating))
    if not found and asked:
        found = [
            WhyNotLine(rule.id, "", (), "", meant),
            WhyNotLine(rule.id, "", (), "", Explanation(Why.NOT_NAMED)),
        ]
    yield from found


def _as_heir(view: NightView, office: str, rule: Rule) -> Iterator[WhyNotLine]:
    """The demands that an office has taken over from ended units, and those that still wait for a decision."""
    owed = view.demanded(rule.id, {office})
    for demanded in _notifying(owed, office, view.as_of):
        yield _line(demanded, office, _reason(view, demanded, office))
    before = {entry.old for entry in view.chart.successions if entry.new == office}
    for demanded in view.demanded(rule.id, before) if before else ():
        night = view.tonight(demanded.task)
        if _open(demanded) and night.ended is Ended.UNIT_ENDED:
            yield _line(demanded, demanded.task.unit, of_case(demanded, office, night))


def _as_delegate(view: NightView, office: str, rule: Rule, units: Collection[str]) -> Iterator[WhyNotLine]:
    """What an office does for others who are responsible, and what it hears of that tonight."""
    for demanded in view.demanded(rule.id, units) if units else ():
        does = demanded.ruling is not None and demanded.ruling.finding.task.delegate == office
        if (does and _open(demanded)) or tonight(demanded, office, view.as_of) is not None:
            yield _line(demanded, demanded.task.unit, _reason(view, demanded, office))


def _as_unit(view: NightView, unit: str, rule: Rule) -> Iterator[WhyNotLine]:
    not_in_force = _not_in_force(view, rule)
    if not_in_force is not None:
        told = list(_told_of_the_end(view, unit, view.demanded(rule.id, {unit})))
        yield from told or [WhyNotLine(rule.id, "", (unit,), "", not_in_force)]
        return
    demands = view.demanded(rule.id, {unit})
    chosen = list(_notifying(demands, unit, view.as_of))
    for demanded in chosen:
        yield _line(demanded, unit, _reason(view, demanded, unit))
    if not any(_open(one) for one in chosen) and view.chart.units[unit].alive(view.as_of):
        yield from _unasked(view, rule, unit, demands)


def _told_of_the_end(view: NightView, office: str, demands: Iterable[DemandHistory]) -> Iterator[WhyNotLine]:
    """The letters of the night that say that a directive has ended, and with it the cases of a rule."""
    for demanded in demands:
        told = tonight(demanded, office, view.as_of)
        if told is not None:
            yield _line(demanded, demanded.task.unit, told)


def _not_in_force(view: NightView, rule: Rule) -> Explanation | None:
    found: Rule | None = rule
    while found is not None:
        directive = view.book.directives[found.directive]
        if not directive.followed(view.as_of):
            days = {"from": directive.in_force_from, "until": directive.in_force_until}
            over = view.as_of > directive.in_force_from
            return Explanation(Why.NOT_IN_FORCE, days | ({"followed": directive.followed_until} if over else {}))
        found = view.book.base_of(found.id)
    return None


def _open(demanded: DemandHistory) -> bool:
    return demanded.case is not None and demanded.case.status is not CaseStatus.CLOSED


def _notifying(demands: Sequence[DemandHistory], office: str, on: date) -> Iterator[DemandHistory]:
    """The demands that get a line: with an open case, told tonight, of a whole series; else the last and next."""
    standing = [
        one
        for one in demands
        # A whole series, of figures or of periods running, has no limit of its own.
        if _open(one) or one.task.last_day is None or tonight(one, office, on) is not None
    ]
    yield from standing
    if any(_open(one) for one in standing):
        return
    dated = [one for one in demands if one.task.last_day is not None and one not in standing]
    past = [one for one in dated if one.task.last_day and one.task.last_day < on]
    coming = [one for one in dated if one.task.last_day and one.task.last_day >= on]
    yield from (*past[-1:], *coming[:1])


def _line(demanded: DemandHistory, unit: str, reason: Explanation) -> WhyNotLine:
    case = demanded.case
    return WhyNotLine(demanded.task.rule, demanded.task.subject, (unit,), case.code if case else "", reason)


def _reason(view: NightView, demanded: DemandHistory, office: str) -> Explanation:
    night = view.tonight(demanded.task)
    notified = tonight(demanded, office, view.as_of)
    if notified is not None:
        return notified
    before = before_breach(demanded, office, night)
    if before is not None:
        return before
    reason = of_case(demanded, office, night)
    if reason.why is Why.NIGHT_NOT_RUN and view.run:
        return Explanation(reason.why, {**reason.values, "ran": True})
    return reason


def _unasked(view: NightView, rule: Rule, unit: str, demands: Sequence[DemandHistory]) -> Iterator[WhyNotLine]:
    """Why the rule did not make recent demands on the unit; or why it makes none at all."""
    events = happenings(
        view.conn, view.book, view.as_of, cutoff_of(view.as_of), view.replay((rule.id,)).night.names.units
    )
    found = not_demanded(view.book, view.chart, rule, unit, view.as_of, events)
    dated = [one.task.last_day for one in demands if one.task.last_day and one.task.last_day < view.as_of]
    newest = max(dated, default=date.min)
    for one in found:
        if one.last_day and newest < one.last_day < view.as_of and view.as_of - one.last_day <= _LATELY:
            yield WhyNotLine(rule.id, one.subject, (unit,), "", one.reason)
    if not demands:
        coming = [one for one in found if one.last_day and one.last_day >= view.as_of]
        if coming:
            yield WhyNotLine(rule.id, coming[0].subject, (unit,), "", coming[0].reason)
        elif not found:
            yield WhyNotLine(rule.id, "", (unit,), "", _not_soon(view, rule, unit))


def _not_soon(view: NightView, rule: Rule, unit: str) -> Explanation:
    return not_soon(view.book, view.chart, rule, unit, view.as_of)


def _as_reader(view: NightView, office: str, rule: Rule) -> Iterator[WhyNotLine]:
    """The lines of one rule for an office that a step of its ladder may name."""
    units = _bearers(view, rule)
    named = {unit: naming(view.tonight(task), task, office) for unit, task in units.items()}
    concerned = [unit for unit, why in named.items() if why is None]
    for unit, why in named.items():
        if why is not None and why.why is not Why.NOT_NAMED and not concerned:
            yield from _merged([WhyNotLine(rule.id, "", (unit,), "", why)])
            return
    if not concerned:
        return
    not_in_force = _not_in_force(view, rule)
    if not_in_force is not None:
        told = list(_told_of_the_end(view, office, view.demanded(rule.id)))
        yield from _merged(told or [WhyNotLine(rule.id, "", (), "", not_in_force)])
        return
    lines: list[WhyNotLine] = []
    by_unit: dict[str, list[DemandHistory]] = {unit: [] for unit in concerned}
    for demanded in view.demanded(rule.id):
        for unit in demanded.task.bearers or (demanded.task.unit,):
            if unit in by_unit:
                by_unit[unit].append(demanded)
    for unit, demands in by_unit.items():
        lines += [_line(one, unit, _reason(view, one, office)) for one in _notifying(demands, office, view.as_of)]
    yield from _merged(
        lines or [WhyNotLine(rule.id, "", tuple(concerned), "", _not_soon(view, rule, concerned[0]))]
    )


def _bearers(view: NightView, rule: Rule) -> Mapping[str, Task]:
    """Every unit that the rule applies to on the night, with a stand-in task to resolve its ladder."""
    units = Bearers(view.chart).of(rule.applies_to, view.as_of)
    return {unit: Task(0, rule.id, unit, "", TaskKind.REPORT, None) for unit in units}


def _merged(lines: Iterable[WhyNotLine]) -> list[WhyNotLine]:
    """Merges lines of one rule and demand with the same reason; keeps the values that all of them share."""
    groups: dict[tuple[str | None, str, Why, object], list[WhyNotLine]] = {}
    for line in lines:
        values = line.reason.values
        # That there is a next letter, and that there is none, are two answers.
        notified: object = "next" in values and values["next"] is None
        if line.reason.why in _STANDING:
            notified = values["letter"], values["section"], values.get("lapsed")
        groups.setdefault((line.rule, line.subject, line.reason.why, notified), []).append(line)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: Sequence[WhyNotLine]) -> WhyNotLine:
    first = group[0]
    if len(group) == 1:
        return first
    shared = {
        name: value
        for name, value in first.reason.values.items()
        if all(line.reason.values.get(name) == value for line in group)
    }
    units = tuple(unit for line in group for unit in line.units)
    return replace(first, units=units, case="", reason=Explanation(first.reason.why, shared))
