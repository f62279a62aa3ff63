"""Parses YAML text into nodes, from libyaml's events; checks depth, size, anchors, tags and keys on the way."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml

from dondoc.engine.rulefile.problems import ProblemSheet, Unread, shown
from dondoc.engine.rulefile.yaml_text.guard import START, TextPosition, flaw_in
from dondoc.engine.rulefile.yaml_text.nodes import Invalid, Items, Node, Pairs, Scalar, ScalarType
from dondoc.engine.rulefile.yaml_text.syntax import explain

MAX_DEPTH = 40
MAX_NODES = 20_000


def parse(text: str, sheet: ProblemSheet) -> Node | None:
    """The one document of `text`; None if there is none to use, with a problem noted on `sheet`."""
    builder = _Builder(sheet)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except Unread:
        return None
    except yaml.YAMLError as error:
        at, vi, en = explain(error)
        sheet.say(at, "yaml-syntax", vi, en)
        return None
    if builder.root is None:
        sheet.say(START, "file-empty", "tệp trống", "the file is empty")
    return builder.root


@dataclass(slots=True)
class _Open:
    """A list or mapping that has not ended yet."""

    at: TextPosition
    mapping: bool
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Builder:
    sheet: ProblemSheet
    root: Node | None = None
    _open: list[_Open] = field(default_factory=list)
    _nodes: int = 0
    _documents: int = 0

    def take(self, event: Any) -> None:
        """Adds one event. Raises `Unread` where reading on would be dangerous or pointless."""
        at = TextPosition(event.start_mark.line + 1, event.start_mark.column + 1)
        match event:
            case yaml.ScalarEvent():
                self._count(at)
                self._put(self._scalar(event, at))
            case yaml.DocumentStartEvent():
                self._document(at)
            case yaml.AliasEvent():
                self._count(at)
                self._refuse_anchor(at)
                self._put(Invalid(at.line, at.column))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._count(at)
                self._check(event, at)
                self._open.append(_Open(at, isinstance(event, yaml.MappingStartEvent)))
                self._check_depth(at)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._put(self._closed(self._open.pop()))

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def _document(self, at: TextPosition) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self.sheet.say(
                at,
                "yaml-documents",
                "tệp có hơn một tài liệu YAML; bỏ dòng «---» này",
                "the file has more than one YAML document; delete this '---'",
            )

    def _count(self, at: TextPosition) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self.sheet.say(
                at,
                "yaml-nodes",
                f"tệp có hơn {MAX_NODES} giá trị; hãy chia nhỏ",
                f"the file has more than {MAX_NODES} values; split it",
            )

    def _check_depth(self, at: TextPosition) -> None:
        if len(self._open) > MAX_DEPTH:
            raise self.sheet.say(
                at,
                "yaml-depth",
                f"lồng nhau quá {MAX_DEPTH} tầng; tệp quy tắc không cần quá sáu tầng",
                f"nested deeper than {MAX_DEPTH}; a rule file needs no more than six levels",
            )

    def _check(self, event: Any, at: TextPosition) -> None:
        if event.anchor is not None:
            self._refuse_anchor(at)
        if event.tag is not None:
            self.sheet.say(
                at,
                "yaml-tag",
                f"không dùng thẻ YAML «{shown(event.tag)}»; viết giá trị trực tiếp",
                f"YAML tag '{shown(event.tag)}' is not allowed; write the plain value",
            )

    def _refuse_anchor(self, at: TextPosition) -> None:
        self.sheet.say(
            at,
            "yaml-anchor",
            "không dùng neo «&» và bí danh «*» của YAML; viết lại nội dung ở đây",
            "YAML anchors '&' and aliases '*' are not allowed; write the content here",
        )

    def _scalar(self, event: Any, at: TextPosition) -> Node:
        self._check(event, at)
        if event.tag is not None:
            return Invalid(at.line, at.column)
        # The guard has checked the whole text; only escapes in double quotes can bring in other characters.
        if event.style != '"':
            return Scalar(event.value, not event.style, at.line, at.column)
        flaw = flaw_in(event.value)
        if flaw is None:
            return Scalar(unicodedata.normalize("NFC", event.value), False, at.line, at.column)
        self.sheet.say(at, *flaw[1:])
        return Invalid(at.line, at.column)

    def _closed(self, ended: _Open) -> Node:
        if not ended.mapping:
            return Items(tuple(ended.children), ended.at.line, ended.at.column)
        seen: dict[str, Scalar] = {}
        pairs: list[tuple[Scalar, Node]] = []
        children = iter(ended.children)
        for key in children:
            value = next(children)
            if self._good_key(key, seen) and isinstance(key, Scalar):
                seen[key.text] = key
                pairs.append((key, value))
        return Pairs(tuple(pairs), ended.at.line, ended.at.column)

    def _good_key(self, key: Node, seen: dict[str, Scalar]) -> bool:
        """Whether the key is a text not seen before; if not, notes the problem."""
        if isinstance(key, Invalid):
            return False
        if not isinstance(key, Scalar) or key.meaning is not ScalarType.TEXT:
            self.sheet.say(
                key,
                "key-not-text",
                "khóa phải là chữ; nếu cần khóa là số hay true, đặt trong dấu ngoặc kép",
                "a key must be text; put a number or true in quotes",
            )
        elif key.plain and key.text == "<<":
            self.sheet.say(
                key,
                "yaml-merge",
                "không dùng khóa trộn «<<»; viết các khóa ra, hoặc dùng defaults",
                "the merge key '<<' is not allowed; write the keys out, or use defaults",
            )
        elif key.text in seen:
            first = seen[key.text]
            self.sheet.say(
                key,
                "key-duplicate",
                f"khóa «{shown(key.text)}» có hai lần, ở dòng {first.line} và {key.line}; bỏ một",
                f"key '{shown(key.text)}' appears twice, on lines {first.line} and {key.line}; delete one",
            )
        else:
            return True
        return False
