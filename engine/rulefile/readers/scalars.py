"""Readers of single words and texts: ids, references, choices, true and false."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.problems import IdKind, ProblemSheet, Unread, advice, shown
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed, ValueReader, mismatch
from dondoc.engine.rulefile.yaml_text.nodes import Node, Scalar, ScalarType

_QUOTE = Text("đây là số hoặc true/false, hãy đặt trong dấu ngoặc kép", "this is a number or true/false, quote it")
_WORD_FOR_BOOL = Text("chỉ viết true hoặc false", "write true or false")
DROP_QUOTES = Text("bỏ dấu ngoặc kép", "drop the quotes")
_A_TEXT = Text("một đoạn chữ", "a text")
_A_FLAG = Text("true hoặc false", "true or false")


def text_in(node: Node, sheet: ProblemSheet, code: str, wants: Text, why: Text | None = None) -> str:
    """The text of a scalar of type text; `why` explains a number or true/false in its place. Raises `Unread`."""
    if isinstance(node, Scalar) and node.meaning is ScalarType.TEXT:
        return node.text
    raise mismatch(node, sheet, code, wants, why if isinstance(node, Scalar) else None)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Reads a text for people: one paragraph of at most `longest` characters, not empty."""

    wants: Text = _A_TEXT
    longest: int = 500

    def read(self, node: Node, sheet: ProblemSheet) -> str:
        """The text without surrounding spaces."""
        text = text_in(node, sheet, "text-expected", self.wants, _QUOTE).strip()
        if not text:
            raise sheet.say(
                node, "value-missing", f"chưa ghi giá trị: cần {self.wants.vi}", f"no value: needs {self.wants.en}"
            )
        if "\n" in text:
            raise sheet.say(
                node,
                "text-lines",
                "chỉ được một đoạn, không xuống dòng; dùng «>» thay cho «|»",
                "one paragraph only, without line breaks; use '>' instead of '|'",
            )
        if len(text) > self.longest:
            raise sheet.say(
                node,
                "text-too-long",
                f"dài {len(text)} ký tự, tối đa {self.longest}; hãy rút gọn",
                f"{len(text)} characters, at most {self.longest} allowed; shorten it",
            )
        return text


@dataclass(frozen=True, slots=True)
class Pattern:
    """Reads a text that matches the whole `pattern`."""

    pattern: str
    wants: Text
    code: str = "id-malformed"

    def read(self, node: Node, sheet: ProblemSheet) -> str:
        """The text as written."""
        text = text_in(node, sheet, self.code, self.wants, _QUOTE)
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise mismatch(node, sheet, self.code, self.wants)
        return text


@dataclass(frozen=True, slots=True)
class Ref:
    """Reads the id of something defined elsewhere; it is looked up once all files are read."""

    kind: IdKind
    form: Pattern

    def read(self, node: Node, sheet: ProblemSheet) -> str:
        """The id; its mention is noted on the sheet."""
        name = self.form.read(node, sheet)
        sheet.mention(self.kind, name, node)
        return name


@dataclass(frozen=True, slots=True)
class Word:
    """Reads one of a few words; the value is the choice itself, so a member of an enum if the choices are members.

    `besides` lists for messages what is allowed instead of a word.
    """

    choices: Sequence[str]
    besides: tuple[str, ...] = ()

    @property
    def wants(self) -> Text:
        """What is expected here."""
        listed = ", ".join((*self.choices, *self.besides))
        return Text(f"một trong các từ: {listed}", f"one of: {listed}")

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The choice."""
        text = text_in(node, sheet, "word-unknown", self.wants)
        for choice in self.choices:
            if choice == text:
                return choice
        raise unknown_word(node, sheet, text, self.choices, self.besides)


def unknown_word(
    node: Node, sheet: ProblemSheet, text: str, choices: Sequence[str], besides: tuple[str, ...] = ()
) -> Unread:
    """Notes that a word is not among the choices; raise the result."""
    listed = ", ".join((*choices, *besides))
    hint = advice(text, choices, Text(f"; dùng được: {listed}", f"; it may be: {listed}"))
    return sheet.say(
        node,
        "word-unknown",
        f"không dùng được từ «{shown(text)}» ở đây{hint.vi}",
        f"'{shown(text)}' is not allowed here{hint.en}",
    )


@dataclass(frozen=True, slots=True)
class Flag:
    """Reads `true` or `false`; no other spelling."""

    wants: Text = _A_FLAG

    def read(self, node: Node, sheet: ProblemSheet) -> bool:
        """The truth value."""
        if isinstance(node, Scalar) and node.meaning is ScalarType.BOOL:
            return node.text == "true"
        quoted = isinstance(node, Scalar) and node.text in {"true", "false"}
        raise mismatch(node, sheet, "bool-expected", self.wants, DROP_QUOTES if quoted else _WORD_FOR_BOOL)


@dataclass(frozen=True, slots=True)
class OrNull:
    """Reads what `reader` reads, or an explicit `null`."""

    reader: ValueReader

    def read(self, node: Node, sheet: ProblemSheet) -> Any:
        """The value, or None."""
        if isinstance(node, Scalar) and node.meaning is ScalarType.NOTHING and node.text:
            return None
        return self.reader.read(node, sheet)


def _bilingual(got: Parsed) -> Text:
    return Text(got["vi"], got["en"])


def bilingual(longest: int = 500) -> MappingReader:
    """The reader of a text in both languages, each of at most `longest` characters."""
    return MappingReader(
        Text("phần chữ hai thứ tiếng", "the text in two languages"),
        (
            Field("vi", Paragraph(longest=longest), "câu tiếng Việt", "the text in Vietnamese", required=True),
            Field("en", Paragraph(longest=longest), "câu tiếng Anh", "the text in English", required=True),
        ),
        _bilingual,
    )


TEXTS = bilingual()
SLUG = Pattern(
    r"[a-z0-9][a-z0-9_-]{0,63}",
    Text("mã bằng chữ thường không dấu, số, «-» hoặc «_»", "an id of lower-case ASCII letters, digits, '-', '_'"),
)
UNIT_FORM = Pattern(
    r"[a-z][a-z0-9_-]{0,31}(\.[a-z0-9_-]{1,48}){1,5}",
    Text("mã đơn vị như «ln.ubnd_huyen»", "a unit id like 'ln.ubnd_huyen'"),
)
UNIT = Ref(IdKind.UNIT, UNIT_FORM)
