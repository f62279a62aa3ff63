#!/usr/bin/env python3
"""Writes rule-reference.md, every key of every rule file, and check-codes.md, every code of `check`.

Each in both languages. Run `.venv/bin/python docs/make_reference.py` after a key or a code was added; a test holds
the pages to their tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes import FAMILIES
from dondoc.engine.rulefile import FILE_KINDS
from dondoc.engine.rulefile.files.prepared import Fillable
from dondoc.engine.rulefile.readers.fields import Field, MappingReader
from dondoc.engine.rulefile.readers.groups import Keyed, Many, OneOf
from dondoc.engine.rulefile.readers.quantities import Delay, NumberOrPercent, Whole
from dondoc.engine.rulefile.readers.scalars import OrNull, Ref, Word
from dondoc.engine.rulefile.readers.version import Version

DOCS = Path(__file__).parent
LANGUAGES = ("vi", "en")

_TITLE = Text("Mọi khóa của tệp quy tắc", "Every key of the rule files")
_INTRO = Text(
    "Trang này do `docs/make_reference.py` viết từ chính các bảng dùng để đọc tệp. Cách viết, từng bước: "
    "[Viết quy tắc](writing-rules.md).",
    "This page is written by `docs/make_reference.py` from the very tables that read the files. How to write "
    "rules, step by step: [Writing rules](writing-rules.md).",
)
_HEADS = Text("| Khóa | Bắt buộc | Giá trị | Nghĩa |", "| Key | Required | Value | Meaning |")
_REQUIRED = Text("có", "yes")
_DEFAULT = Text("không; bỏ trống là", "no; default")
_OPTIONAL = Text("không", "no")
_ONE_OF = Text("Đúng một trong các khóa:", "Exactly one of the keys:")
_WITH = Text("Khi có", "With")
_OTHERWISE = Text("Các trường hợp khác:", "Otherwise:")
_BOTH = Text("`{vi: …, en: …}`", "`{vi: …, en: …}`")
_OR = Text(" hoặc ", " or ")
_LIST = Text("danh sách: ", "a list: ")
_ALONE = Text("một, hoặc danh sách: ", "one, or a list: ")
_BY_ID = Text("nhóm, mỗi khóa là ", "a group whose keys are each ")
_WHOLE = Text("số nguyên từ {} đến {}", "a whole number from {} to {}")
_DELAY = Text("`{} {}s`, từ {} đến {}", "`{} {}s`, from {} to {}")
_SEE = Text("xem ", "see ")
_TEXTS = ("vi", "en")
_CODES_TITLE = Text("Mọi mã của `dondoc check`", "Every code of `dondoc check`")
_CODES_INTRO = Text(
    "Mỗi lỗi và mỗi lưu ý kết thúc bằng một mã trong ngoặc vuông. Lỗi thì sửa mới chạy được đêm, hoặc chắc chắn "
    "viết nhầm; lưu ý (đánh dấu ◦) là điều nên biết, có thể để nguyên. Một mã: `dondoc check --explain CODE`. "
    "Trang này do `docs/make_reference.py` viết.",
    "Every error and every note ends with a code in square brackets. An error refuses the night or is surely a "
    "mistake; a note (marked ◦) is good to know and may stay. One code: `dondoc check --explain CODE`. This "
    "page is written by `docs/make_reference.py`.",
)


@dataclass(slots=True)
class Page:
    """The page in one language; a shape that occurs again is linked to where it stood first."""

    language: str
    written: dict[int, str] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Title, introduction, and a section for every mapping of every kind of file."""
        yield from (f"# {self._say(_TITLE)}", "", self._say(_INTRO), "")
        for name, shape in FILE_KINDS.items():
            yield from (f"## `{name}`: {self._say(shape.label)}", "")
            yield from self._sections("", shape)

    def _say(self, text: Text) -> str:
        return text.in_(self.language)

    def _sections(self, path: str, shape: MappingReader) -> Iterator[str]:
        """A mapping's own table, then those of the mappings inside it."""
        self.written[id(shape)] = path
        if shape.exactly_one:
            for group in shape.exactly_one:
                yield from (f"{self._say(_ONE_OF)} {', '.join(f'`{name}`' for name in group)}.", "")
        yield from (self._say(_HEADS), "|---|---|---|---|")
        below = [(join(path, each), inner(each.reader)) for each in shape.fields]
        for each in shape.fields:
            meaning = each.vi if self.language == "vi" else each.en
            value = self._value(each.reader, join(path, each))
            yield f"| `{each.name}` | {self._needed(each)} | {value} | {meaning} |"
        yield ""
        for where, found in below:
            yield from self._below(where, found)

    def _below(self, path: str, found: MappingReader | OneOf | None) -> Iterator[str]:
        shapes = list(forms(found))
        if not shapes or all(id(shape) in self.written for _, shape in shapes):
            return
        yield from (f'<a id="{self._anchor(path)}"></a>', "", f"### `{path}`", "")
        for signs, shape in shapes:
            if id(shape) in self.written:
                continue
            if len(shapes) > 1:
                keys = ", ".join(f"`{sign.replace('=', ': ')}`" for sign in signs)
                yield from (f"{self._say(_WITH)} {keys}:" if keys else self._say(_OTHERWISE), "")
            yield from self._sections(path, shape)

    def _needed(self, each: Field) -> str:
        if each.required:
            return self._say(_REQUIRED)
        if isinstance(each.default, str | int):
            unit = f" {each.reader.unit}s" if isinstance(each.reader, Delay) else ""
            return f"{self._say(_DEFAULT)} `{each.default}{unit}`"
        return self._say(_OPTIONAL)

    def _value(self, reader: Any, path: str) -> str:
        """What may stand behind a key, in words."""
        match reader:
            case NumberOrPercent():
                return self._say(_OR).join(self._value(one, path) for one in (reader.number, reader.percent))
            case OrNull():
                return f"{self._value(reader.reader, path)}{self._say(_OR)}`null`"
            case Many():
                return self._say(_ALONE if reader.alone else _LIST) + self._value(reader.item, path)
            case Keyed():
                item = self._value(reader.item, path)
                return f"{self._say(_BY_ID)}{self._value(reader.key, path)}: {item}"
            case OneOf():
                see = self._see(reader.cases[0].shape, path)
                return f"{self._value(reader.word, path)}{self._say(_OR)}{see}" if reader.word else see
            case Fillable():
                return self._see(reader.reader, path)
            case MappingReader():
                return self._say(_BOTH) if reader.names == _TEXTS else self._see(reader, path)
            case _:
                return self._word(reader)

    def _word(self, reader: Any) -> str:
        """What a single value may be."""
        match reader:
            case Version():
                return f"`{reader.current}`"
            case Word():
                return ", ".join(f"`{word}`" for word in (*reader.choices, *reader.besides))
            case Ref():
                return self._say(reader.form.wants)
            case Whole():
                return self._say(_WHOLE).format(reader.low, reader.high)
            case Delay():
                shown = min(max(reader.low, 5), reader.high)
                return self._say(_DELAY).format(shown, reader.unit, reader.low, reader.high)
            case _:
                return self._say(reader.wants)

    def _see(self, shape: MappingReader, path: str) -> str:
        where = self.written.get(id(shape), path)
        return f"{self._say(_SEE)}[`{where}`](#{self._anchor(where)})"

    def _anchor(self, path: str) -> str:
        return path.replace(".", "-").replace("<", "").replace(">", "")


