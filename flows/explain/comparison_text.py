"""What durable_rules was asked and what it compared: a part of `explain` in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.rulebook import Threshold
from dondoc.engine.explain.comparisons import Comparison, Operator, RuleComparison
from dondoc.flows.explain.account import Account
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import period
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.numbers import day, number

_FIELDS = {
    "last": Text("ngày cuối trong hạn", "the last day in time"),
    "end": Text("ngày cuối của kỳ", "the last day of the period"),
    "done": Text("kết quả", "result"),
    "n": Text("số lần đếm được", "times counted"),
    "v": Text("giá trị", "value"),
    "b": Text("giá trị kỳ so sánh", "value of the period compared with"),
    "run": Text("số kỳ liền không đạt", "periods missed running"),
    "missed": Text("số việc không đạt", "tasks missed"),
    "judged": Text("số đã xét", "judged"),
    "judged100": Text("số đã xét × 100", "judged × 100"),
    "units": Text("tất cả", "all"),
}
# Fields that count; all other numbers are values of an indicator, scaled.
_COUNTS = frozenset({"n", "run", "missed", "judged", "judged100", "units"})
_ASKS = {
    "overdue": Text("Quá hạn?", "Overdue?"),
    "done": Text("Đã xong?", "Done?"),
    "missed": Text("Không đạt?", "Missed?"),
    "met": Text("Đạt?", "Met?"),
    "no-data": Text("Thiếu số liệu?", "No figures?"),
    "data": Text("Đã có số liệu?", "Figures there?"),
    "ending": Text("Sắp hết hạn?", "Ending soon?"),
    "beyond": Text("Ngoài ngưỡng?", "Beyond the limit?"),
    "band": Text("Giữa ngưỡng và mức kết thúc?", "Between the limit and the end of the breach?"),
    "running": Text("Đủ số kỳ liền?", "Enough periods running?"),
    "many": Text("Đủ nhiều?", "Enough?"),
    "few": Text("Chưa đủ nhiều?", "Not enough?"),
}
_SIGNS = {
    Operator.LESS: Text("trước", "before"),
    Operator.AT_MOST: Text("không sau", "not after"),
    Operator.MORE: Text("sau", "after"),
    Operator.AT_LEAST: Text("không trước", "not before"),
}
_TRUE, _FALSE = Text("đúng", "true"), Text("sai", "false")


def comparisons(found: Account, view: NightView) -> Iterator[Text]:
    """Every question put to durable_rules, its answer, and the comparisons behind it."""
    period_of = {one.id: one.key for one in found.series}
    hidden = _hidden(found, view)
    for id_, asked in found.asked.items():
        if id_ in period_of and len(found.asked) > 1:
            yield Text.format("{period}:", period=period(period_of[id_]))
        if hidden and 0 < (asked.fact.get("v") or 0) < 3 * SCALE:
            vi = "số liệu nhỏ, nhạy cảm: không in phép so sánh (a small sensitive count is not shown)"
            yield Text(vi, "a small sensitive count is not shown")
            continue
        for one in asked.compared:
            if one.hit or not one.rule.startswith("ending"):
                yield _answer(one)
                for each in one.comparisons:
                    if _says(each, one):
                        yield Text.format("   {said}", said=_comparison(each))
    if not found.asked:
        yield Text(
            "Không có dữ kiện nào để hỏi. (there is no fact to ask about)", "There is no fact to ask about."
        )


def _hidden(found: Account, view: NightView) -> bool:
    threshold = found.rule.condition
    return isinstance(threshold, Threshold) and view.book.indicators[threshold.indicator].sensitive


def _answer(one: RuleComparison) -> Text:
    name = one.rule.rpartition("|")[2]
    asks = next((said for word, said in _ASKS.items() if name.startswith(word)), Text(name, name))
    if one.hit:
        return Text.format("{asks} ĐÚNG ({name}: yes)", "{asks} YES ({name})", asks=asks, name=name)
    return Text.format("{asks} không ({name}: no)", "{asks} no ({name})", asks=asks, name=name)


def _says(each: Comparison, one: RuleComparison) -> bool:
    """Whether a comparison gets a line: that a value is known is left out where the value is compared."""
    compared = {other.field for other in one.comparisons if other.sign not in (Operator.KNOWN, Operator.UNKNOWN)}
    return (each.field in compared and each.sign is not Operator.KNOWN) or each.field == "done"


def _comparison(each: Comparison) -> Text:
    answer = _TRUE if each.holds else _FALSE
    field = _FIELDS.get(each.field) or Text.format("giá trị × {by}", "value × {by}", by=each.field[1:])
    if each.sign is Operator.UNKNOWN:
        return Text.format(
            "chưa ghi nhận {field}: {answer}", "no {field} is recorded: {answer}", field=field, answer=answer
        )
    if each.sign is Operator.KNOWN:
        return Text.format(
            "đã ghi nhận {field}: {answer}", "a {field} is recorded: {answer}", field=field, answer=answer
        )
    return Text.format(
        "{field} {value} {sign} {against}: {answer}",
        field=field,
        value=_value(each.field, each.value),
        sign=_SIGNS[each.sign] if isinstance(each.value, str) else each.sign.value,
        against=_value(each.field, each.against),
        answer=answer,
    )


def _value(field: str, value: int | str | None) -> Text | str:
    if value is None:
        return Text("(không có)", "(none)")
    if isinstance(value, str):
        return day(date.fromisoformat(value))
    return number(value) if field in _COUNTS else figures.plain(value)
