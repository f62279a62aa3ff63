"""Generates JSON Schema from the tables that read rule files: an editor underlines what the loader would refuse.

Draft 7, which YAML language servers support best, with their keywords `errorMessage` and `patternErrorMessage`. A
schema sees values, not their spelling, and one file at a time; its test lists what it cannot express.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from itertools import combinations
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.book import FILE_KINDS
from dondoc.engine.rulefile.files.prepared import Fillable
from dondoc.engine.rulefile.readers.fields import BLANK, Field, MappingReader
from dondoc.engine.rulefile.readers.groups import Alternative, Keyed, Many, OneOf
from dondoc.engine.rulefile.readers.quantities import Delay, NumberOrPercent
from dondoc.engine.rulefile.readers.scalars import OrNull
from dondoc.engine.rulefile.schema.scalars import needs, single

DRAFT = "http://json-schema.org/draft-07/schema#"

Schema = dict[str, Any]

_GROUPS = MappingReader | OneOf | Many | Keyed | OrNull | NumberOrPercent | Fillable


def kinds() -> dict[str, str]:
    """By name, the kinds of rule file, each with the pattern of its file names below the rule folder."""
    return {_kind(files): files for files in FILE_KINDS}


def _kind(files: str) -> str:
    name = files.rpartition("/")[2].removesuffix(".yaml").removeprefix("*").removeprefix(".")
    return name or "directive"


def schema_of(kind: str) -> Schema:
    """The schema of a kind of file. Raises `KeyError` for a name that `kinds` does not list."""
    shape = FILE_KINDS[kinds()[kind]]
    return {"$schema": DRAFT, **_schema(shape)}


def _schema(reader: Any) -> Schema:
    """The schema of what a reader accepts. Raises `TypeError` for a reader that has no schema yet."""
    return _group(reader) if isinstance(reader, _GROUPS) else single(reader)


def _group(reader: _GROUPS) -> Schema:
    match reader:
        case MappingReader():
            return _shape(reader)
        case OneOf():
            return _one_of(reader)
        case Many():
            return _many(reader)
        case Keyed():
            return {
                "type": "object",
                "propertyNames": _schema(reader.key),
                "additionalProperties": _schema(reader.item),
                "errorMessage": needs(reader.wants),
            }
        case OrNull():
            return {"anyOf": [_schema(reader.reader), {"type": "null"}]}
        case Fillable():
            opened: Schema = _with_blanks(_schema(reader.reader))
            return opened
        case NumberOrPercent():
            return {"anyOf": [_schema(reader.number), _schema(reader.percent)]}


def _shape(shape: MappingReader) -> Schema:
    """The schema of a mapping: these keys and no others."""
    found: Schema = {
        "type": "object",
        "title": shape.label.both(),
        "properties": {field.name: _field(field) for field in shape.fields},
        "additionalProperties": False,
        "errorMessage": _only_keys(shape.label, shape.names),
    }
    conditions = [*_required(shape), *_exactly_one(shape), *shape.together]
    return {**found, "allOf": conditions} if conditions else found


def _only_keys(label: Text, names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"{label.vi} chỉ có các khóa: {listed} ({label.en} may have: {listed})"


def _required(shape: MappingReader) -> list[Schema]:
    """One condition for each key, so that an editor can say what the missing key is for."""
    return [
        {
            "required": [field.name],
            "errorMessage": f"thiếu khóa «{field.name}»: {field.vi} (key '{field.name}' is missing: {field.en})",
        }
        for field in shape.fields
        if field.required
    ]


def _exactly_one(shape: MappingReader) -> list[Schema]:
    conditions: list[Schema] = []
    for group in shape.exactly_one:
        listed = ", ".join(group)
        said = {"errorMessage": f"cần đúng một trong các khóa: {listed} (needs exactly one of: {listed})"}
        conditions.append({"anyOf": [{"required": [name], **said} for name in group]})
        conditions += [
            {"if": {"required": [one]}, "then": {"properties": {other: False}, **said}}
            for one, other in combinations(group, 2)
        ]
    return conditions


def _field(field: Field) -> Schema:
    """The schema of a key's value, with its line of documentation and its default."""
    found = {"description": _explained(field), **_schema(field.reader)}
    if isinstance(field.reader, Delay) and isinstance(field.default, int):
        found["default"] = f"{field.default} {field.reader.unit}s"
    elif isinstance(field.default, str):
        found["default"] = str(field.default)
    elif isinstance(field.default, int):
        found["default"] = field.default
    return found


def _explained(field: Field) -> str:
    return f"{field.vi}\n\n({field.en})"


def _one_of(reader: OneOf) -> Schema:
    """The schema of the alternative whose signs are present, chosen as the reader chooses; or of a word."""
    *early, last = reader.cases
    chosen = _schema(last.shape)
    for case in reversed(early):
        chosen = {"if": _signs(case), "then": _schema(case.shape), "else": chosen}
    mapping = {**_any_case(reader), **chosen} if early else chosen
    return {"anyOf": [_schema(reader.word), mapping]} if reader.word else mapping


def _any_case(reader: OneOf) -> Schema:
    """What an editor offers before the alternative is known: every key of every alternative."""
    fields = {field.name: field for case in reversed(reader.cases) for field in case.shape.fields}
    return {
        "type": "object",
        "properties": {name: {"description": _explained(field)} for name, field in fields.items()},
        "errorMessage": _only_keys(reader.cases[-1].shape.label, fields),
    }


def _signs(case: Alternative) -> Schema:
    pairs = [sign.partition("=") for sign in case.signs]
    return {
        "type": "object",
        "required": [name for name, _, _ in pairs],
        "properties": {name: {"const": value} for name, equals, value in pairs if equals},
    }


def _many(reader: Many) -> Schema:
    item = _schema(reader.item)
    # Values read from mappings hold their places and so never equal each other: only single values can be doubled.
    unique = {} if isinstance(reader.item, _GROUPS) else {"uniqueItems": True}
    listed = {"type": "array", "items": item, "minItems": reader.at_least, **unique}
    return {"anyOf": [item, listed]} if reader.alone else {**listed, "errorMessage": needs(reader.wants)}


def _with_blanks(schema: Any) -> Any:
    """A schema in which every value may be a blank, except those that choose between alternatives."""
    if isinstance(schema, list):
        return [_with_blanks(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: below if name == "if" else _with_blanks(below) for name, below in schema.items()}
    if isinstance(found.get("properties"), dict):
        found["properties"] = {
            name: {"anyOf": [{"const": BLANK}, below]} if below else below
            for name, below in found["properties"].items()
        }
    return found


def matches(files: str) -> list[str]:
    """The patterns of a kind's files in a project; `!` excludes the files of another kind."""
    others = [other for other in FILE_KINDS if other != files and fnmatch(other.replace("*", "x"), files)]
    return [f"rules/{files}", *(f"!rules/{other}" for other in others)]


def catalog() -> Mapping[str, Any]:
    """Every schema with its files, as a catalogue for editors."""
    return {
        "schemas": [
            {
                "name": f"dondoc {kind}",
                "description": FILE_KINDS[files].label.both(),
                "fileMatch": matches(files),
                "url": f"{kind}.schema.json",
            }
            for kind, files in kinds().items()
        ]
    }
