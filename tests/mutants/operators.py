"""Every small fault that can be planted in a module: the places of its syntax tree, and what stands there instead.

A fault is one that a person makes while editing: a comparison that takes in its limit, a forgotten `not`, an
argument or a call that got lost, one day more.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

_COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
# What a dataclass prints and compares, and what only a type checker reads, changes nothing that a night does.
_WITHOUT_EFFECT = frozenset({"field", "TypeVar", "cast"})
_STATEMENTS = (ast.Raise, ast.Continue, ast.AugAssign)
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SHOWN = 120  # characters of code in the name of a fault

# A replacement of a node, in a copy of it.
_Change = Callable[[ast.AST], ast.AST]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its operator, its lines (both ends inclusive), and the code before and after.

    `within` names the functions and classes around it, as in `Case.closed`; "" stands for the module. `number` is
    the place of its node in the tree, `variant` the one meant of several faults at that node.
    """

    operator: str
    within: str
    number: int
    variant: int
    first_line: int
    last_line: int
    before: str
    after: str


def faults(source: str) -> list[Fault]:
    """Every fault that can be planted in a module, in the order of its text."""
    found = []
    for node, parent, within in _places(_numbered(source), None, ""):
        for variant, (operator, change) in enumerate(_changes(node, parent)):
            changed = ast.fix_missing_locations(change(deepcopy(node)))
            before, after = _text(node), _text(changed)
            if isinstance(node, ast.Call):
                before, after = _lost(node, variant), f"{_text(node.func)}(…)"
            last_line = node.end_lineno or node.lineno
            found.append(Fault(operator, within, node.number, variant, node.lineno, last_line, before, after))
    return found


def _text(node: ast.AST) -> str:
    """The code of a node on one line, its beginning if it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"


def _lost(call: ast.Call, variant: int) -> str:
    """A call with the keyword argument that is lost in one of its faults."""
    named = [keyword for keyword in call.keywords if keyword.arg is not None]
    return f"{_text(call.func)}(…, {named[variant].arg}={_text(named[variant].value)})"


def planted(source: str, fault: Fault) -> ast.Module:
    """The module's tree with the fault in it, ready to be compiled."""
    tree = _numbered(source)
    ((node, parent, _),) = [place for place in _places(tree, None, "") if place[0].number == fault.number]
    _, change = list(_changes(node, parent))[fault.variant]
    changed = _Planting(fault.number, change).visit(tree)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


class _Planting(ast.NodeTransformer):
    """Replaces one node of a tree."""

    def __init__(self, number: int, change: _Change) -> None:
        self._number, self._change = number, change

    def visit(self, node: ast.AST) -> ast.AST:
        """The node, replaced if it is the one."""
        if node.number == self._number:
            return ast.copy_location(self._change(node), node)
        return self.generic_visit(node)


def _numbered(source: str) -> ast.Module:
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        node.number = number
    return tree


def _places(node: ast.AST, parent: ast.AST | None, within: str) -> Iterator[tuple[ast.AST, ast.AST | None, str]]:
    """Each statement and expression where a fault would change what runs; the node and the names around it."""
    if isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and _name(node.func) in _WITHOUT_EFFECT):
        return
    if isinstance(node, ast.expr | ast.stmt):
        yield node, parent, within
    if isinstance(node, _NAMED):
        within = f"{within}.{node.name}" if within else node.name
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _places(child, node, within)


def _changes(node: ast.AST, parent: ast.AST | None) -> Iterator[tuple[str, _Change]]:
    """Every fault at a node."""
    if _is_lost(node, parent):
        yield "statement lost", lambda _: ast.Pass()
    elif _is_condition(node, parent):
        yield "condition turned", lambda node: ast.UnaryOp(ast.Not(), node)
    yield from _of_operators(node)
    match node:
        case ast.Constant(value=bool() as value):
            yield "true, false", lambda _: ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield "off by one", lambda _: ast.Constant(value + 1)
        case ast.Call(keywords=keywords):
            for place in (n for n, keyword in enumerate(keywords) if keyword.arg is not None):
                yield "argument lost", _without(place)


def _of_operators(node: ast.AST) -> Iterator[tuple[str, _Change]]:
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                yield "comparison", _comparing(place, _COMPARISONS[type(op)]())
        case ast.BoolOp(op=op):
            yield "and, or", _joining(ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.BinOp(op=ast.Add() | ast.Sub() as op):
            yield "plus, minus", _joining(ast.Sub() if isinstance(op, ast.Add) else ast.Add())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", lambda node: node.operand


def _is_lost(node: ast.AST, parent: ast.AST | None) -> bool:
    """Whether a statement can be forgotten and the rest still runs; a docstring is none."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return isinstance(node, _STATEMENTS) or (isinstance(node, ast.Return) and isinstance(parent, ast.If))


def _comparing(place: int, op: ast.cmpop) -> _Change:
    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Compare)
        node.ops[place] = op
        return node

    return change


def _joining(op: ast.boolop | ast.operator) -> _Change:
    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.BoolOp | ast.BinOp)
        node.op = op
        return node

    return change


def _without(place: int) -> _Change:
    def change(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        del node.keywords[place]
        return node

    return change


def _is_condition(node: ast.AST, parent: ast.AST | None) -> bool:
    """Whether a name, an attribute or a call decides by itself which way is taken."""
    match parent:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            return node is test and isinstance(node, ast.Name | ast.Attribute)
        case ast.comprehension(ifs=ifs):
            return node in ifs and isinstance(node, ast.Name | ast.Attribute)
        case _:
            return False


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
