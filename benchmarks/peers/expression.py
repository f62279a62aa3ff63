"""Our definitions as the expression text that zen-engine and rule-engine both read; dates are whole numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

COMPARED = {"$lt": "<", "$lte": "<=", "$gt": ">", "$gte": ">="}
ARITHMETIC = {"$add": "+", "$mul": "*"}
_DATE = re.compile(r'"(\d{4})-(\d\d)-(\d\d)"')


def numbered(text: str) -> str:
    """The same JSON with every ISO date as a number: "2026-11-18" becomes 20261118."""
    return _DATE.sub(r"\1\2\3", text)


def expression(test: Mapping[str, Any]) -> str:
    """A test written for durable_rules as an expression over the fields of a fact; an absent field is null."""
    ((word, given),) = test.items()
    if word in {"$and", "$or"}:
        return "(" + f" {word[1:]} ".join(expression(each) for each in given) + ")"
    ((field, value),) = given.items()
    if word == "$ex":
        return f"{field} != null"
    if word == "$nex":
        return f"{field} == null"
    return f"{field} {COMPARED[word]} {_operand(value)}"


def _operand(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(number(value))
    ((word, given),) = value.items()
    if word == "$m":
        return str(given)
    return f"({_operand(given['$l'])} {ARITHMETIC[word]} {_operand(given['$r'])})"


def number(value: str | int) -> int:
    """A constant of a definition: an ISO date as a number, or the number itself."""
    return int(value.replace("-", "")) if isinstance(value, str) else value
