"""Drools through drools-jpy as a judge of the same facts: events in a session of Ansible's rule language.

That language has no arithmetic, so that where we compute with a field the result is put into the fact before
the clock starts, which favours it. The Java machine warms up on the first facts of all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# One line of log for every rule would be most of the work.
os.environ.setdefault("DROOLS_JPY_JVM_LOG", "logFile=System.err,defaultLogLevel=error")
# The bridge looks for Java where this says; `java` on the path may be a link to it.
if java := shutil.which("java"):
    os.environ.setdefault("JAVA_HOME", str(Path(java).resolve().parents[1]))
else:
    raise ImportError("there is no Java on this machine")

from drools.ruleset import Ruleset

from peers.expression import number

_COMPARED = {
    "$lt": "LessThanExpression",
    "$lte": "LessThanOrEqualToExpression",
    "$gt": "GreaterThanExpression",
    "$gte": "GreaterThanOrEqualToExpression",
}


@dataclass(slots=True)
class Judge:
    """One shape's rules in a session of their own, and the fields that are computed beforehand."""

    session: Any
    computed: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: Mapping[str, Mapping[str, Any]]) -> Judge:
        """A judge for a definition written for durable_rules."""
        computed: dict[str, Any] = {}
        rules = [
            {
                "Rule": {
                    "name": name,
                    "condition": {"AllCondition": [_condition(test, computed)]},
                    "actions": [{"Action": {"action": "none", "action_args": {}}}],
                    "enabled": True,
                }
            }
            for name, test in definition.items()
        ]
        ruleset = {"name": "facts", "hosts": ["all"], "sources": [], "match_multiple_rules": True, "rules": rules}
        return cls(Ruleset("facts", json.dumps(ruleset)), computed)

    def prepared(self, facts: Iterable[Mapping[str, Any]]) -> list[tuple[int, str]]:
        """The facts as texts with everything computed in them, each with its id; made before the clock starts."""
        return [
            (
                fact["id"],
                json.dumps(
                    dict(fact)
                    | {
                        name: _value(how, fact)
                        for name, how in self.computed.items()
                        if all(read in fact for read in _read(how))
                    }
                ),
            )
            for fact in facts
        ]

    def __call__(self, texts: Iterable[tuple[int, str]]) -> list[tuple[str, int]]:
        """Every (rule, id) that matches."""
        api, number_of = self.session._api, self.session._session_id  # noqa: SLF001 - its own dispatch looks rules up again
        found = []
        for row, text in texts:
            for match in json.loads(api.assertEvent(number_of, text)):
                found += [(rule, row) for rule in match]
        return found


def _condition(test: Mapping[str, Any], computed: dict[str, Any]) -> dict[str, Any]:
    ((word, given),) = test.items()
    if word == "$and":
        first, *others = (_condition(each, computed) for each in given)
        for other in others:
            first = {"AndExpression": {"lhs": first, "rhs": other}}
        return first
    ((name, value),) = given.items()
    if word in {"$ex", "$nex"}:
        return {"IsDefinedExpression" if word == "$ex" else "IsNotDefinedExpression": {"Event": name}}
    if isinstance(value, Mapping):
        known = f"computed_{len(computed)}"
        computed[known] = value
        right: dict[str, Any] = {"Event": known}
    else:
        right = {"Integer": number(value)}
    return {_COMPARED[word]: {"lhs": {"Event": name}, "rhs": right}}


def _value(how: Any, fact: Mapping[str, Any]) -> int:
    if not isinstance(how, Mapping):
        return number(how)
    ((word, given),) = how.items()
    if word == "$m":
        return int(fact[given])
    left, right = _value(given["$l"], fact), _value(given["$r"], fact)
    return left + right if word == "$add" else left * right


def _read(how: Any) -> list[str]:
    if not isinstance(how, Mapping):
        return []
    ((word, given),) = how.items()
    return [given] if word == "$m" else _read(given["$l"]) + _read(given["$r"])
