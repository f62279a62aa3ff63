"""Sentences in two languages: their patterns stand in the code and name the values they are given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from string import Formatter

import pytest

from tests.support.town import ROOT

FILES = [path for part in ("engine", "notifications", "flows") for path in sorted((ROOT / part).rglob("*.py"))]


# What `KindWording.say` always fills in a phrase, and what the user of a phrase adds.
SAID = {"about", "short", "what"}
ADDED = {
    "asks": {"to"},
    "asks_of_several": {"rows"},
    "cooperate": {"matter"},
    "done": {"whose", "name"},
    "urged": {"times", "when"},
}


def is_said(node: ast.Call) -> bool:
    """Whether it calls `KindWording.say` with a phrase of its own function."""
    return isinstance(node.func, ast.Attribute) and node.func.attr == "say" and isinstance(node.args[0], ast.Tuple)


def is_filled(node: ast.Call) -> bool:
    """Whether it calls `Text.format`; `say` itself is given phrases, which the classes of kinds hold."""
    return ast.unparse(node.func) == "Text.format" and ast.unparse(node.args[0]) != "*phrase"


def calls(block: Sequence[ast.stmt]) -> Iterator[tuple[ast.Call, Sequence[ast.stmt]]]:
    """Every call that fills a pattern, with the statements of its own block that come before it."""
    for number, statement in enumerate(block):
        inner: list[Sequence[ast.stmt]] = []
        for part in (statement, *getattr(statement, "cases", ()), *getattr(statement, "handlers", ())):
            inner += [getattr(part, name, []) for name in ("body", "orelse", "finalbody")]
        below = {node for each in inner for one in each for node in ast.walk(one)}
        for node in ast.walk(statement):
            if node not in below and isinstance(node, ast.Call) and (is_filled(node) or is_said(node)):
                yield node, block[:number]
        for each in inner:
            yield from calls(each)


def assigned(name: str, statement: ast.stmt) -> Iterator[ast.expr]:
    """Everything that a statement sets a name to, also as one of several."""
    for node in ast.walk(statement):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id == name:
                yield node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                yield from (value for to, value in pairs if isinstance(to, ast.Name) and to.id == name)


def literals(pattern: ast.expr, before: Sequence[ast.stmt]) -> list[str]:
    """The strings that a pattern can be where it is used; empty when one of them is no literal."""
    values = [pattern]
    if isinstance(pattern, ast.Name):
        values = []
        for statement in reversed(before):
            values += assigned(pattern.id, statement)
            if values and isinstance(statement, ast.Assign):
                break
    found = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return found if len(found) == len(values) else []


def fields(pattern: str) -> set[str]:
    """What stands between the braces of a pattern, without a format."""
    return {field for _, field, _, _ in Formatter().parse(pattern) if field is not None}


def faults(call: ast.Call, before: Sequence[ast.stmt]) -> Iterator[str]:
    """What is wrong with one call."""
    phrase = call.args[0]
    args = phrase.elts if isinstance(phrase, ast.Tuple) else call.args
    known = [literals(pattern, before) for pattern in args]
    if not all(known):
        yield "a pattern is no literal of this function"
    patterns = [pattern for found in known for pattern in found]
    names = {str(keyword.arg) for keyword in call.keywords}
    asked = {field for pattern in patterns for field in fields(pattern)}
    if asked != names and not (is_said(call) and names <= asked <= names | SAID):
        yield f"the patterns name {sorted(asked)}, the values are {sorted(names)}"
    if len(args) == 1 and any(re.search(r"[^\W\d_]", re.sub(r"{.*?}", "", pattern)) for pattern in patterns):
        yield "a pattern with words is given for one language only"


def phrase_faults(tree: ast.Module) -> Iterator[str]:
    """What is wrong with the phrases that a class of `wording/kinds` holds."""
    for node in ast.walk(tree):
        for made in node.body if isinstance(node, ast.ClassDef) else ():
            match made:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=elts))
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.Tuple(elts=elts))
                ):
                    patterns = [found for element in elts for found in literals(element, ())]
                    if unknown := {f for one in patterns for f in fields(one)} - SAID - ADDED.get(name, set()):
                        yield f"{made.lineno}: {name} is given no {sorted(unknown)}"


def by_hand(tree: ast.Module) -> Iterator[ast.Call]:
    """Texts whose two languages are put together separately from the languages of other texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Text":
            printed = [
                inner for argument in node.args for inner in ast.walk(argument) if isinstance(inner, ast.JoinedStr)
            ]
            read = {part.attr for text in printed for part in ast.walk(text) if isinstance(part, ast.Attribute)}
            if read & {"vi", "en"}:
                yield node


def fault_lines(source: str) -> list[str]:
    """What is wrong in a file, with its lines."""
    tree = ast.parse(source)
    found = [f"{call.lineno}: {fault}" for call, before in calls(tree.body) for fault in faults(call, before)]
    return found + [f"{call.lineno}: put together by hand, see Text.format" for call in by_hand(tree)]


def test_patterns_are_literals_and_name_their_values() -> None:
    """No name from data is ever a pattern, no value is missing or unused, both languages have the same values."""
    found = {path.relative_to(ROOT).as_posix(): fault_lines(path.read_text("utf-8")) for path in FILES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_phrases_of_kinds_name_what_they_are_given() -> None:
    """A phrase may leave out a value, but asks for none that it never gets."""
    kinds = [path for path in FILES if path.parent.name == "kinds" and path.parent.parent.name == "wording"]
    assert len(kinds) > 5
    assert [fault for path in kinds for fault in phrase_faults(ast.parse(path.read_text("utf-8")))] == []
    assert list(phrase_faults(ast.parse('class A:\n    lacks = ("{whose} x", "{what} y")\n')))


@pytest.mark.parametrize(
    "call",
    [
        "Text.format(said.vi, said.en, a=a)",
        'Text.format(f"{a} x", "{a} y", a=a)',
        'Text.format(known, "{a} y", a=a)',
        'Text.format("{a} x", "{b} y", a=a)',
        'Text.format("{a} x", "{a} y", a=a, b=b)',
        'Text.format("{a} x", a=a)',
        'Text.format("{a} x", "{a} y", **values)',
        'Text(f"{a.vi} x", f"{b.en} y")',
        'kind.say((known, "{about} y"), a)',
        'kind.say(("{a} x", "{about} y"), a)',
        'kind.say(("{about} x", "{about} y"), a, b=b)',
    ],
)
def test_a_wrong_call_is_found(call: str) -> None:
    """The checks above find each mistake that they are for."""
    assert fault_lines(f"def f(a, b, said, values):\n    known = said.vi\n    return {call}\n")
