"""The pages as HTML: one template each, in two languages, with relative links only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dondoc.engine.domain.model import Text
from dondoc.flows.board.addresses import directive_page, stories_page, unit_page
from dondoc.flows.board.stories import CaseBadge
from dondoc.flows.board.view import BoardView
from dondoc.flows.records.task_statistics import COUNTS, TaskCount
from dondoc.notifications.wording import board_pages, labels
from dondoc.notifications.wording.numbers import count, counted, part_of, percent

LANGUAGES = ("vi", "en")
# Nothing from elsewhere is loaded, and nothing is sent; the one script and style are files of the board.
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'"
_MENU = (
    ("index", "index.html", board_pages.WHOLE),
    ("ho-so", "ho-so.html", board_pages.CASES),
    ("don-vi", "don-vi.html", board_pages.UNITS),
    ("van-ban", "van-ban.html", board_pages.DIRECTIVES),
    ("thong-ke", "thong-ke.html", board_pages.STATISTICS),
    ("tim", "tim.html", board_pages.SEARCH),
)
_TALLEST, _LOWEST = 44, 2
STATES = ("on_time", "late", "in_time", "overdue")
_APART = tuple(name for name in COUNTS if name not in STATES)


def _templates(language: str) -> Environment:
    """The templates, in which a text is printed in one language."""
    return Environment(
        loader=PackageLoader("dondoc.flows.board"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value.in_(language) if isinstance(value, Text) else value,
    )


_TEMPLATES = {language: _templates(language) for language in LANGUAGES}


def asset(name: str) -> bytes:
    """A file that stands beside the pages as it is."""
    return (Path(__file__).parent / "templates" / name).read_bytes()


@dataclass(frozen=True)
class Context:
    """What templates ask of the board in one language; `root` leads from the page to those of that language."""

    view: BoardView
    language: str
    root: str

    words, labels = board_pages, labels

    def count(self, n: int) -> str:
        """A count as letters print it."""
        return count(n) if self.language == "vi" else f"{n:,}"

    def percent(self, part: int, whole: int) -> str:
        """`4,0%`."""
        return percent(part, whole).in_(self.language)

    def states(self, counts: TaskCount) -> Iterable[tuple[int, Text]]:
        """The four counts with their names, in the order of letters."""
        return [(getattr(counts, name), COUNTS[name]) for name in STATES]

    def apart(self, counts: TaskCount) -> Sequence[tuple[int, Text]]:
        """What is told apart, where there is any."""
        return [(value, COUNTS[name]) for name in _APART if (value := getattr(counts, name))]

    def done(self, counts: TaskCount) -> Text:
        """`83/132 việc hoàn thành`."""
        done = counts.on_time + counts.late
        share = part_of(done, done + counts.in_time + counts.overdue)
        return Text.format("{share} việc hoàn thành", "{share} tasks done", share=share)

    def overdue(self, counts: TaskCount) -> Text:
        """`14 việc quá hạn`."""
        return (
            counted(counts.overdue, "việc quá hạn", "task overdue")
            if counts.overdue == 1
            else Text(f"{count(counts.overdue)} việc quá hạn", f"{counts.overdue:,} tasks overdue")
        )

    def first_of(self, shown: int, all_: int) -> Text:
        """Why a list ends before its end."""
        return board_pages.first_of(shown, all_)

    def tall(self, cell: int, cells: Iterable[int | None]) -> int:
        """How tall the bar of a month is, in pixels; one that is not empty can be seen."""
        most = max(one or 0 for one in cells)
        return max(round(cell * _TALLEST / most), _LOWEST) if cell else 0

    def unit(self, unit: str) -> str:
        """The page of a unit."""
        return unit_page(unit)

    def stories(self, unit: str) -> str:
        """The page with the cases of a unit."""
        return stories_page(unit)

    def case(self, one: CaseBadge) -> str:
        """Where a case stands."""
        return f"{stories_page(one.home)}#{one.code}"

    def directive(self, directive: str) -> str:
        """The page of a directive."""
        return directive_page(directive)

    @cached_property
    def months(self) -> Sequence[str]:
        """What stands above the columns of months."""
        return [f"{month.first:%m}" for month in self.view.months]

    @cached_property
    def years(self) -> Sequence[tuple[int, int]]:
        """The years above them, each with the number of its months."""
        return [(year, len([*some])) for year, some in groupby(month.first.year for month in self.view.months)]

    @property
    def caption(self) -> Text:
        """What the table of months counts."""
        first, *_, last = self.view.months
        return board_pages.months(first.first, last.first, self.view.night)


def page(
    template: str, here: str, address: str, view: BoardView, as_of: Text, values: Mapping[str, Any]
) -> Iterable[tuple[str, str]]:
    """A page in both languages, each with its address inside the site; `here` is the part of the menu it is in."""
    depth = address.count("/")
    for language in LANGUAGES:
        english = language == "en"
        root = "../" * depth
        site = root + ("../" if english else "")
        context = Context(view, language, root)
        html = (
            _TEMPLATES[language]
            .get_template(f"{template}.html.j2")
            .render(
                **values,
                ctx=context,
                words=board_pages,
                labels=labels,
                language=language,
                other=board_pages.OTHER_LANGUAGE[language],
                turned=f"{site}{address}" if english else f"{site}en/{address}",
                menu=_MENU,
                here=here,
                root=root,
                site=site,
                policy=POLICY,
                as_of=as_of,
                judged=view.judged,
            )
        )
        yield (f"en/{address}" if english else address), html
