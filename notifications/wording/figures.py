"""Values of indicators, and what of them must stay hidden.

A sensitive count of 1 or 2 is printed "dưới 3", and nothing is printed from which it could be computed: no
limit below 3, no difference, no percentage, and no base it rose from (decision 48).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dondoc.engine.domain.model import NO_TEXT, SCALE, Text
from dondoc.engine.domain.rulebook import Against, growth
from dondoc.notifications.digest import Figure
from dondoc.notifications.wording.numbers import count, decimal, percent, places, plain_percent

_SHOWN_FROM = 3 * SCALE
PERCENT = "%"
_UNDER = Text("dưới 3", "under 3")

_SINCE = {
    Against.PREVIOUS_PERIOD: Text("so với kỳ trước", "against the previous period"),
    Against.SAME_PERIOD_LAST_YEAR: Text("so với cùng kỳ năm trước", "against the same period last year"),
}


def _small(figure: Figure, value: int | None) -> bool:
    return figure.masked and value is not None and 0 < value < _SHOWN_FROM


def hidden(figure: Figure) -> bool:
    """Whether the value is hidden: a sensitive count of 1 or 2."""
    return _small(figure, figure.value)


def _number(figure: Figure, value: int, decimals: int) -> Text:
    """Whether to pad the value to two digits: only a whole number that counts something."""
    said = decimal(value, decimals)
    if decimals or figure.unit.vi == PERCENT or value < 0:
        return said
    return Text(count(value // SCALE), said.en)


def _measure(figure: Figure, value: int) -> Text:
    gap = "" if figure.unit.vi == PERCENT else " "
    if _small(figure, value):
        return Text.join(gap, (_UNDER, figure.unit))
    return Text.join(gap, (_number(figure, value, places(figure.value, figure.limit, figure.base)), figure.unit))


def value(figure: Figure) -> Text:
    """`312 em`, `2,61%`, `dưới 3 em`; words where there is none (never 0)."""
    if figure.value is None:
        return Text("chưa có số liệu", "no data")
    return _measure(figure, figure.value)


def number(figure: Figure) -> Decimal | Text:
    """The value as a number; where it is hidden or there is none, the words in its place, without the unit."""
    if figure.value is None:
        return value(figure)
    return _UNDER if hidden(figure) else Decimal(figure.value) / SCALE


def level(figure: Figure) -> Decimal | Text | None:
    """The limit as a number; a rise in words; None when there is none or it would reveal a hidden value."""
    said = limit(figure)
    if said is None or figure.limit is None or figure.rise_percent:
        return said
    return Decimal(figure.limit) / SCALE


def plain(value: int) -> Text:
    """`312`, `2,61`: a scaled value without a unit, that hides nothing."""
    return _number(Figure(value, None, NO_TEXT), value, places(value))


def limit(figure: Figure) -> Text | None:
    """`300 em`; for a rise `tăng 20%`; None when there is none or it would reveal a hidden value."""
    if figure.rise_percent:
        return Text.format("tăng {by}", "a rise of {by}", by=plain_percent(figure.rise_percent))
    if figure.limit is None or (hidden(figure) and figure.limit < _SHOWN_FROM):
        return None
    plain = Figure(figure.value, figure.limit, figure.unit, base=figure.base)
    return _measure(plain, figure.limit)


def under(figure: Figure, asked: int) -> Figure:
    """The figure under another limit: a value, or for a rise a percentage, both scaled."""
    if figure.rise_percent:
        return replace(figure, rise_percent=f"{(Decimal(asked) / SCALE).normalize():f}")
    return replace(figure, limit=asked)


def verdict(figure: Figure) -> Text:
    """`vượt ngưỡng theo dõi 300 em` or `dưới ngưỡng ...`, inside a sentence; how far it is from clearing."""
    if not is_beyond(figure):
        return _not_clear(figure)
    said = Text("dưới ngưỡng theo dõi", "below the watch limit")
    if not figure.below:
        said = Text("vượt ngưỡng theo dõi", "above the watch limit")
        # A figure that fell and is still above its limit was above it before.
        if falls(figure):
            said = Text.format("vẫn {said}", "still {said}", said=said)
    bound = limit(figure)
    return Text.format("{said} {bound}", "{said} of {bound}", said=said, bound=bound) if bound else said


def is_beyond(figure: Figure) -> bool:
    """Whether the value is beyond the limit; otherwise it is between the limit and the clearing value."""
    # For a hidden value the answer could reveal which of 1 and 2 it is.
    if figure.value is None or hidden(figure):
        return True
    if figure.rise_percent:
        base = figure.base
        return base is None or (base >= 0 and figure.value > base * growth(Decimal(figure.rise_percent)))
    if figure.limit is None:
        return True
    return figure.value < figure.limit if figure.below else figure.value > figure.limit


def _not_clear(figure: Figure) -> Text:
    if figure.clear is None:
        return Text("chưa trở lại mức kết thúc theo dõi", "not yet back at the clearing value")
    vi, en = "chưa trở lại mức kết thúc theo dõi {back}", "not yet back at the clearing value of {back}"
    return Text.format(vi, en, back=_measure(figure, figure.clear))


def within(figure: Figure) -> Text:
    """`trong ngưỡng 2,50%`."""
    bound = limit(figure)
    if bound is None:
        return Text("trong ngưỡng theo dõi", "within the limit")
    return Text.format("trong ngưỡng {bound}", "within the limit of {bound}", bound=bound)


def heading(figure: Figure) -> Text:
    """The figure beside its limit, for a title: `312 em, ngưỡng theo dõi 300 em`."""
    said, bound = rise(figure) or value(figure), limit(figure)
    if bound is None:
        return said
    return Text.format("{said}, ngưỡng theo dõi {bound}", "{said}, watch limit {bound}", said=said, bound=bound)


def since(figure: Figure) -> Text:
    """What a rise is measured against, `so với kỳ trước`."""
    return _SINCE[figure.against or Against.PREVIOUS_PERIOD]


def rises(figure: Figure) -> bool:
    """Whether the limit is a rise and the figure is greater than its base."""
    if not figure.rise_percent or figure.base is None or figure.value is None:
        return False
    # Of a hidden value beside a hidden base the breach itself says that it rose.
    return figure.value > figure.base or (hidden(figure) and _small(figure, figure.base))


def falls(figure: Figure) -> bool:
    """Whether the figure is known to be smaller than the one before, and may say so."""
    if figure.base is None or figure.value is None or hidden(figure):
        return False
    return figure.value < figure.base


def rise(figure: Figure) -> Text | None:
    """`tăng từ 16 em lên 20 em (25,0%) so với kỳ trước`; None when the figure is no rise."""
    if not rises(figure):
        return None
    if hidden(figure):
        return Text.format("tăng {against}", "a rise {against}", against=since(figure))
    old, new, share = _moved(figure)
    return Text.format(
        "tăng từ {old} lên {new}{share} {against}",
        "a rise from {old} to {new}{share} {against}",
        old=old,
        new=new,
        share=share,
        against=since(figure),
    )


def described(figure: Figure) -> Text:
    """The value, and where it is worth saying how it moved: a rise under a limit on rises, a fall, no change.

    Under any other limit a rise is not said: the figure is judged beside its limit.
    """
    if (said := rise(figure)) is not None:
        return said
    if falls(figure):
        old, new, share = _moved(figure)
        return Text.format(
            "giảm từ {old} xuống {new}{share} {against}",
            "a fall from {old} to {new}{share} {against}",
            old=old,
            new=new,
            share=share,
            against=since(figure),
        )
    if figure.value is not None and figure.value == figure.base and not hidden(figure):
        return Text.format(
            "{new}, không đổi {against}", "{new}, unchanged {against}", new=value(figure), against=since(figure)
        )
    return value(figure)


def _moved(figure: Figure) -> tuple[Text, Text, Text]:
    """The base, the value, and how far they are apart."""
    assert figure.base is not None
    return _measure(figure, figure.base), value(figure), _share(figure, figure.base)


def _share(figure: Figure, other: int | None) -> Text:
    """` (25,0%)`, how far a value is from its base or limit; empty where undefined or revealing."""
    if not other or figure.value is None or figure.unit.vi == PERCENT:
        return NO_TEXT
    if hidden(figure) or (other == figure.base and _small(figure, other)):
        return NO_TEXT
    return Text.format(" ({share})", share=percent(abs(figure.value - other), other))


def distance(figure: Figure) -> tuple[Text, Text, Text]:
    """The badge of an indicator in three lines: the word, the difference, its unit; no number when hidden."""
    rose = rises(figure)
    other = figure.base if rose else figure.limit
    if not is_beyond(figure):
        return Text("Chưa về", "Not back"), NO_TEXT, Text("mức kết thúc", "at the clearing value")
    if other is None or figure.value is None or hidden(figure) or (rose and _small(figure, other)):
        side = Text("Dưới", "Below") if figure.below else Text("Vượt", "Above")
        return side, NO_TEXT, Text("ngưỡng theo dõi", "the watch limit")
    word = Text("Thấp hơn", "Below by") if figure.below else Text("Vượt", "Above by")
    if rose:
        word = Text("Tăng", "Rise of")
    unit = Text("điểm phần trăm", "percentage points") if figure.unit.vi == PERCENT else figure.unit
    by = _number(figure, abs(figure.value - other), places(figure.value, other))
    return word, by, Text.join("", (unit, _share(figure, other)))
