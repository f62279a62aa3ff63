"""What a finished letter says, held against the stored facts of its night.

Each check takes a letter with its facts and yields a line for each number that is not so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row as StoredRow
from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Row, days
from tests.support.stored_facts import Duty, Facts, counts
from tests.support.told_letters import Told, by_row, wrong
from tests.support.town import cutoff


def untrue_addressees(one: Told) -> Iterator[str]:
    """The letter is addressed to each office that has a notice in it, and to no other."""
    yield wrong(one, "addressed to", len(one.part.offices), len(one.offices))
    n, f = t.notice, t.case_file
    asked = select(n.c.reader_no, f.c.code).join_from(n, f, f.c.id == n.c.case_id).where(n.c.letter == one.sent)
    for row in one.facts.rows(asked):
        # A row of many cases names one and counts the others.
        rows = [each for each in one.part.rows if row.code in each.codes or "mã khác" in "".join(each.codes)]
        names = one.names(one.facts.units[row.reader_no])
        said = [each.lines.get("reader") for each in rows]
        if said and None not in said and not any(name in str(said) for name in names):
            yield wrong(one, f"{row.code} is for", said, names)


def untrue_owners(one: Told) -> Iterator[str]:
    """Under "VIỆC CỦA" a unit stands what it owes, under "CÁC ĐƠN VỊ" what others than the row's reader owe."""
    for section in one.part.sections:
        whose = section.whose.removeprefix("VIỆC CỦA ")
        for row in section.rows if whose else ():
            readers, duties = one.of(row), _duties(one, row)
            if whose != "CÁC ĐƠN VỊ":
                owing = (name.upper() for duty in duties for unit in duty.bearers for name in one.names(unit))
                readers = tuple(view for view in readers if view.reader.upper() == whose)
                yield wrong(one, f"{row.title}: whose", bool(readers) and (not duties or whose in owing), True)
            elif duties:
                own = all(view.office in duty.bearers for duty in duties for view in readers)
                yield wrong(one, f"{row.title}: of the units", own, False)


def untrue_counts(one: Told) -> Iterator[str]:
    """The four counts and their caption: every demand under the document, of every unit that it is about."""
    if one.part.counts is None:
        return
    whole = one.whole()
    yield wrong(one, "counts", one.part.counts, counts(whole))
    apart = sum(duty.stands == "apart" for duty in whole)
    if one.part.named is not None and len(one.units()) == 1:
        (unit,) = one.units()
        yield wrong(one, "tasks of", one.part.named in one.names(unit), True)
    yield wrong(one, "caption", one.part.counted[:3], (counts(whole).total, len(one.units()), apart))


def untrue_lines(one: Told) -> Iterator[str]:
    """Each unit with something overdue has its line, the others share one, and the total is the counts."""
    table = one.part.by_unit
    if table is None:
        return
    *lines, total = table.lines
    whole = one.whole()
    by_unit = {unit: counts(duty for duty in whole if unit in duty.bearers) for unit in one.units()}
    late = {unit for unit, standing in by_unit.items() if standing.overdue}
    yield wrong(one, "table", (table.late, table.units), (len(late), len(by_unit)))
    yield wrong(one, "total", total.counts, counts(whole))
    named = [line.counts for line in lines if not re.match(r"\d+ ", line.name)]
    yield wrong(one, "lines", sorted(map(repr, named)), sorted(repr(by_unit[unit]) for unit in late))


def _duties(one: Told, row: Row) -> list[Duty]:
    f = t.case_file
    asked = select(f.c.task_id).where(f.c.code.in_(row.codes))
    found = {row.task_id for row in one.facts.rows(asked)}
    return [duty for duty in one.facts.duties if duty.id in found]


def untrue_share(one: Told, row: Row) -> Iterator[str]:
    """`05/24 xã`: the units of the row's cases, of all that bear the same demand and that the reader follows."""
    mine = _duties(one, row)
    if row.share is not None and not any(row.codes):
        yield from _untrue_share_of_a_reminder(one, row)
    if row.share is None or not mine:
        return
    late = {unit for duty in mine for unit in duty.bearers}
    alike = [duty for duty in one.facts.duties if (duty.rule, duty.subject) == (mine[0].rule, mine[0].subject)]
    # A letter that counts the reader's own tasks may have rows of other units, too. Of what another unit carries
    # together with one below the reader, that one alone is counted; all are where the row is about them.
    if one.office in late:
        every = {unit for duty in alike if one.follows(duty) for unit in duty.bearers}
    else:
        below = {unit for duty in alike if one.stands_over(duty) for unit in one.followed(duty)}
        every = below | late if below & late else below
    yield wrong(one, f"{row.title}:", (row.share.late, row.share.of), (len(late), len(every)))


