"""The nouns and verbs of a finished letter, held against the stored facts and the papers that it cites.

Each check takes a letter with its facts and yields a line for each word that is not so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from dondoc.engine.domain.rulebook import Quota, Rule, Window
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Row, days, plain
from tests.support.told_letters import Told, by_row

_DAY = timedelta(days=1)
_TWO_LEVELS_FROM = date(2025, 7, 1)
# What is not known, what is not an office's to decide, and what is not a word for it.
_NEVER = re.compile(r"chưa gửi|chưa hoàn thành (?!trong hạn|quá hạn|\d)|tạm miễn|điểm %|năm sau")
_ABBREVIATED = re.compile(r"\b(?:UBND|HĐND|MTTQ|LĐTBXH)\b")
_CITED = re.compile(r"số (\S+?)(?: ngày (\d\d/\d\d/\d{4}))? của (.+?)(?= \(|[;.]|$)")


# Of so many offices the foot says why each gets the letter.
_ROLES = 5
# Which office each paper names to follow it up; every other monitor is an assumption of a rule file.
_NAMED = {
    "330-CV/TU": "bp.ban_tuyen_giao_tinh_uy",
    "1179-CV/HU": "tmr.ban_tuyen_giao",
    "46-CT/HU": "dl.ubnd_huyen",
}


def of(one: Told, row: Row) -> tuple[Rule, ...]:
    """The rules of a row's cases."""
    f, task = t.case_file, t.task
    asked = select(task.c.rule_no).join_from(f, task, f.c.task_id == task.c.id).where(f.c.code.in_(row.named))
    names = {rule.no: rule.id for rule in one.facts.rows(select(t.rule))}
    return tuple(one.facts.book.rules[names[found.rule_no]] for found in one.facts.rows(asked))


def untrue(one: Told) -> list[str]:
    """Every word of a letter that is not so."""
    where = f"{one.facts.night} {one.office}"
    found = [*_of_the_letter(one), *_of_the_reader(one)]
    found += by_row(one, _of_a_row, _of_a_paper, _others)
    return [f"{where}: {said}" for said in found]


def _of_the_letter(one: Told) -> Iterator[str]:
    part = one.part
    for said in (one.letter.subject, part.headline, part.ask):
        yield from (f"{word!r} in {said!r}" for word in _NEVER.findall(said))
    if any(map(_ABBREVIATED.search, part.offices)):
        yield f"addressed in short: {part.offices}"
    said = f"{part.caption} {' '.join(row.lines.get('unit', row.brief) for row in part.rows)}"
    again = [rule for row in part.rows for rule in of(one, row)]
    if "kỳ tiếp theo" in part.ask and again and not any(map(_comes_again, again)):
        yield f"it comes once: {part.ask}"
    if one.facts.night >= _TWO_LEVELS_FROM and "thị trấn" in said:
        yield f"towns after their end: {said}"
    if one.facts.night < _TWO_LEVELS_FROM and "đặc khu" in said:
        yield f"special zones before their time: {said}"


def untrue_role(one: Told) -> Iterator[str]:
    """The foot gives nobody a role that the paper does not give: to follow up, least of all."""
    for view in one.each:
        if view.role:
            yield from _untrue_role(view)


def _untrue_role(one: Told) -> Iterator[str]:
    said = one.role
    papers = [paper for paper in one.facts.book.directives.values() if paper.number and paper.number in said]
    named = any(_NAMED.get(str(paper.number)) == one.office for paper in papers)
    assumed = "theo phân công trong hệ thống; văn bản không nêu cơ quan theo dõi" in said
    if re.search(r"cơ quan theo dõi", said) and named == assumed:
        yield f"{one.facts.night} {one.office}: role: {said}"
    if _monitors(one) and not one.own and "cơ quan theo dõi" not in said:
        yield f"{one.facts.night} {one.office}: it follows up, and is not told so: {said}"
    if re.search(r"(?:là|,|và) cơ quan theo dõi", said) and not _monitors(one):
        yield f"{one.facts.night} {one.office}: it follows nothing up: {said}"


def untrue_roles(one: Told) -> Iterator[str]:
    """Who issued the paper, and who leads the unit, as the foot says it, are so by the paper and by the chart."""
    for view in one.each:
        if view.role:
            yield from _untrue_roles(view)
    if sum(bool(view.role) for view in one.each) != min(len(one.each), _ROLES):
        yield f"{one.facts.night} {one.office}: whose roles: {one.part.roles}"


