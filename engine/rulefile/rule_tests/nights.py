"""One night of a test file: which cases change, who is notified of what, or that it is silent."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rule_tests import CHANGES, CaseChange, ExpectedNotice
from dondoc.engine.domain.terms import Outcome, Reason, Section
from dondoc.engine.rulefile.files.ladders import RecipientWord
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Alternative, Many, OneOf
from dondoc.engine.rulefile.readers.quantities import Whole
from dondoc.engine.rulefile.readers.scalars import SLUG, UNIT, Paragraph, Word

SILENT = "silent"

_RULE = Field("rule", SLUG, "mã quy tắc", "the rule's id", required=True)
_UNIT = Field("unit", UNIT, "đơn vị nào", "which unit", required=True)
_SUBJECT = Field(
    "subject",
    Paragraph(longest=200),
    "kỳ hoặc việc nào, khi một quy tắc có nhiều hồ sơ của một đơn vị",
    "which period or task, where a rule has several cases of one unit",
)
_MOVES = tuple(change for change in CHANGES if change is not Reason.CLOSED)


def _place(got: Parsed, name: str = "rule") -> str:
    at = got.at(name)
    return f"{got.sheet.file}:{at.line}:{at.column}"


def _moved(got: Parsed) -> CaseChange:
    return CaseChange(
        got["rule"], got["unit"], got["change"], step=got["step"], subject=got["subject"], place=_place(got)
    )


def _closed(got: Parsed) -> CaseChange:
    return CaseChange(
        got["rule"], got["unit"], got["change"], outcome=got["outcome"], subject=got["subject"], place=_place(got)
    )


_CASE_LABEL = Text("hồ sơ thay đổi", "the case that changes")
CASE = OneOf(
    (
        Alternative(
            ("change=closed",),
            MappingReader(
                _CASE_LABEL,
                (
                    _RULE,
                    _UNIT,
                    Field("change", Word((Reason.CLOSED,)), "hồ sơ đóng", "it closes", required=True),
                    Field("outcome", Word(tuple(Outcome)), "đóng vì sao", "how it closes", required=True),
                    _SUBJECT,
                ),
                _closed,
            ),
        ),
        Alternative(
            (),
            MappingReader(
                _CASE_LABEL,
                (
                    _RULE,
                    _UNIT,
                    Field(
                        "change",
                        Word(_MOVES, besides=(Reason.CLOSED,)),
                        "thay đổi gì đêm ấy",
                        "how it changes",
                        required=True,
                    ),
                    Field(
                        "step",
                        Whole(0, 99),
                        "sau đêm ấy đứng ở bước mấy, lần nhắc lại đếm tiếp",
                        "its step afterwards, repeats numbered on",
                        required=True,
                    ),
                    _SUBJECT,
                ),
                _moved,
            ),
        ),
    )
)


def _own(got: Parsed) -> ExpectedNotice:
    return ExpectedNotice(
        got["to"], got["section"], got["rule"], got["to"], ("responsible",), got["subject"], place=_place(got)
    )


def _of_another(got: Parsed) -> ExpectedNotice:
    relations = tuple(sorted(got["as"]))
    return ExpectedNotice(
        got["to"], got["section"], got["rule"], got["unit"], relations, got["subject"], place=_place(got)
    )


_LETTER_LABEL = Text("điều được báo", "the notice")
_TO = Field("to", UNIT, "cơ quan nào được báo", "which office is notified", required=True)
_SECTION = Field("section", Word(tuple(Section)), "ở mục nào của thư", "in which section", required=True)
LETTER = OneOf(
    (
        Alternative(
            ("unit",),
            MappingReader(
                _LETTER_LABEL,
                (
                    _TO,
                    _SECTION,
                    _RULE,
                    Field("unit", UNIT, "về đơn vị nào", "about which unit", required=True),
                    Field(
                        "as",
                        Many(RecipientWord(), Text("tư cách nhận", "relations"), alone=True, at_least=0),
                        "được báo với tư cách gì",
                        "by which relation it is notified",
                        required=True,
                    ),
                    _SUBJECT,
                ),
                _of_another,
            ),
        ),
        Alternative((), MappingReader(_LETTER_LABEL, (_TO, _SECTION, _RULE, _SUBJECT), _own)),
    )
)

_CASES = Many(CASE, Text("hồ sơ thay đổi", "cases that change"))
_LETTERS = Many(LETTER, Text("điều được báo", "notices"))
_NIGHT_LABEL = Text("đêm này", "the night")
NIGHT = OneOf(
    (
        Alternative(
            ("letters",),
            MappingReader(
                _NIGHT_LABEL,
                (
                    Field("cases", _CASES, "hồ sơ nào thay đổi", "which cases change", default=()),
                    Field("letters", _LETTERS, "ai được báo điều gì", "who is notified of what", required=True),
                ),
                lambda got: (got["cases"], got["letters"]),
            ),
        ),
        Alternative(
            (),
            MappingReader(
                _NIGHT_LABEL,
                (
                    Field(
                        "cases",
                        _CASES,
                        f"hồ sơ nào thay đổi; đêm không có gì thì ghi «{SILENT}»",
                        f"which cases change; write '{SILENT}' for a night without anything",
                        required=True,
                    ),
                ),
                lambda got: (got["cases"], ()),
            ),
        ),
    ),
    word=Word((SILENT,), besides=("{letters: [...]}", "{cases: [...]}")),
)