def _as_printed(title: str) -> str:
    """A rule's title as a pattern: what it calls next year's is named by its year."""
    return re.escape(title).replace("năm\\ sau", r"năm \d{4}")


def _untrue_share_of_a_reminder(one: Told, row: Row) -> Iterator[str]:
    """What has no case yet is of a rule with that title and one of its periods that are in time for somebody.

    A letter to several offices has the rows of each, counted as that office reads them.
    """
    alike: dict[tuple[str, str], list[Duty]] = {}
    for duty in one.facts.duties:
        rule = one.facts.book.rules[duty.rule]
        # The row of a brief letter has no title; its headline names the rule in short.
        named = (
            re.match(_as_printed(rule.title.vi), row.title)
            if row.title
            else re.search(_as_printed(rule.short.vi), one.part.headline)
        )
        if named:
            alike.setdefault((duty.rule, duty.subject), []).append(duty)
    true: set[int] = set()
    for duties in alike.values():
        ahead = [duty for duty in duties if duty.last_day >= one.facts.night]
        # Its own row tells a unit of those that carry the task with it.
        true |= {len(duty.bearers) for duty in ahead if not duty.bearers.isdisjoint(one.offices)}
        for reader in one.each:
            below = {unit for duty in duties if reader.stands_over(duty) for unit in reader.followed(duty)}
            # What several units carry together is theirs, also for a reader above one of them alone.
            true |= {max(len(below), len(duty.bearers)) for duty in ahead if reader.stands_over(duty)}
    assert row.share is not None
    if row.share.of not in true:
        yield wrong(one, f"{row.title}: a reminder's share of", row.share.of, sorted(true))


def untrue_letters(one: Told, row: Row) -> Iterator[str]:
    """Every day that a row names as followed up is that of a letter about its case, and none is missing."""
    codes = [code for code in row.codes if re.fullmatch(r"\w+-\d+", code)]
    if len(codes) < len(row.codes) or not codes:
        return
    # Several limits on one figure share a row, which tells of the severest (decision 38).
    codes = codes[:1] if "Số liệu này cũng" in row.lines.get("because", "") else codes
    true = sorted({day for code in codes for day in one.facts.letters_about(code)})
    mine = [day for code in codes for day in one.facts.letters_about(code, one.office)]
    if row.earlier:
        yield wrong(one, f"{row.title}: letters", sorted(row.earlier), true)
    if row.times is not None:
        yield wrong(one, f"{row.title}: times", row.times, len(true))
    if row.last_letter is not None:
        yield wrong(one, f"{row.title}: last letter", row.last_letter, max(mine, default=None))
    asked = re.search(r"Đã đôn đốc \d+ lần \(([^)]*)\)", one.part.ask)
    if asked and len(one.part.rows) == 1:
        yield wrong(one, "ask: letters", days(asked.group(1)), true)


def untrue_lateness(one: Told, row: Row) -> Iterator[str]:
    """`Quá hạn 05 ngày làm việc (07 ngày)`: by the stored last day; nothing whose limit lies ahead is overdue.

    The headline of a brief letter says it of its row.
    """
    night = one.facts.night
    for duty in _duties(one, row):
        said = row.badge or row.brief if row.title else f"{row.badge} {one.part.headline}"
        printed = re.search(r"[Qq]uá hạn (\d+) ngày làm việc(?: \((\d+) ngày\))?", said)
        if duty.last_day >= night:
            yield wrong(one, f"{row.title}: before its limit:", printed.group() if printed else "", "")
        elif printed:
            calendar = one.facts.book.calendar_of(duty.rule)
            true = (calendar.late(duty.last_day, night), (night - duty.last_day).days)
            days_late = true[1] if printed.group(2) is None else int(printed.group(2))
            yield wrong(one, f"{row.title}: lateness", (int(printed.group(1)), days_late), true)


def untrue_days(one: Told, row: Row) -> Iterator[str]:
    """The limit that a row prints is the stored last day, and what comes next the stored night of its case."""
    limit = re.match(r"(hết|trước) ngày (\d\d/\d\d/\d{4})", row.lines.get("limit", ""))
    for duty in _duties(one, row) if limit else ():
        (printed,) = days(limit.group(2)) if limit else (None,)
        after = limit is not None and limit.group(1) == "trước"
        yield wrong(one, f"{row.title}: limit", printed, duty.last_day + timedelta(days=after))
    if row.next_on is not None and row.codes:
        f = t.case_file
        found = one.facts.rows(select(f.c.next_on).where(f.c.code.in_(row.codes)))
        nights = {case.next_on for case in found}
        if nights:
            yield wrong(one, f"{row.title}: next", row.next_on, min(nights, key=lambda night: night or date.max))