def _untrue_roles(one: Told) -> Iterator[str]:
    said = one.role
    if re.search(r"(?:là|,|và) đơn vị thực hiện\b", said) and one.office not in one.facts.owing():
        yield f"{one.facts.night} {one.office}: it owes nothing: {said}"
    r, no = t.relation, {unit: number for number, unit in one.facts.units.items()}[one.office]
    edges = one.facts.rows(select(r).where((r.c.unit_no == no) | (r.c.other_no == no)))
    bodies = {no, *(edge.other_no for edge in edges if edge.kind == "organ_of" and edge.unit_no == no)}
    led = {edge for edge in one.facts.rows(select(r).where(r.c.kind == "led_by")) if edge.other_no in bodies}
    issuers = {paper.issuer for paper in one.facts.book.directives.values()}
    if "lãnh đạo đơn vị" in said and not led:
        yield f"{one.facts.night} {one.office}: it leads nobody: {said}"
    if "cơ quan ban hành" in said and not issuers & {one.facts.units[body] for body in bodies}:
        yield f"{one.facts.night} {one.office}: it issued nothing: {said}"


def _monitors(one: Told) -> bool:
    book = one.facts.book
    rules = [rule for row in one.part.rows for rule in of(one, row)] or list(book.rules.values())
    return any((rule.monitor or book.directives[rule.directive].monitor) == one.office for rule in rules)


def _of_the_reader(one: Told) -> Iterator[str]:
    """A superior is reported to, and a committee asked "before" a day; an equal gets a copy."""
    units = {unit for row in one.part.rows for unit in _units(one, row)}
    for view in one.each:
        above, asked = bool(one.facts.below(view.office) & units), " ".join(view.asks)
        if above and ("Đồng gửi" in asked or "để biết" in asked):
            yield f"a superior is only copied: {asked}"
        if not above and "để báo cáo" in asked:
            yield f"no superior, and reported to: {asked}"
    if "Đồng gửi" in one.letter.subject and all(one.facts.below(office) & units for office in one.offices):
        yield f"a superior is only copied: {one.letter.subject}"
    for line in one.part.asks:
        if "xin ý kiến chỉ đạo" in line and "chậm nhất" in line:
            yield f"a committee is told its last day: {line}"


def _units(one: Told, row: Row) -> frozenset[str]:
    f = t.case_file
    found = one.facts.rows(select(f.c.task_id).where(f.c.code.in_(row.named)))
    return frozenset[str]().union(*(one.facts.carried[case.task_id].units for case in found))


def _of_a_row(one: Told, row: Row) -> Iterator[str]:
    said = " ".join((row.title, row.badge, row.brief, *row.lines.values()))
    yield from (f"{word!r} in {said!r}" for word in _NEVER.findall(said))
    following = row.lines.get("next", "")
    if re.search(r"báo cáo(?: lại)? nếu", following):
        yield f"a report to nobody: {following}"
    to = re.search(r"kính báo cáo(?: lại)? (.+?) nếu", following)
    if to and one.reader not in to.group(1):
        yield f"respect paid to somebody else: {following}"
    if "ngày mai" in row.badge and not _is_tomorrow(one, row):
        yield f"not tomorrow: {row.badge}"


def _others(one: Told, row: Row) -> Iterator[str]:
    """Whoever "cũng nhận thư về việc này" has another letter of this night about a case of the row."""
    said = re.search(r"(?:^|\. )([^.]+) cũng nhận thư về việc này\.", row.lines.get("because", ""))
    if said is None:
        return
    n, f = t.notice, t.case_file
    asked = (
        select(n.c.reader_no)
        .join_from(n, f, f.c.id == n.c.case_id)
        .where(f.c.code.in_(row.codes), n.c.night == one.facts.night, n.c.letter != one.sent)
    )
    owing, left = _units(one, row), said.group(1)
    others = {one.facts.units[found.reader_no] for found in one.facts.rows(asked)} - owing
    names = [name for office in others for name in one.facts.called(office, one.facts.night)]
    # The longest first: "Tỉnh ủy Bình Phước" is a part of "Ban Tuyên giáo Tỉnh ủy Bình Phước".
    for name in sorted(names, key=len, reverse=True):
        if name not in left:
            yield f"{name} has a letter about it too: {said.group(1)}"
        left = left.replace(name, "", 1)
    if left.replace(" và ", "").strip(", "):
        yield f"no other letter: {left}"


