"""CLIPS through clipspy as a judge of the same facts: one template for a shape, one rule for each of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import clips

from peers.expression import ARITHMETIC, COMPARED, number

# So many facts stand in the working memory at a time: more of them cost more each.
_CHUNK = 2_000


@dataclass(slots=True)
class Judge:
    """One shape's rules in an environment of their own."""

    env: Any
    template: Any
    found: list[tuple[str, int]] = field(default_factory=list)

    @classmethod
    def of(cls, definition: Mapping[str, Mapping[str, Any]]) -> Judge:
        """A judge for a definition written for durable_rules; an absent field is nil."""
        env = clips.Environment()
        fields = sorted({name for test in definition.values() for name in _fields(test)})
        env.build(f"(deftemplate fact (slot id) {' '.join(f'(slot {name} (default nil))' for name in fields)})")
        judge = cls(env, env.find_template("fact"))
        env.define_function(lambda rule, row: judge.found.append((str(rule), int(row))), name="hit")
        for name, test in definition.items():
            env.build(_rule(name, test))
        return judge

    def __call__(self, facts: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
        """Every (rule, id) that matches."""
        self.found.clear()
        waiting = iter(facts)
        while some := list(islice(waiting, _CHUNK)):
            for fact in some:
                self.template.assert_fact(**fact)
            self.env.run()
            self.env.reset()
        return list(self.found)


def _rule(name: str, test: Mapping[str, Any]) -> str:
    """One pattern; what is asked of a slot stands at the slot, and what compares two comes last."""
    asked: dict[str, list[str]] = defaultdict(list)
    across: set[str] = set()
    for each in test["$and"]:
        ((word, given),) = each.items()
        ((slot, value),) = given.items()
        asked[slot].append(_condition(word, slot, value))
        if isinstance(value, Mapping):
            across.add(slot)
    order = sorted(asked, key=lambda slot: (slot in across, slot))
    slots = " ".join(f"({slot} ?{slot}&:(and {' '.join(asked[slot])} TRUE))" for slot in order)
    return f'(defrule {name.replace("|", "_")} (fact (id ?id) {slots}) => (hit "{name}" ?id))'


def _condition(word: str, slot: str, value: Any) -> str:
    if word in {"$ex", "$nex"}:
        return f"({'neq' if word == '$ex' else 'eq'} ?{slot} nil)"
    return f"({COMPARED[word]} ?{slot} {_operand(value)})"


def _operand(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(number(value))
    ((word, given),) = value.items()
    if word == "$m":
        return f"?{given}"
    return f"({ARITHMETIC[word]} {_operand(given['$l'])} {_operand(given['$r'])})"


def _fields(test: Any) -> Iterator[str]:
    """Every field that a test reads."""
    for word, given in test.items():
        if word == "$and":
            for each in given:
                yield from _fields(each)
        else:
            yield from given
            for value in given.values():
                yield from _read(value)


def _read(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for word, given in value.items():
            if word == "$m":
                yield given
            else:
                yield from _read(given["$l"])
                yield from _read(given["$r"])