_ANSWERS = {
    "acknowledged": "đã biết và sẽ xử lý",
    "explained": "giải trình và hẹn xong ngày {}",
    "extension-asked": "xin lùi hạn đến hết ngày {}",
    "extension-granted": " cho lùi hạn đến hết ngày {}",
    "extension-refused": " không cho lùi hạn",
    "done": " báo đã gửi ngày {}",
    "declared": " báo đã gửi ngày {}",
    "confirmed": " xác nhận điều đã báo",
    "not-confirmed": " không xác nhận điều đã báo",
    "explanation-demanded": " đề nghị giải trình",
    "closed": " đóng hồ sơ: đã có báo cáo ngày {}",
    "reopened": " mở lại hồ sơ",
    "not-ours": " báo việc này không thuộc trách nhiệm của mình",
    "reassigned": " chuyển việc này cho ",
    "not-reassigned": " không chuyển: việc này vẫn của đơn vị",
    "delegated": " thực hiện; việc này vẫn của đơn vị",
}


# What breaks a unit's silence after an explanation was demanded.
_SAYS_WHY = ("explained", "extension-asked", "done", "declared", "not-ours")


def untrue_answers(one: Told, row: Row) -> Iterator[str]:
    """What offices are said to have answered: the latest two acts on the row's case that nobody took back."""
    a, f = t.act, t.case_file
    asked = select(a).join_from(a, f, f.c.id == a.c.case_id).where(f.c.code.in_(row.codes))
    every = sorted([*one.facts.rows(asked), *_given(one, row)], key=lambda act: act.no)
    known = [act for act in every if act.recorded_at <= cutoff(one.facts.night)]
    back = {act.about for act in known if act.kind == "taken-back"}
    kept = [act for act in known if act.no not in back and act.kind != "taken-back"]
    said = row.lines.get("answered", "")
    # A reminder that a waiver ends, and good news, say nothing of answers.
    if (row.lines.get("because") or row.lines.get("next")) and not row.lines.get("waived"):
        yield wrong(one, f"{row.title}: answers", len(re.findall(r"ngày \d\d/\d\d/\d{4}, ", said)), len(kept[-2:]))
    for act in kept[-2:] if said else ():
        office = one.facts.units[act.office_no]
        who = next((name for name in one.names(office) if f"ngày {act.said_on:%d/%m/%Y}, {name} " in said), None)
        yield wrong(one, f"{row.title}: answered", who is not None, True)
        named = act.until or act.done_on
        promised = _ANSWERS[act.kind].format(f"{named:%d/%m/%Y}" if named else "")
        yield wrong(one, f"{row.title}: answered", promised in said and act.words in said, True)
        yield from _untrue_standing(one, row, kept)
        passed = act.kind == "explained" and act.until < one.facts.night
        yield wrong(one, f"{row.title}: promise has passed", f"{promised} (đã qua)" in said, passed)


def _given(one: Told, row: Row) -> Iterator[StoredRow[Any]]:
    """The latest acts by which the matters of a row came to its units, from the cases of other ones."""
    a, f, k = t.act, t.case_file, t.task
    tasks = select(k.c.rule_no, k.c.unit_no, k.c.subject, f.c.code).join_from(f, k, k.c.id == f.c.task_id)
    mine = one.facts.rows(tasks.where(f.c.code.in_(row.codes)))
    asked = select(a, k.c.rule_no, k.c.subject).join_from(a, f, f.c.id == a.c.case_id).order_by(a.c.no)
    acts = one.facts.rows(asked.join(k, k.c.id == f.c.task_id).where(a.c.kind == "reassigned"))
    for task in mine:
        # An assignment that is given to another unit is known there by the act as well.
        came = [
            act
            for act in acts
            if (act.rule_no, act.to_no) == (task.rule_no, task.unit_no)
            and task.subject in (act.subject, f"{act.subject}#{act.no}")
        ]
        # What was given, taken away and given again came with the last of these acts.
        yield from came[-1:]