def _is_tomorrow(one: Told, row: Row) -> bool:
    last, calendars = one.facts.night + _DAY, one.facts.book.calendars.values()
    return f"{last:%d/%m}" in row.badge and all(each.is_workday(last) for each in calendars)


def _comes_again(rule: Rule) -> bool:
    match rule.condition:
        case Quota(per=Window(yearly=yearly)):
            return yearly
        case Quota():
            return True
        case _:
            return False


def _of_a_paper(one: Told, row: Row) -> Iterator[str]:
    """The clause is the rule's, and the issuer the one whose paper it is, as it was called then."""
    basis = row.lines.get("basis", "")
    if not basis:
        return
    rules = of(one, row)
    places = {f"mục {rule.clause}" if rule.clause[0].isdigit() else rule.clause for rule in rules}
    if rules and not basis.startswith(tuple(f"{place}, " for place in places)):
        yield f"another clause: {basis}, {places}"
    cited = _CITED.search(basis)
    if cited is None:
        return
    number, issued, issuer = cited.groups()
    (paper,) = [paper for paper in one.facts.book.directives.values() if paper.number == number]
    if issued and days(issued) != [paper.issued]:
        yield f"another day: {basis}"
    if issuer not in one.facts.called(paper.issuer, paper.issued):
        yield f"another issuer: {basis}"


_WRITTEN_DAY = r"\b\d\d/\d\d/\d{4}"


def unlike_in_english(one: Told) -> list[str]:
    """What the English part says otherwise: its rows, each in one line, with badges, limits and codes."""
    found: list[str] = []
    first, *others = one.letter.parts
    for part in others:
        rows = _by_codes(first.rows)
        if part.counts is not None or part.by_unit is not None or part.tracked:
            found.append(f"{one.facts.night} {one.office}: told twice in English: {part.caption} {part.tracked}")
        if len(part.rows) > len(first.rows) or len(part.asks) != len(first.asks):
            found.append(f"{one.facts.night} {one.office}: other rows or asks in English: {part.asks}")
        for key, row in _by_codes(part.rows).items():
            mine = rows.get(key)
            if mine is None or row.lines:
                found.append(f"{one.facts.night} {one.office}: in English alone or in full: {row.title}")
                continue
            # What is done stands in Vietnamese without its limit.
            limit = re.findall(_WRITTEN_DAY, mine.lines.get("limit", "") or mine.brief)[:1]
            written = re.findall(_WRITTEN_DAY, f"{row.title} {row.brief}")[-1:]
            said = (_numbers(row.badge), written if limit else [])
            same = (_numbers(mine.badge), limit)
            if said != same:
                found.append(
                    f"{one.facts.night} {one.office} {mine.title}: in English {said}, in Vietnamese {same}"
                )
    return found


def _by_codes(rows: Sequence[Row]) -> dict[tuple[str, ...], Row]:
    """The rows by their codes; of the rows for several offices about one case, the second apart."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        # Of many codes a row names the first and how many more, in its own language.
        codes = tuple(re.sub(r" (?:và|and) (\d+) .*", r" +\1", code) for code in row.codes)
        if any(codes):
            found[codes if codes not in found else (*codes, "again")] = row
    return found


def _numbers(text: str) -> list[str]:
    """The numbers of a badge or a sentence, without zeros before them."""
    return [number.lstrip("0") or "0" for number in re.findall(r"\d+", text)]


def unlike_in_html(one: Told) -> list[str]:
    """What the plain text says and the HTML does not: they are one letter."""
    said = []
    for part in one.letter.parts:
        said += [part.headline, *part.asks, *part.changes, part.caption, part.tracked, *part.offices]
        said += [f"{held.whose}: {held.title}".removeprefix(": ") for held in part.sections]
        for row in part.rows:
            said += [row.title, row.badge, *row.lines.values()]
        said += [part.by_unit.caption, part.by_unit.note] if part.by_unit else []
        said += part.footer.values()
    missing = [text for text in said if plain(text) not in one.letter.html]
    return [f"{one.facts.night} {one.office}: only in the plain text: {text}" for text in missing]
