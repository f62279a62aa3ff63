"""The page on which backtests and forecasts are printed, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rich.console import Console
from rich.table import Table

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.notifications.wording.numbers import day

WIDTH = 100
OTHER_OFFICES = Text("cơ quan khác", "other offices")
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Right:
    """A head whose column stands to the right."""

    name: Text


@dataclass(frozen=True, slots=True)
class Page:
    """Where a report is printed, in one language, "vi" or "en"; never wider than its tables are designed for."""

    screen: Console
    language: str

    def line(self, said: Text, style: str | None = None) -> None:
        """Prints a paragraph."""
        self.screen.print(said.in_(self.language), style=style)

    def table(self, rows: Iterable[Sequence[Text]], *heads: Text | Right, title: Text = NO_TEXT) -> None:
        """Prints a table without frame, each head over its column; heads without words are not shown."""
        named = [head.name if isinstance(head, Right) else head for head in heads]
        table = Table(
            box=None,
            pad_edge=False,
            padding=(0, 2, 0, 0),
            header_style="dim",
            title=title.in_(self.language) or None,
            title_justify="left",
            title_style="bold",
            show_header=any(name.vi for name in named),
        )
        for head, name in zip(heads, named, strict=True):
            justify: Literal["left", "right"] = "right" if isinstance(head, Right) else "left"
            table.add_column(name.in_(self.language), justify=justify, overflow="fold")
        for row in rows:
            table.add_row(*(cell.in_(self.language) for cell in row))
        self.screen.print(table)


def page(language: str = "vi") -> Page:
    """A page for tables on standard output; brackets in a name are no markup."""
    return Page(Console(width=WIDTH, highlight=False, markup=False, emoji=False), language)


def same(value: object) -> Text:
    """What is alike in both languages."""
    return Text(str(value), str(value))


def listed(names: Sequence[Text], more: Text) -> Text:
    """The first names, and how many more there are."""
    said, rest = Text.join(", ", names[:_NAMED]), len(names) - _NAMED
    if rest <= 0:
        return said
    return Text.format("{said} và {n} {more}", "{said} and {n} {more}", said=said, n=rest, more=more)


def left_out(n: int) -> Text:
    """What a report says of the offices that it has no room for."""
    vi = "và {n} cơ quan khác; đủ trong --json (the rest with --json)"
    return Text.format(vi, "and {n} other offices; all with --json", n=n)


def span(first: date, last: date) -> str:
    """`01/04/2019 – 30/06/2019`, both ends inclusive."""
    return f"{day(first)} – {day(last)}"