def _untrue_standing(one: Told, row: Row, kept: Sequence[StoredRow[Any]]) -> Iterator[str]:
    """What waits for an office to decide on it: a declaration, or that the matter is another unit's."""
    whose = [act.kind for act in kept if act.kind in ("not-ours", "reassigned", "not-reassigned")]
    another = "báo không thuộc trách nhiệm" in row.lines.get("standing", "")
    limits = [act.kind for act in kept if act.kind.startswith("extension-")]
    asked = "xin lùi hạn, chờ" in row.lines.get("standing", "")
    yield wrong(one, f"{row.title}: requested", asked, limits[-1:] == ["extension-asked"])
    yield wrong(one, f"{row.title}: disowned", another, whose[-1:] == ["not-ours"])
    declared = [act.no for act in kept if act.kind == "declared"][-1:]
    answered = {act.about for act in kept if act.kind in ("confirmed", "not-confirmed")}
    waits = bool(declared) and declared[0] not in answered
    said = [act.no for act in kept if act.kind in _SAYS_WHY]
    demanded = [act for act in kept if act.kind == "explanation-demanded" and act.no > max(said, default=0)]
    awaited = row.lines.get("explanation", "").count(" đề nghị, ")
    yield wrong(one, f"{row.title}: explanations awaited", awaited, len(demanded))
    yield wrong(one, f"{row.title}: declared", "đã báo gửi, chưa xác nhận" in row.lines.get("standing", ""), waits)


def untrue_direction(one: Told, row: Row) -> Iterator[str]:
    """`giảm từ 08 em xuống 05 em`: the words, the arrow and the order of the figures agree."""
    text = f"{row.title} {row.badge} {' '.join(row.lines.values())} {row.brief}"
    for word, old, new in re.findall(r"(tăng|giảm) từ ([\d.,]+)[^\d]*? (?:lên|xuống) ([\d.,]+)", text):
        before, after = (float(said.strip(".,").replace(".", "").replace(",", ".")) for said in (old, new))
        yield wrong(one, f"{row.title}: from {old} to {new}", word, "tăng" if after > before else "giảm")


def climbs_too_soon(facts: Facts) -> Iterator[str]:
    """No case whose limit lies ahead has reached a step."""
    f, k = t.case_file, t.task
    ahead = (k.c.last_day >= facts.night) & (f.c.status != "closed") & (f.c.reached > 0)
    for row in facts.rows(select(f.c.code, k.c.last_day, f.c.reached).join_from(f, k).where(ahead)):
        yield f"{facts.night} {row.code}: step {row.reached} before {row.last_day}"


def heard_first(facts: Facts) -> Iterator[str]:
    """No office above a unit hears of its matter before the unit could act on its own first letter.

    For nights that ran one by one: after an outage all who are due hear at once (decision 5). A unit without a
    mailbox hears nothing at all, and those above it do not wait for that. A unit that has said something of its
    case knows of it without a letter.
    """
    reachable = {facts.units[row.unit_no] for row in facts.rows(select(t.mailbox.c.unit_no).distinct())}
    f, k, n = t.case_file, t.task, t.notice
    asked = (
        select(f.c.code, k.c.id, k.c.unit_no, n.c.reader_no, n.c.round, n.c.step, n.c.night)
        .join_from(n, f, f.c.id == n.c.case_id)
        .join(k, k.c.id == f.c.task_id)
        .where(n.c.step > 0, n.c.section.in_(("new", "worse")), n.c.waived_until.is_(None))
        .order_by(n.c.night)
    )
    first = dict[tuple[str, int], date]()
    rows = facts.rows(asked)
    # Whose it was when it was missed, and whose it is now that one of them may have ended.
    owing = {row.id: facts.carried[row.id].units | {facts.units[row.unit_no]} for row in rows}
    for row in rows:
        if facts.units[row.reader_no] in owing[row.id]:
            first.setdefault((row.code, row.round), row.night)
    a = t.act
    spoken = [
        (row.code, row.said_on)
        for row in facts.rows(select(a, f.c.code, f.c.task_id).join_from(a, f, f.c.id == a.c.case_id))
        if facts.units[row.office_no] in facts.carried[row.task_id].units
    ]
    for row in rows:
        bearers = owing[row.id]
        own = facts.units[row.reader_no] in bearers or reachable.isdisjoint(bearers)
        if own or row.step <= 1 or first.get((row.code, row.round), date.max) < row.night:
            continue
        before = max(
            (one.night for one in rows if (one.code, one.round < row.round) == (row.code, True)), default=None
        )
        if not any(code == row.code and (before or date.min) < said < row.night for code, said in spoken):
            yield f"{row.night} {row.code}: {facts.units[row.reader_no]} heard before the unit could act"


def untrue(one: Told) -> list[str]:
    """Every number of a letter that is not so."""
    of_rows = (untrue_share, untrue_letters, untrue_lateness, untrue_direction, untrue_days, untrue_answers)
    found = [*untrue_counts(one), *untrue_lines(one), *untrue_addressees(one), *untrue_owners(one)]
    return [line for line in (*found, *by_row(one, *of_rows)) if line]
