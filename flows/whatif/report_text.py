"""Backtests and forecasts as text for people: tables at most 100 characters wide, Vietnamese first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table

from dondoc.engine.domain.terms import Section
from dondoc.flows.whatif.backtest import Backtest, Change, Changed, Letters
from dondoc.flows.whatif.forecast import Forecast, ForecastLetter, ForecastOffice
from dondoc.flows.whatif.replay import ReplayedCase
from dondoc.notifications.wording.alphabet import alphabetical
from dondoc.notifications.wording.labels import LAPSED, SECTIONS

WIDTH = 100
_NAMED = 5
_OFFICES = 25
_CHANGES = {
    Change.GAINED: "Thêm (gained)",
    Change.LOST: "Bớt (lost)",
    Change.MOVED: "Đổi ngày, bước hoặc kết thúc (moved)",
}
COUNTED = (
    "Cách tính: xét mọi đêm trong khoảng, kể cả ngày nghỉ. Một thư là một hộp thư có tin mới trong một đêm, kể cả "
    "thư mà phanh sẽ giữ lại; tin là một dòng mới trong thư; bước đếm cả các lần báo lặp lại sau bước cuối của "
    "thang. Việc đã quá hạn từ trước khi chạy đà thì mở hồ sơ trong im lặng. (Every night is judged, closed ones "
    "too. A letter is one mailbox with news on one night, also where the brake would hold it; «tin» are the new "
    "lines in letters; steps go on counting through the repeats. What was overdue before the run-up opens in "
    "silence.)"
)
UNKNOWN = (
    "Không biết được: sơ đồ tổ chức, hộp thư và việc được giao (tasks.csv) lấy như hôm nay; báo cáo, hoạt động, "
    "số liệu lấy như đã ghi nhận đến từng đêm. (Not known: the chart, the mailboxes and imported tasks are as of "
    "today; reports, activities and readings are as recorded by each night.)"
)


def console() -> Console:
    """A console for tables, never wider than they are designed for; brackets in a name are no markup."""
    return Console(width=WIDTH, highlight=False, markup=False, emoji=False)


def show_backtest(found: Backtest, against: str | None, out: Console) -> None:
    """The whole report."""
    nights = found.nights
    compared = f" so với «{against}»" if against else ""
    out.print(
        f"Chạy lại {_span(nights.first, nights.last)}, {nights.nights} đêm{compared}; chạy đà từ "
        f"{nights.start:%d/%m/%Y}. ({nights.nights} nights replayed{', compared' if against else ''})",
    )
    if found.before is None:
        _show_cases(f"Hồ sơ (cases): {len(found.after.cases)}", found.after.cases.values(), found, out)
    else:
        _show_changes(found, out)
    _show_letters(found, out)
    for line in (COUNTED, UNKNOWN):
        out.print(line, style="dim")


def _show_changes(found: Backtest, out: Console) -> None:
    assert found.before is not None
    changes = list(found.changes())
    by_kind: Mapping[Change, list[Changed]] = {
        kind: [one for one in changes if one.change is kind] for kind in Change
    }
    gained, lost, moved = (len(by_kind[kind]) for kind in Change)
    out.print(
        f"\nHồ sơ (cases): trước {len(found.before.cases)}, nay {len(found.after.cases)}: thêm {gained}, "
        f"bớt {lost}, đổi {moved}",
    )
    for kind in (Change.GAINED, Change.LOST):
        _show_cases(_CHANGES[kind], [one.seen for one in by_kind[kind]], found, out)
    _show_moved(by_kind[Change.MOVED], found, out)


def _show_cases(title: str, cases: Iterable[ReplayedCase], found: Backtest, out: Console) -> None:
    """By rule: how many, and the first units by name."""
    by_rule: dict[str, list[str]] = defaultdict(list)
    for seen in cases:
        by_rule[seen.rule].append(found.names.get(seen.unit, seen.unit))
    if not by_rule:
        return
    table = _table("Quy tắc (rule)", ("Số", "right"), "Đơn vị (units)", title=title)
    for rule, units in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        table.add_row(rule, str(len(units)), _listed(alphabetical(set(units)), "đơn vị"))
    out.print(table)


def _show_moved(changes: Sequence[Changed], found: Backtest, out: Console) -> None:
    """By rule and by what changed: how many, and the first units by name."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in changes:
        assert one.before is not None
        assert one.after is not None
        groups[one.seen.rule, _moved(one.before, one.after)].append(found.names.get(one.seen.unit, one.seen.unit))
    if not groups:
        return
    table = _table("Quy tắc (rule)", ("Số", "right"), "Đổi gì", "Đơn vị (units)", title=_CHANGES[Change.MOVED])
    for (rule, what), units in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        table.add_row(rule, str(len(units)), what, _listed(alphabetical(set(units)), "đơn vị"))
    out.print(table)


def _moved(before: ReplayedCase, after: ReplayedCase) -> str:
    """How a case differs: in its breach, its highest step, its end; else in the nights of its steps."""
    said = []
    if before.breach != after.breach:
        said.append(f"vi phạm {before.breach:%d/%m/%Y} → {after.breach:%d/%m/%Y}")
    if _step(before) != _step(after):
        said.append(f"bước {_step(before)} → {_step(after)}")
    if (before.outcome, before.closed_on) != (after.outcome, after.closed_on):
        said.append(f"đóng {_closed(before)} → {_closed(after)}")
    return ", ".join(said) or "đêm lên bước"


def _step(seen: ReplayedCase) -> int:
    return seen.steps[-1][0] if seen.steps else 0


def _closed(seen: ReplayedCase) -> str:
    return f"{seen.closed_on:%d/%m/%Y}" if seen.closed_on else "chưa"