def join(path: str, each: Field) -> str:
    """The path of what stands behind a key: `rules.<id>` behind `rules`, whose keys are ids."""
    by_id = ".<id>" if isinstance(each.reader, Keyed) else ""
    return f"{path}.{each.name}{by_id}".removeprefix(".")


def inner(reader: Any) -> MappingReader | OneOf | None:
    """The mapping behind a key, if there is one."""
    while isinstance(reader, Many | Keyed | Fillable):
        reader = reader.reader if isinstance(reader, Fillable) else reader.item
    return reader if isinstance(reader, MappingReader | OneOf) else None


def forms(found: MappingReader | OneOf | None) -> Iterator[tuple[tuple[str, ...], MappingReader]]:
    """Every form that a mapping may have, with the keys by which it is told from the others."""
    if isinstance(found, OneOf):
        yield from ((case.signs, case.shape) for case in found.cases)
    elif found is not None and found.names != _TEXTS:
        yield (), found


def page(language: str) -> str:
    """The page of keys in one language."""
    return "\n".join(Page(language).lines()).rstrip() + "\n"


def codes_page(language: str) -> str:
    """The page of codes in one language, a section for each family."""
    return "\n".join(_codes(language)).rstrip() + "\n"


def _codes(language: str) -> Iterator[str]:
    yield from (f"# {_CODES_TITLE.in_(language)}", "", _CODES_INTRO.in_(language), "")
    for family, codes in FAMILIES:
        yield from (f"## {family.in_(language)}", "")
        for code in codes:
            mark = " ◦" if code.note else ""
            yield f"- **`{code.name}`**{mark} {code.meaning.in_(language)}"
            if code.example:
                yield f"  `{code.example}`"
        yield ""


PAGES = {"rule-reference.md": page, "check-codes.md": codes_page}


if __name__ == "__main__":
    for language in LANGUAGES:
        for name, written in PAGES.items():
            (DOCS / language / name).write_text(written(language), "utf-8")
