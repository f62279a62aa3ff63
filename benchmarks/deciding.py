"""Deciding alone: durable_rules on our real path, beside SQL written by hand and beside other engines.

All are asked the same facts and must name the same hits. What counts is CPU, on one core, and the ratios of
engines that ran in the same round; the median of the rounds is given. The slow ones run in the first round only.
"""

from __future__ import annotations

import importlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import facts as made
from country import book as country_book
from measure import measured
from peers import sql
from peers.expression import numbered
from sqlalchemy import Connection

from dondoc.engine.domain.rulebook import Rule, RuleBook, Threshold
from dondoc.engine.judge.compiler import compile_book
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.kinds.shapes import Shape
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.matching import fact_sql
from dondoc.engine.store.matching.evaluate import Range, decide, ranges
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night.steps import cutoff_of

ROUNDS = 5
MIXES = ("ordinary", "first")
# Module by engine; one that is not installed is left out, and said so.
PEERS = {
    "zen-engine": "zen",
    "clipspy": "clips_rete",
    "business-rules": "business",
    "rule-engine": "rule_language",
    "Drools": "drools_events",
}
SLOW = ("clipspy", "business-rules", "rule-engine", "Drools")
Hits = list[tuple[str, str, int]]
Page = tuple[Range, Chunk]


@dataclass(slots=True)
class Field:
    """What is decided: the shapes, the ids that hold their facts, and the pages of facts as text."""

    path: str
    book: RuleBook
    conn: Connection
    rules: Mapping[str, int]
    shapes: tuple[Shape, ...]
    parts: list[Range]
    pages: list[Page] = field(default_factory=list)

    def build(self) -> list[Page]:
        """The facts of every page as JSON text, made by SQL; also those that a night does not print."""
        cutoff = cutoff_of(made.NIGHT)
        found = []
        queries = {shape.name: fact_sql.page(shape, self.rules, cutoff, whole=True) for shape in self.shapes}
        for part in self.parts:
            text, count, _ = self.conn.execute(
                queries[part.shape.name], {"low": part.low, "high": part.high}
            ).one()
            if text:
                found.append((part, Chunk(text, count)))
        return found


def main() -> None:
    """Prints the table of every mix."""
    for mix in MIXES:
        print("\n".join(lines(mix, compare(mix))))


def lines(mix: str, found: Mapping[str, Any]) -> Iterator[str]:
    """The result as text."""
    yield f"deciding, mix «{mix}»: {found['facts']:,} facts, {found['hits']:,} hits, the same by every way"
    for name, seconds in found["seconds"].items():
        yield f"  {name:<44}{seconds:7.2f} CPU s {found['facts'] / seconds:12,.0f} facts/s"
    for name, ratio in found["ratios"].items():
        yield f"  {name:<66}{ratio:6.2f}"