def _show_letters(found: Backtest, out: Console) -> None:
    rows = found.letters()
    before, after = sum(row.totals[0] for row in rows), sum(row.totals[1] for row in rows)
    compared = found.before is not None
    heads: list[str | tuple[str, str]]
    if compared:
        heads = [("Trước", "right"), ("Nay", "right"), ("Chênh", "right"), ("Tin", "right"), "Theo tháng"]
        title = f"\nThư (letters): trước {before}, nay {after}, chênh {after - before:+d}"
    else:
        heads = [("Thư", "right"), "Theo tháng"]
        title = f"\nThư (letters): {after}"
    changed = [row for row in rows if not compared or row.before != row.after or row.lines[0] != row.lines[1]]
    out.print(title)
    if changed:
        table = _table("Cơ quan (office)", *heads)
        for row in changed[:_OFFICES]:
            name = found.names.get(row.office, row.office)
            table.add_row(name, *(_compared(row) if compared else (str(row.totals[1]), _months(row.after))))
        out.print(table)
    _rest(changed, len(rows), out, compared=compared)
    new = found.new_readers()
    if new:
        names = _listed([found.names.get(office, office) for office in new], "cơ quan")
        out.print(f"Trước không có thư, nay có (new readers): {names}")


def _rest(changed: Sequence[Letters], offices: int, out: Console, *, compared: bool) -> None:
    """What the table leaves out."""
    if len(changed) > _OFFICES:
        out.print(f"và {len(changed) - _OFFICES} cơ quan khác; đủ trong --json (the rest with --json)")
    if compared and offices > len(changed):
        out.print(f"{offices - len(changed)} cơ quan không đổi (offices without a change)")


def _compared(row: Letters) -> tuple[str, ...]:
    before, after = row.totals
    months = sorted({*row.before, *row.after})
    differences = {month: row.after.get(month, 0) - row.before.get(month, 0) for month in months}
    said = ", ".join(f"{_month(month)} {number:+d}" for month, number in differences.items() if number)
    return str(before), str(after), f"{row.difference:+d}", f"{row.lines[1] - row.lines[0]:+d}", said or "–"


def _months(letters: Mapping[str, int]) -> str:
    return ", ".join(f"{_month(month)}: {number}" for month, number in sorted(letters.items()))


def _month(key: str) -> str:
    year, _, month = key.partition("-")
    return f"{month}/{year}"


def _span(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def show_forecast(found: Forecast, out: Console) -> None:
    """By office: every letter to come."""
    letters = sum(len(reader.letters) for reader in found.readers)
    out.print(
        f"Nếu không ai làm gì thêm, {_span(found.first, found.last)}: {letters} thư tới {len(found.readers)} "
        f"cơ quan. ({letters} letters if nobody acts)",
    )
    groups = _alike(found.readers)
    for readers in groups[:_OFFICES]:
        _show_readers(readers, found, out)
    rest = sum(len(readers) for readers in groups[_OFFICES:])
    if rest:
        out.print(f"\nvà {rest} cơ quan khác; đủ trong --json (the rest with --json)")
    if found.budget:
        over = sum(reader.over_budget for reader in found.readers)
        out.print(
            f"\nMức thư (budget): {found.budget.per_office} thư một cơ quan trong {found.budget.days} ngày; "
            f"{over} cơ quan vượt ({over} offices exceed it)"
        )
    out.print(
        "\nKhông biết được: báo cáo, hoạt động, số liệu sẽ đến sau này; sơ đồ tổ chức lấy như hôm nay. "
        "(Not known: data recorded later; the chart is as of today.)",
        style="dim",
    )


def _alike(readers: Iterable[ForecastOffice]) -> list[list[ForecastOffice]]:
    """Groups of offices with letters of the same nights about the same subjects."""
    groups: dict[object, list[ForecastOffice]] = defaultdict(list)
    for reader in readers:
        same = tuple((one.night, tuple(_sections(one)), one.subjects) for one in reader.letters)
        groups[same].append(reader)
    return list(groups.values())


def _show_readers(readers: Sequence[ForecastOffice], found: Forecast, out: Console) -> None:
    """The letters that these offices get, each the same."""
    first = readers[0]
    over = ""
    if first.over_budget and found.budget:
        over = f"  VƯỢT MỨC (over budget): {first.most} thư trong {found.budget.days} ngày"
    each = f"mỗi cơ quan {len(first.letters)} thư" if len(readers) > 1 else f"{len(first.letters)} thư"
    names = _listed([reader.name for reader in readers], "cơ quan")
    out.print(f"\n{names}: {each}{over}", style="bold")
    table = _table("", "", "")
    table.show_header = False
    for letter in first.letters:
        rows = ", ".join(f"{name} {number}" for name, number in _sections(letter))
        table.add_row(f"  {letter.night:%d/%m/%Y}", rows, "; ".join(letter.subjects))
    out.print(table)


def _sections(letter: ForecastLetter) -> Iterator[tuple[str, int]]:
    """Each section by name with its number; what lapses is not called done."""
    for kind, number in letter.sections.items():
        done = number - letter.lapsed if kind is Section.RESOLVED else number
        if done:
            yield SECTIONS[kind].vi.lower(), done
        if done < number:
            yield LAPSED.vi.lower(), letter.lapsed


def _listed(names: Sequence[str], what: str) -> str:
    """The first names, and how many more there are."""
    rest = f" và {len(names) - _NAMED} {what} khác" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest


def _table(*heads: str | tuple[str, str], title: str = "") -> Table:
    """A table without frame; a head may come with the alignment of its column."""
    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
        title=title or None,
        title_justify="left",
        title_style="bold",
    )
    for head in heads:
        name, justify = head if isinstance(head, tuple) else (head, "left")
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    return table
