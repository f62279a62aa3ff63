"""What a reader demands of several keys at once, for the JSON Schema: it stands beside the check itself.

Only what the keys and words themselves show: a schema cannot compare two dates or two numbers.
"""

from __future__ import annotations

from typing import Any

Condition = dict[str, Any]


def has(*names: str) -> Condition:
    """That these keys are there."""
    return {"required": list(names)}


def has_any(*names: str) -> Condition:
    """That at least one of these keys is there."""
    return has(*names) if len(names) == 1 else {"anyOf": [has(name) for name in names]}


def says(name: str, *words: str) -> Condition:
    """That a key has one of these words."""
    return {"required": [name], "properties": {name: {"enum": [str(word) for word in words]}}}


def when(sign: Condition, then: Condition) -> Condition:
    """That `then` holds where `sign` does."""
    return {"if": sign, "then": then}


def must_have(name: str, vi: str, en: str) -> Condition:
    """That a key is there, and why."""
    return {**has(name), "errorMessage": f"thiếu khóa «{name}»: {vi} (key '{name}' is missing: {en})"}


def without(name: str, vi: str, en: str) -> Condition:
    """That a key is not there, and why."""
    return {"properties": {name: False}, "errorMessage": f"bỏ khóa «{name}»: {vi} (delete '{name}': {en})"}


def value(name: str, form: Condition, vi: str, en: str) -> Condition:
    """That the value of a key has a form, and what is said of any other."""
    said = f"{vi} ({en})"
    return {"properties": {name: {**form, "errorMessage": said, "patternErrorMessage": said}}}