def compare(mix: str, amount: made.Amount = made.WHOLE) -> dict[str, Any]:
    """Seconds of CPU for every way and the ratios that matter; raises AssertionError when hits differ."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = str(Path(folder, "facts.db"))
        ground = _ground(path, mix, amount, stack)
        ways = _ways(ground)
        expected = set(ways["SQL by hand: found"]())
        rounds = [_round(_quick(ways) if n else ways, expected) for n in range(ROUNDS)]
    return {
        "facts": sum(chunk.count for _, chunk in ground.pages),
        "hits": len(expected),
        "seconds": {name: median(each[name] for each in rounds if name in each) for name in ways},
        "ratios": _ratios(rounds),
    }


def _ground(path: str, mix: str, amount: made.Amount, stack: ExitStack) -> Field:
    whole = country_book()
    wanted = (made.REPORT, made.QUOTA, made.LEVEL, made.RISE)
    book = replace(whole, rules={name: _judged(whole, name) for name in wanted})
    engine = connect(f"sqlite:///{path}")
    stack.callback(engine.dispose)
    rules = made.fill(engine, book, amount, mix)
    conn = stack.enter_context(reading(engine))
    shapes = compile_book(book, made.NIGHT)
    ground = Field(path, book, conn, rules, shapes, list(ranges(conn, shapes, rules)))
    ground.pages = ground.build()
    return ground


def _judged(book: RuleBook, name: str) -> Rule:
    """The rule without its wait for missing data, which has facts of its own."""
    rule = book.rules[name]
    if isinstance(rule.condition, Threshold):
        return replace(rule, condition=replace(rule.condition, no_data_after=None))
    return rule


def _ways(ground: Field) -> dict[str, Callable[[], Hits]]:
    ways: dict[str, Callable[[], Hits]] = {
        "SQL by hand: found": lambda: _by_sql(ground),
        "durable_rules: decided": lambda: _by_durable(ground.pages),
        "durable_rules: facts built and decided": lambda: _whole(ground),
    }
    for engine, module in PEERS.items():
        peer = _peer(module)
        if peer is not None:
            ways |= _of_peer(engine, peer, ground)
    return ways


def _by_sql(ground: Field) -> Hits:
    return sql.hits(
        ground.conn, ground.book, ground.shapes, ground.rules, Night(made.NIGHT, cutoff_of(made.NIGHT))
    )


def _by_durable(pages: list[Page]) -> Hits:
    """As `dondoc.engine.store.matching.evaluate` does it, from facts that are ready."""
    found: Hits = []
    rulesets: dict[str, Ruleset] = {}
    with ExitStack() as stack:
        for part, chunk in pages:
            name = part.shape.name
            if name not in rulesets:
                rulesets[name] = stack.enter_context(Ruleset(name, part.shape.definition))
            found += [(name, rule, part.low + row) for rule, row in rulesets[name].judge(chunk)]
    return found


def _whole(ground: Field) -> Hits:
    decided = decide(ground.conn, ground.parts, ground.rules, cutoff_of(made.NIGHT))
    assert not decided.faults
    return [(hit.shape, hit.rule, hit.row) for hit in decided.hits]


def _peer(module: str) -> ModuleType | None:
    try:
        return importlib.import_module(f"peers.{module}")
    except ImportError as missing:
        print(f"  {module} is left out: {missing}")
        return None


def _of_peer(engine: str, peer: ModuleType, ground: Field) -> dict[str, Callable[[], Hits]]:
    """The ways of one engine. Dates are made into numbers before the clock starts; JSON is read after it."""
    judges = {shape.name: peer.Judge.of(shape.definition) for shape in ground.shapes}
    texts = [(part, f"[{numbered(chunk.facts)}]") for part, chunk in ground.pages]
    if engine == "zen-engine":
        ways = {"rule": lambda judge: judge.one_by_one, "fact": lambda judge: judge.at_once}
        return {
            f"{engine}: decided, a call for each {each}": partial(_asked, judges, texts, way)
            for each, way in ways.items()
        }
    if engine == "Drools":
        ready = [(part, judges[part.shape.name].prepared(json.loads(text))) for part, text in texts]
        return {f"{engine}: decided": lambda: _by_drools(judges, ready)}
    return {f"{engine}: decided": lambda: _asked(judges, texts, lambda judge: judge)}


def _asked(judges: Mapping[str, Any], texts: list[tuple[Range, str]], way: Callable[[Any], Any]) -> Hits:
    found: Hits = []
    for part, text in texts:
        hits = way(judges[part.shape.name])(json.loads(text))
        found += [(part.shape.name, rule, part.low + row) for rule, row in hits]
    return found


def _by_drools(judges: Mapping[str, Any], ready: list[tuple[Range, Any]]) -> Hits:
    return [
        (part.shape.name, rule, part.low + row)
        for part, texts in ready
        for rule, row in judges[part.shape.name](texts)
    ]


def _round(ways: Mapping[str, Callable[[], Hits]], expected: set[tuple[str, str, int]]) -> dict[str, float]:
    seconds = {}
    for name, way in ways.items():
        with measured() as cost:
            hits = way()
        assert set(hits) == expected, f"{name}: other hits than SQL's"
        seconds[name] = cost.cpu
    return seconds


def _quick(ways: Mapping[str, Callable[[], Hits]]) -> dict[str, Callable[[], Hits]]:
    return {name: way for name, way in ways.items() if not name.startswith(SLOW)}


def _ratios(rounds: list[dict[str, float]]) -> dict[str, float]:
    durable, whole, by_hand = (
        "durable_rules: decided",
        "durable_rules: facts built and decided",
        "SQL by hand: found",
    )
    ratios = {"CPU of durable_rules / SQL by hand, facts built and decided": (whole, by_hand)}
    for name in rounds[0]:
        if name.startswith(tuple(PEERS)):
            ratios[f"CPU of {name} / durable_rules"] = (name, durable)
    return {
        name: median(each[over] / each[under] for each in rounds if over in each)
        for name, (over, under) in ratios.items()
    }


if __name__ == "__main__":
    main()
