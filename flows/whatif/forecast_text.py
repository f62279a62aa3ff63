"""A forecast as text for people: the letters to come, by office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section
from dondoc.flows.whatif.forecast import Forecast, ForecastLetter, ForecastOffice
from dondoc.flows.whatif.page import OTHER_OFFICES, Page, left_out, listed, span
from dondoc.notifications.wording.labels import LAPSED, SECTIONS
from dondoc.notifications.wording.numbers import day

_OFFICES = 25
_LATER = Text(
    "\nKhông biết được: báo cáo, hoạt động, số liệu sẽ đến sau này; sơ đồ tổ chức lấy như hôm nay. "
    "(Not known: data recorded later; the chart is as of today.)",
    "\nNot known: reports, activities and figures recorded later; the chart is as of today.",
)


def show_forecast(found: Forecast, out: Page) -> None:
    """By office: every letter to come."""
    said = Text.format(
        "Nếu không ai làm gì thêm, {span}: {letters} thư tới {n} cơ quan. ({letters} letters if nobody acts)",
        "If nobody acts, {span}: {letters} letters to {n} offices.",
        span=span(found.first, found.last),
        letters=sum(len(reader.letters) for reader in found.readers),
        n=len(found.readers),
    )
    out.line(said)
    groups = _alike(found.readers)
    for readers in groups[:_OFFICES]:
        _show_readers(readers, found, out)
    rest = sum(len(readers) for readers in groups[_OFFICES:])
    if rest:
        out.line(Text.format("\n{said}", said=left_out(rest)))
    if found.budget:
        said = Text.format(
            "\nMức thư (budget): {most} thư một cơ quan trong {days} ngày; {over} cơ quan vượt "
            "({over} offices exceed it)",
            "\nBudget: {most} letters for an office within {days} days; {over} offices exceed it",
            most=found.budget.per_office,
            days=found.budget.days,
            over=sum(reader.over_budget for reader in found.readers),
        )
        out.line(said)
    out.line(_LATER, style="dim")


def _alike(readers: Iterable[ForecastOffice]) -> list[list[ForecastOffice]]:
    """Groups of offices with letters of the same nights about the same subjects."""
    groups: dict[object, list[ForecastOffice]] = defaultdict(list)
    for reader in readers:
        same = tuple((one.night, tuple(_sections(one)), one.subjects) for one in reader.letters)
        groups[same].append(reader)
    return list(groups.values())


def _show_readers(readers: Sequence[ForecastOffice], found: Forecast, out: Page) -> None:
    """The letters that these offices get, each the same."""
    first, over = readers[0], NO_TEXT
    if first.over_budget and found.budget:
        vi, en = (
            "  VƯỢT MỨC (over budget): {n} thư trong {days} ngày",
            "  OVER BUDGET: {n} letters within {days} days",
        )
        over = Text.format(vi, en, n=str(first.most), days=found.budget.days)
    letters = len(first.letters)
    each = Text(f"{letters} thư", f"{letters} letter{'s' * (letters > 1)}")
    if len(readers) > 1:
        each = Text.format("mỗi cơ quan {letters}", "{letters} each", letters=each)
    names = listed([reader.name for reader in readers], OTHER_OFFICES)
    out.line(Text.format("\n{names}: {each}{over}", names=names, each=each, over=over), style="bold")
    out.table(map(_row, first.letters), NO_TEXT, NO_TEXT, NO_TEXT)


def _row(letter: ForecastLetter) -> tuple[Text, Text, Text]:
    sections = [Text.format("{name} {n}", name=name, n=number) for name, number in _sections(letter)]
    night = Text.format("  {night}", night=day(letter.night))
    return night, Text.join(", ", sections), Text.join("; ", letter.subjects)


def _sections(letter: ForecastLetter) -> Iterator[tuple[Text, int]]:
    """Each section by name with its number; what lapses is not called done."""
    for kind, number in letter.sections.items():
        done = number - letter.lapsed if kind is Section.RESOLVED else number
        if done:
            yield _small(SECTIONS[kind]), done
        if done < number:
            yield _small(LAPSED), letter.lapsed


def _small(title: Text) -> Text:
    return Text(title.vi.lower(), title.en.lower())
