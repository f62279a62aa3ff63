"""What readers demand of several keys at once, as conditions of a JSON Schema.

Only what the keys and words themselves show: a schema cannot compare two dates or two numbers.
"""

from __future__ import annotations

from typing import Any

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.rulefile.files.directive_file import DIRECTIVE_FILE, REGISTER_ENTRY, RULE
from dondoc.engine.rulefile.files.sources import SELECTS
from dondoc.engine.rulefile.kinds.overdue import OVERDUE, SET_OVERDUE
from dondoc.engine.rulefile.kinds.threshold import RISE, THRESHOLD
from dondoc.engine.rulefile.readers.fields import MappingReader

Condition = dict[str, Any]

_FREE = (Basis.ASSUMED, Basis.EXAMPLE)


def together(shape: MappingReader) -> list[Condition]:
    """The conditions of a mapping on several of its keys; most mappings have none."""
    return [condition for owner, conditions in _CONDITIONS if owner is shape for condition in conditions]


def _has(*names: str) -> Condition:
    return {"required": list(names)}


def _is(name: str, *words: str) -> Condition:
    return {"required": [name], "properties": {name: {"enum": [str(word) for word in words]}}}


def _if(sign: Condition, then: Condition) -> Condition:
    return {"if": sign, "then": then}


def _must_have(name: str, vi: str, en: str) -> Condition:
    return {**_has(name), "errorMessage": f"thiếu khóa «{name}»: {vi} (key '{name}' is missing: {en})"}


def _without(name: str, vi: str, en: str) -> Condition:
    return {"properties": {name: False}, "errorMessage": f"bỏ khóa «{name}»: {vi} (delete '{name}': {en})"}


def _value(name: str, form: Condition, vi: str, en: str) -> Condition:
    said = f"{vi} ({en})"
    return {"properties": {name: {**form, "errorMessage": said, "patternErrorMessage": said}}}


def _each_rule(condition: Condition) -> Condition:
    return {"properties": {"rules": {"additionalProperties": condition}}}


def _defaults(sign: Condition) -> Condition:
    return {"required": ["defaults"], "properties": {"defaults": sign}}


_NO_ASSUMES = _without("assumes", "đúng văn bản thì không giả định gì", "what is in the text assumes nothing")
_ASSUMES = _must_have("assumes", "không đúng văn bản thì ghi giả định điều gì", "what is not in the text")
_WITHOUT_DUE = _without("due", "việc được giao mang hạn của chính nó", "a task has its own due date")
_WITH_DUE = _must_have("due", "báo cáo phải có hạn", "a report needs a due date")

# A rule on `basis: text` assumes nothing; any other says what it assumes.
_BY_BASIS = [_if(_is("basis", Basis.TEXT), _NO_ASSUMES), _if(_is("basis", *_FREE), _ASSUMES)]
_BY_SHARED_BASIS = [
    _if(_defaults(_is("basis", *words)), _each_rule(_if({"not": _has("basis")}, then)))
    for words, then in (((Basis.TEXT,), _NO_ASSUMES), (_FREE, _ASSUMES))
]
# A streak that names no units takes those of its base rule.
_STREAK = {"required": ["when"], "properties": {"when": _has("streak")}}
_HERE_OR_SHARED = [
    {
        "if": _defaults(_has(name)),
        "else": _each_rule(
            _if(
                {"not": but},
                _must_have(name, "trong quy tắc hoặc trong defaults", "in the rule or in defaults"),
            )
        ),
    }
    for name, but in (("applies_to", _STREAK), ("basis", {"not": {}}))
]
_CLEARING = [
    _if(_has(limit), _without(wrong, "không đi với giới hạn này", "it does not go with this limit"))
    for limit, wrong in (
        ("above", "clear_at_or_above"),
        ("rise", "clear_at_or_above"),
        ("below", "clear_at_or_below"),
    )
]
_IN_ITS_TERMS = [
    {
        "if": _has("rise"),
        "then": _value(
            "clear_at_or_below", {"type": "string"}, "với rise: ghi như «10 %»", "with rise: like '10 %'"
        ),
        "else": {
            "allOf": [
                _value(name, {"type": "number"}, "ở đây ghi một số, không ghi %", "a number here, without %")
                for name in ("clear_at_or_above", "clear_at_or_below")
            ]
        },
    }
]
_RUNNING = [
    _if(
        _is("per", kind),
        _value(
            "for", {"pattern": f" {kind}$"}, f"«per» là {kind} thì «for» cũng vậy", f"must count {kind}, as 'per'"
        ),
    )
    for kind in PeriodKind
]
_UNJUDGED = _value(
    "no_data", {"const": "unjudged"}, "«reading» chỉ đi với unjudged", "only unjudged with 'reading'"
)
_WITHOUT_RISE = _without("rise", "«reading» không có kỳ trước", "nothing precedes a 'reading'")
_OF_A_READING = [_if(_is("per", PeriodKind.READING), {"allOf": [_UNJUDGED, _WITHOUT_RISE]})]
_ABOVE_ZERO = _value("at_least", {"exclusiveMinimum": 0}, "phải lớn hơn 0", "must be above 0")

_DUE = [_if(_has("report"), _WITH_DUE), _if(_has("task"), _WITHOUT_DUE)]
_WAITS_FOR = _must_have("waits_for", "quy tắc chuẩn bị sẵn chờ gì", "what the prepared rules wait for")

_CONDITIONS: tuple[tuple[MappingReader, list[Condition]], ...] = (
    (OVERDUE, _DUE),
    (SET_OVERDUE, _DUE),
    (REGISTER_ENTRY, [_if(_has("judge"), _WAITS_FOR)]),
    (RISE, [_ABOVE_ZERO]),
    (
        SELECTS,
        [{"minProperties": 1, "errorMessage": "cần ít nhất một câu lệnh SELECT (needs at least one SELECT)"}],
    ),
    (THRESHOLD, [*_CLEARING, *_IN_ITS_TERMS, *_RUNNING, *_OF_A_READING]),
    (RULE, _BY_BASIS),
    (DIRECTIVE_FILE, [*_HERE_OR_SHARED, *_BY_SHARED_BASIS]),
)
