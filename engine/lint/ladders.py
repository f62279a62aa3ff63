"""Steps of a ladder that notify nobody, and units that would be notified as their own supervisor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from dondoc.engine.cases.recipients import RESPONSIBLE, Recipients
from dondoc.engine.domain.model import NO_TEXT, LadderStep, Task, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Directive, Rule
from dondoc.engine.domain.terms import Line
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note
from dondoc.engine.lint.lists import listed

_SUPERIOR = "superior."


def check(subject: LintContext) -> Iterator[Problem]:
    """Per directive: rules and steps that notify no other office; per rule: units that supervise themselves."""
    chart = subject.chart
    if chart is None:
        return
    for directive, rules in subject.by_directive():
        silent: dict[tuple[str, int, Text], list[Rule]] = defaultdict(list)
        alone: dict[Text | None, list[Rule]] = defaultdict(list)
        for rule in rules:
            recipients = subject.recipients(chart, subject.day(rule))
            tasks = tuple(subject.tasks(rule))
            found = tuple(_silent(subject, rule, tasks, recipients))
            if tasks and not _notifies_others(subject, rule, tasks, recipients):
                alone[found[0][1] if found else None].append(rule)
                continue
            for number, why in found:
                silent[rule.ladder, number, why].append(rule)
            yield from _selves(subject, directive, rule, tasks, chart)
        for reason, those in alone.items():
            yield _alone(those, reason)
        for (ladder, number, why), those in silent.items():
            yield _step(subject.book.ladders[ladder].steps, ladder, number, why, those)


def _notifies_others(subject: LintContext, rule: Rule, tasks: Sequence[Task], recipients: Recipients) -> bool:
    """Whether any step notifies an office besides the units themselves."""
    steps = subject.book.ladders[rule.ladder].steps
    return any(recipients.readers(task, step) for task in tasks for step in steps)


def _alone(rules: Sequence[Rule], why: Text | None) -> Problem:
    names = listed([rule.id.partition("/")[2] for rule in rules])
    vi, en = (f" ({why.vi})", f" ({why.en})") if why else ("", "")
    return note(
        rules[0].place,
        "nobody-else",
        f"ngoài đơn vị phải thực hiện, không ai được báo ở bất cứ bậc nào{vi}, quy tắc: {names.vi}; ghi «monitor» "
        "hoặc «reports_to», hoặc bổ sung quan hệ vào relations.csv",
        f"no step notifies anybody but the bound unit{en}, rules: {names.en}; write 'monitor' or 'reports_to', or "
        "add the relations to relations.csv",
    )


def _silent(
    subject: LintContext, rule: Rule, tasks: Sequence[Task], recipients: Recipients
) -> Iterator[tuple[int, Text]]:
    """The steps, from 1, that name other offices and find none, and why; the ceiling is no fault (decision 9)."""
    for number, step in enumerate(subject.book.ladders[rule.ladder].steps, 1):
        words = [word for word in (*step.to, *step.copy) if word != RESPONSIBLE]
        if not words or not tasks or any(recipients.readers(task, step) for task in tasks):
            continue
        reasons = [_missing(rule, tasks, word, recipients) for word in words]
        known = [reason for reason in reasons if reason is not None]
        if known:
            yield number, known[0]


def _missing(rule: Rule, tasks: Sequence[Task], word: str, recipients: Recipients) -> Text | None:
    """What the data or the rule lacks for a word; None where it names an office, even one above the ceiling."""
    chart, on = recipients.chart, recipients.on
    units = [unit for task in tasks for unit in recipients.bearers(task)]
    if word.startswith(_SUPERIOR):
        line, _, nth = word.removeprefix(_SUPERIOR).partition(".")
        if any(chart.superior(unit, Line(line), int(nth or 1), on) for unit in units):
            return None
        return Text(
            f"«{word}»: chưa có quan hệ cấp trên này trong dữ liệu", f"'{word}': no such parent in the data"
        )
    if word == "led_by":
        if any(chart.led_by(unit, on) for unit in units):
            return None
        return Text(
            "«led_by»: chưa có cấp ủy lãnh đạo trong dữ liệu", "'led_by': no leading committee in the data"
        )
    directive = recipients.book.directives[rule.directive]
    named = _named(rule, directive, word)
    if word == "reports_to" and named is not None and named not in chart.units:
        return _missing(rule, tasks, named, recipients)
    if named is None:
        return Text(
            f"«{word}»: quy tắc và văn bản đều không ghi", f"'{word}': neither rule nor directive names one"
        )
    if chart.heir(named, on) is None:
        return Text(
            f"«{word}»: {named} không còn và chưa rõ cơ quan nào kế thừa",
            f"'{word}': {named} has ended, and its successor is not known",
        )
    return None


def _named(rule: Rule, directive: Directive, word: str) -> str | None:
    """The unit that a word names directly, or the word itself."""
    known = {
        "monitor": rule.monitor or directive.monitor,
        "issuer": directive.authority,
        "reports_to": rule.reports_to,
    }
    return known.get(word, word)


def _step(steps: Sequence[LadderStep], ladder: str, number: int, why: Text, rules: Sequence[Rule]) -> Problem:
    others = listed([rule.id.partition("/")[2] for rule in rules])
    last = number == len(steps)
    then = (
        NO_TEXT
        if last
        else Text("; lượt báo chuyển ngay sang bậc sau", "; its turn passes to the next step at once")
    )
    return note(
        rules[0].place,
        "step-nobody",
        f"bậc {number} của thang «{ladder}» không có ai nhận ({why.vi}), quy tắc: {others.vi}{then.vi}",
        f"step {number} of ladder '{ladder}' reaches nobody ({why.en}), rules: {others.en}{then.en}",
    )


def _selves(
    subject: LintContext, directive: Directive, rule: Rule, tasks: Sequence[Task], chart: OrgChart
) -> Iterator[Problem]:
    """Units that the ladder leaves out because they would supervise themselves (decision 34)."""
    on = subject.day(rule)
    steps = subject.book.ladders[rule.ladder].steps
    words = dict.fromkeys(word for step in steps for word in (*step.to, *step.copy))
    units = {unit for task in tasks for unit in task.bearers or (task.unit,)}
    for word in ("monitor", "issuer", "reports_to"):
        named = _named(rule, directive, word)
        office = _reader(chart, directive, named, on) if word in words and named else None
        if office is not None and office in units:
            yield note(
                rule.place,
                "self-dropped",
                f"{office} vừa phải thực hiện vừa là «{word}» của quy tắc này, nên không được báo với tư cách đó; "
                f"ghi «{word}» khác cho quy tắc, nếu có cơ quan khác theo dõi",
                f"{office} is both bound by this rule and its '{word}', and is not notified as such; give the "
                f"rule another '{word}' if another office follows up",
            )


def _reader(chart: OrgChart, directive: Directive, named: str, on: date) -> str | None:
    """The office that reads for a body or its heir on that day; None: nobody does."""
    heir = chart.heir(named, on) if named in chart.units else None
    return chart.reading_organ(heir, directive.read_by, on) if heir else None
