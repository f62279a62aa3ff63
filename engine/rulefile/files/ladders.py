"""`ladders.yaml`: who is notified when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dondoc.engine.domain.model import Answers, Ladder, LadderStep, Text
from dondoc.engine.domain.terms import Line, Tone
from dondoc.engine.rulefile.problems import IdKind, ProblemSheet
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Keyed, Many
from dondoc.engine.rulefile.readers.quantities import Delay, Whole
from dondoc.engine.rulefile.readers.scalars import SLUG, UNIT, Flag, Word, text_in, unknown_word
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Node, Scalar

_RELATIONS = ("led_by", *(f"superior.{line}" for line in Line))
_WORDS = ("responsible", "monitor", "issuer", "reports_to", *_RELATIONS)
SUPERIOR = re.compile(rf"superior\.({'|'.join(Line)})(\.[2-9])?")
_A_RECIPIENT = Text("người nhận như «monitor» hoặc mã đơn vị", "a recipient like 'monitor', or a unit id")


@dataclass(frozen=True, slots=True)
class RecipientWord:
    """A relation to the responsible unit (`superior.<line>.<n>` with n from 2 to 9), or a unit's id."""

    words: tuple[str, ...] = _WORDS
    wants: Text = _A_RECIPIENT

    def read(self, node: Node, sheet: ProblemSheet) -> str:
        """The word or id."""
        text = text_in(node, sheet, "word-unknown", self.wants)
        if text in self.words or SUPERIOR.fullmatch(text):
            return text
        if "." not in text or text.startswith("superior."):
            raise unknown_word(node, sheet, text, self.words)
        return UNIT.read(node, sheet)


# A body given by its id, or for each unit by a relation.
BODY = RecipientWord(
    _RELATIONS,
    Text(
        "mã đơn vị như «ln.ubnd_huyen», hoặc quan hệ như «superior.government»",
        "a unit id like 'ln.ubnd_huyen', or a relation like 'superior.government'",
    ),
)
_RECIPIENTS = Many(RecipientWord(), Text("người nhận", "recipients"))


def _step(got: Parsed) -> tuple[LadderStep, Node]:
    return LadderStep(got["at"], got["to"], got["copy"], got["tone"]), got.at("at")


STEP = MappingReader(
    Text("bậc thang", "the ladder step"),
    (
        Field(
            "at",
            Delay("workday", 0, 999),
            "số ngày làm việc kể từ ngày quá hạn",
            "working days since the breach",
            required=True,
        ),
        Field("to", _RECIPIENTS, "gửi cho ai", "who is notified", required=True),
        Field("copy", _RECIPIENTS, "đồng gửi cho ai", "who gets a copy", default=()),
        Field("tone", Word(tuple(Tone)), "giọng của bậc này", "the tone of this step", required=True),
    ),
    _step,
)

REPEAT = MappingReader(
    Text("phần nhắc lại", "the repeat"),
    (
        Field("every", Delay("workday", 1, 999), "nhắc lại sau bao nhiêu ngày", "how often", required=True),
        Field("times", Whole(1, 99), "nhắc lại mấy lần", "how many times", required=True),
    ),
    lambda got: (got["every"], got["times"]),
)

ANSWERS = MappingReader(
    Text("phần trả lời", "the answers"),
    (
        Field(
            "hold",
            Delay("workday", 1, 30),
            "đơn vị báo đã biết thì tạm chưa nhắc lại đơn vị ấy bao nhiêu ngày",
            "for how long an acknowledgement holds",
            default=Answers().hold,
        ),
        Field(
            "times",
            Whole(0, 9),
            "được báo đã biết mấy lần",
            "how often an office may acknowledge a case",
            default=Answers().times,
        ),
        Field(
            "promise",
            Delay("workday", 1, 60),
            "giải trình thì hẹn xa nhất bao nhiêu ngày",
            "how far ahead an explanation may promise a day",
            default=Answers().promise,
        ),
        Field(
            "stops_clock",
            Flag(),
            "báo đã biết thì các bước báo cấp trên cũng tạm dừng",
            "whether an acknowledgement holds for superiors too",
            default=False,
        ),
        Field(
            "explain",
            Delay("workday", 1, 30),
            "được đề nghị giải trình thì trả lời trong bao nhiêu ngày",
            "for how long a demanded explanation is awaited",
            default=Answers().explain,
        ),
    ),
    lambda got: Answers(got["hold"], got["times"], got["promise"], got["stops_clock"], got["explain"]),
)

LADDER = MappingReader(
    Text("thang đôn đốc", "the ladder"),
    (
        Field(
            "steps",
            Many(STEP, Text("các bậc", "steps")),
            "các bậc, từ sớm đến muộn",
            "the steps, early to late",
            required=True,
        ),
        Field("repeat", REPEAT, "nhắc lại sau bậc cuối", "repeats after the last step", default=(0, 0)),
        Field(
            "answers",
            ANSWERS,
            "trả lời của cơ quan được nhắc có tác dụng gì",
            "what answers do",
            default=Answers(),
        ),
        Field(
            "on_nobody",
            Word(("next",)),
            "khi bậc không có ai nhận thì sang bậc sau",
            "a step with nobody to notify passes its turn to the next",
            default="next",
        ),
    ),
    lambda got: got,
)


def _ladder(key: Scalar, got: Parsed) -> Ladder:
    steps: list[tuple[LadderStep, Node]] = list(got["steps"])
    for (before, _), (after, at) in pairwise(steps):
        if after.at <= before.at:
            got.sheet.say(
                at,
                "steps-not-rising",
                f"bậc này ở ngày {after.at} mà bậc trước ở ngày {before.at}; các bậc phải muộn dần",
                f"this step is at day {after.at} and the one before at day {before.at}; steps must rise",
            )
    every, times = got["repeat"]
    return Ladder(key.text, tuple(step for step, _ in steps), every, times, got["answers"])


def _file(got: Parsed) -> Any:
    return got["ladders"]


LADDERS_FILE = MappingReader(
    Text("tệp thang đôn đốc", "the ladder file"),
    (
        VERSION,
        Field(
            "ladders",
            Keyed(
                SLUG,
                LADDER,
                Text("các thang, mỗi thang một mã", "ladders by id"),
                _ladder,
                IdKind.LADDER,
            ),
            "các thang, mỗi thang một mã",
            "the ladders, by id",
            required=True,
        ),
    ),
    _file,
)
