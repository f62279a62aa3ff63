"""Runs durable_rules; no other module imports it. Chunks of JSON facts go in, matches come out.

It is called through its C functions, below its documented interface, because only this way gives right answers
and does not crash (docs/en/decisions/0001-durable-rules.md): facts instead of events, one session that is deleted
after each chunk, sentinels at both ends of a chunk, no background thread, no work inside an action.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from dondoc.engine.errors import EngineFault

try:
    import durable_rules_engine as c
except ImportError as error:  # pragma: no cover - only on a wrong build
    raise EngineFault(
        "import",
        f"gói durable-rules không nạp được ({error}); chạy `make venv` để dựng lại với cờ biên dịch đúng "
        "(durable-rules cannot be loaded: run `make venv`, which builds it with the right flags)",
    ) from error

SESSION = "0"
CAP = 65_535
_BEGIN = '{"id":"B","sentinel":"begin"}'
_END = '{"id":"E","sentinel":"end"}'
_END_RULE = "$end"

# A definition maps a rule's name to the conjunction that durable_rules matches on one fact.
Definition = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Facts to judge: the members of a JSON array without its brackets, and their number.

    Each fact is an object whose `id` is an integer, unique in the chunk and below 797,185: from that value on,
    durable_rules takes two facts for one. No value is null; numbers are 64-bit integers.
    """

    facts: str
    count: int


@dataclass(slots=True)
class Ruleset:
    """One compiled definition, loaded into durable_rules. A context manager: leaving it frees the C side.

    Do not share it between threads or processes.
    """

    name: str
    definition: Definition
    _handle: int = field(init=False, repr=False, default=-1)

    def __enter__(self) -> Self:
        rules = {name: {"all": [{"m": dict(test)}], "cap": CAP} for name, test in self.definition.items()}
        rules[_END_RULE] = {"all": [{"m": {"sentinel": "end"}}], "cap": 1}
        self._handle = c.create_ruleset(self.name, json.dumps(rules, ensure_ascii=False))
        # The first drain initialises the session's slot; without it, deleting the session reads wild memory.
        self.judge(Chunk("", 0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        c.delete_ruleset(self._handle)

    def judge(self, chunk: Chunk) -> list[tuple[str, int]]:
        """Every match as (rule name, fact id), sorted, each once.

        Raises `EngineFault` when durable_rules did not read the chunk to its end: then none of its matches count.
        """
        text = f"[{_BEGIN},{chunk.facts},{_END}]" if chunk.facts else f"[{_BEGIN},{_END}]"
        matches: set[tuple[str, int]] = set()
        ended = False
        try:
            _, state = c.assert_facts(self._handle, text)
            started = c.start_action_for_state(self._handle, state)
            message = started[1] if started else None
            while message:
                for rule, frames in json.loads(message).items():
                    if rule == _END_RULE:
                        ended = True
                    else:
                        matches.update((rule, frame["m"]["id"]) for frame in frames)
                message = c.complete_and_start_action(self._handle, state)
        except Exception as error:
            raise EngineFault(self.name, f"{type(error).__name__}: {error}") from error
        finally:
            c.delete_state(self._handle, SESSION)
        if not ended:
            raise EngineFault(self.name, f"a chunk of {chunk.count} facts was not read to its end")
        return sorted(matches)
