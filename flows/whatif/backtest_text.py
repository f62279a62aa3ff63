"""A backtest as text for people: tables of cases and of letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.flows.whatif.backtest import Backtest, Change, Changed, Letters
from dondoc.flows.whatif.page import OTHER_OFFICES, Page, Right, left_out, listed, same, span
from dondoc.flows.whatif.replay import Replay, ReplayedCase
from dondoc.notifications.wording.alphabet import collation
from dondoc.notifications.wording.numbers import day

_OFFICES = 25
_CHANGES = {
    Change.GAINED: Text("Thêm (gained)", "Gained"),
    Change.LOST: Text("Bớt (lost)", "Lost"),
    Change.MOVED: Text("Đổi ngày, bước hoặc kết thúc (moved)", "Another day, step or end (moved)"),
}
COUNTED = Text(
    "Cách tính: xét mọi đêm trong khoảng, kể cả ngày nghỉ. Một thư là một hộp thư có tin mới trong một đêm, kể cả "
    "thư mà phanh sẽ giữ lại; tin là một dòng mới trong thư; bước đếm cả các lần báo lặp lại sau bước cuối của "
    "thang. Việc đã quá hạn từ trước khi chạy đà thì mở hồ sơ trong im lặng. (Every night is judged, closed ones "
    "too. A letter is one mailbox with news on one night, also where the brake would hold it; «tin» are the new "
    "lines in letters; steps go on counting through the repeats. What was overdue before the run-up opens in "
    "silence.)",
    "Every night is judged, closed ones too. A letter is one mailbox with news on one night, also where the brake "
    "would hold it; «lines» are the new lines in letters; steps go on counting through the repeats. What was "
    "overdue before the run-up opens in silence.",
)
UNKNOWN = Text(
    "Không biết được: sơ đồ tổ chức, hộp thư và việc được giao (tasks.csv) lấy như hôm nay; báo cáo, hoạt động, "
    "số liệu lấy như đã ghi nhận đến từng đêm. (Not known: the chart, the mailboxes and imported tasks are as of "
    "today; reports, activities and readings are as recorded by each night.)",
    "Not known: the chart, the mailboxes and imported tasks (tasks.csv) are as of today; reports, activities and "
    "readings are as recorded by each night.",
)
_RULE, _OFFICE = Text("Quy tắc (rule)", "Rule"), Text("Cơ quan (office)", "Office")
_NUMBER, _UNITS = Text("Số", "Number"), Text("Đơn vị (units)", "Units")
_UNITS_MORE = Text("đơn vị khác", "other units")
_CHANGED, _BY_MONTH = Text("Đổi gì", "What changed"), Text("Theo tháng", "By month")
_ALONE = (Right(Text("Thư", "Letters")), _BY_MONTH)
_COMPARED = (
    *(Right(Text("Trước", "Before")), Right(Text("Nay", "Now"))),
    *(Right(Text("Chênh", "Difference")), Right(Text("Tin", "Lines"))),
    _BY_MONTH,
)


def show_backtest(found: Backtest, against: str | None, out: Page) -> None:
    """The whole report."""
    nights, compared, in_short = found.nights, NO_TEXT, ""
    if against:
        compared = Text.format(" so với «{other}»", ", compared with «{other}»", other=against)
        in_short = ", compared"
    said = Text.format(
        "Chạy lại {span}, {n} đêm{compared}; chạy đà từ {start}. ({n} nights replayed{in_short})",
        "{span} replayed, {n} nights{compared}; run up from {start}.",
        span=span(nights.first, nights.last),
        n=nights.nights,
        compared=compared,
        start=day(nights.start),
        in_short=in_short,
    )
    out.line(said)
    if found.before is None:
        cases = found.after.cases
        title = Text.format("Hồ sơ (cases): {n}", "Cases: {n}", n=len(cases))
        _show_cases(title, cases.values(), found, out)
    else:
        _show_changes(found, len(found.before.cases), out)
    _show_letters(found, out)
    if found.after.said or found.after.unsaid:
        out.line(_answers(found.after))
    for line in (COUNTED, UNKNOWN):
        out.line(line, style="dim")


def _answers(after: Replay) -> Text:
    """How many answers of offices were played, and how many had no such case or would not have been accepted."""
    return Text.format(
        "\nTrả lời của các cơ quan (answers): tính lại {said}, không còn hợp {unsaid}",
        "\nAnswers of offices: {said} said again, {unsaid} without such a case or not accepted",
        said=after.said,
        unsaid=after.unsaid,
    )


def _show_changes(found: Backtest, before: int, out: Page) -> None:
    changes = list(found.changes())
    by_kind: Mapping[Change, list[Changed]] = {
        kind: [one for one in changes if one.change is kind] for kind in Change
    }
    gained, lost, moved = (len(by_kind[kind]) for kind in Change)
    said = Text.format(
        "\nHồ sơ (cases): trước {before}, nay {now}: thêm {gained}, bớt {lost}, đổi {moved}",
        "\nCases: before {before}, now {now}: {gained} gained, {lost} lost, {moved} moved",
        before=before,
        now=len(found.after.cases),
        gained=gained,
        lost=lost,
        moved=moved,
    )
    out.line(said)
    for kind in (Change.GAINED, Change.LOST):
        _show_cases(_CHANGES[kind], [one.seen for one in by_kind[kind]], found, out)
    _show_moved(by_kind[Change.MOVED], found, out)


def _show_cases(title: Text, cases: Iterable[ReplayedCase], found: Backtest, out: Page) -> None:
    """By rule: how many, and the first units by name."""
    by_rule: dict[str, list[Text]] = defaultdict(list)
    for seen in cases:
        by_rule[seen.rule].append(found.name(seen.unit))
    rows = sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0]))
    if rows:
        cells = [(same(rule), same(len(units)), _some(units)) for rule, units in rows]
        out.table(cells, _RULE, Right(_NUMBER), _UNITS, title=title)


def _show_moved(changes: Sequence[Changed], found: Backtest, out: Page) -> None:
    """By rule and by what changed: how many, and the first units by name."""
    groups: dict[tuple[str, Text], list[Text]] = defaultdict(list)
    for one in changes:
        assert one.before is not None
        assert one.after is not None
        groups[one.seen.rule, _moved(one.before, one.after)].append(found.name(one.seen.unit))
    rows = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0][0], item[0][1].vi))
    if rows:
        cells = [(same(rule), same(len(units)), what, _some(units)) for (rule, what), units in rows]
        out.table(cells, _RULE, Right(_NUMBER), _CHANGED, _UNITS, title=_CHANGES[Change.MOVED])


def _moved(before: ReplayedCase, after: ReplayedCase) -> Text:
    """How a case differs: in its breach, its highest step, its end; else in the nights of its steps."""
    said = []
    if before.breach != after.breach:
        was, now = day(before.breach), day(after.breach)
        said.append(Text.format("vi phạm {was} → {now}", "breach {was} → {now}", was=was, now=now))
    if _step(before) != _step(after):
        was, now = str(_step(before)), str(_step(after))
        said.append(Text.format("bước {was} → {now}", "step {was} → {now}", was=was, now=now))
    if (before.outcome, before.closed_on) != (after.outcome, after.closed_on):
        ended, ends = _closed(before), _closed(after)
        said.append(Text.format("đóng {was} → {now}", "closed {was} → {now}", was=ended, now=ends))
    return Text.join(", ", said) if said else Text("đêm lên bước", "the nights of its steps")


def _step(seen: ReplayedCase) -> int:
    return seen.steps[-1][0] if seen.steps else 0


def _closed(seen: ReplayedCase) -> Text:
    return same(day(seen.closed_on)) if seen.closed_on else Text("chưa", "not yet")


def _show_letters(found: Backtest, out: Page) -> None:
    rows = found.letters()
    before, after = sum(row.totals[0] for row in rows), sum(row.totals[1] for row in rows)
    compared = found.before is not None
    title = Text.format("\nThư (letters): {n}", "\nLetters: {n}", n=after)
    if compared:
        vi = "\nThư (letters): trước {before}, nay {after}, chênh {difference}"
        en = "\nLetters: before {before}, now {after}, difference {difference}"
        title = Text.format(vi, en, before=before, after=after, difference=f"{after - before:+d}")
    changed = [row for row in rows if not compared or row.before != row.after or row.lines[0] != row.lines[1]]
    out.line(title)
    if changed:
        cells = [
            (found.name(row.office), *(_compared(row) if compared else (same(row.totals[1]), _months(row.after))))
            for row in changed[:_OFFICES]
        ]
        out.table(cells, _OFFICE, *(_COMPARED if compared else _ALONE))
    _rest(changed, len(rows), out, compared=compared)
    new = found.new_readers()
    if new:
        names = listed(list(map(found.name, new)), OTHER_OFFICES)
        vi, en = "Trước không có thư, nay có (new readers): {names}", "No letters before, some now: {names}"
        out.line(Text.format(vi, en, names=names))


def _rest(changed: Sequence[Letters], offices: int, out: Page, *, compared: bool) -> None:
    """What the table leaves out."""
    if len(changed) > _OFFICES:
        out.line(left_out(len(changed) - _OFFICES))
    if compared and offices > len(changed):
        vi = "{n} cơ quan không đổi (offices without a change)"
        out.line(Text.format(vi, "{n} offices without a change", n=offices - len(changed)))


def _compared(row: Letters) -> tuple[Text, ...]:
    before, after = row.totals
    months = sorted({*row.before, *row.after})
    differences = {month: row.after.get(month, 0) - row.before.get(month, 0) for month in months}
    said = ", ".join(f"{_month(month)} {number:+d}" for month, number in differences.items() if number)
    lines = row.lines[1] - row.lines[0]
    return tuple(map(same, (before, after, f"{row.difference:+d}", f"{lines:+d}", said or "–")))


def _months(letters: Mapping[str, int]) -> Text:
    return same(", ".join(f"{_month(month)}: {number}" for month, number in sorted(letters.items())))


def _month(key: str) -> str:
    year, _, month = key.partition("-")
    return f"{month}/{year}"


def _some(units: Iterable[Text]) -> Text:
    """The first units in Vietnamese order, and how many more there are."""
    return listed(sorted(set(units), key=lambda name: collation(name.vi)), _UNITS_MORE)
