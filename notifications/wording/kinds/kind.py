"""What a letter says of one kind of task: what every kind must say, and what most kinds say alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import LiteralString, Protocol

from dondoc.engine.domain.model import NO_TEXT, Asked, Finding, Text
from dondoc.engine.domain.rulebook import Condition
from dondoc.notifications.digest import UPWARD, Digest, Entry, Limit
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.limits import seen_until, until
from dondoc.notifications.wording.names import grouped, named_behind, object_of, units, who
from dondoc.notifications.wording.numbers import counted, day, days, weekday

# What else than its level a rule asked for: the name of each part and its value, as printed.
Manner = tuple[tuple[Text, Text], ...]
# A pattern in Vietnamese and one in English, filled by `KindWording.say`; `LiteralString` keeps data out of it.
Phrase = tuple[LiteralString, LiteralString]

BY_NUMBER = Text(
    "Nếu đã gửi, chỉ cần trả lời số và ngày của văn bản.",
    "If it has been sent, a reply with the number and date of the document is enough.",
)
DONE_IN_PERIOD = Text(
    "Nếu đã thực hiện trong kỳ, chỉ cần trả lời ngày thực hiện và số, ngày của văn bản.",
    "If it was done in the period, a reply with the day and the document is enough.",
)


@dataclass(frozen=True, slots=True)
class RuleDays:
    """What the condition of a rule says of the days of its demands, as far as a row prints it.

    `recurs`: they come again, so that a row names its period; `yearly`: by the year in which it is due.
    `exclusive`: the limit is a "before"; None: the task says so. `after_event` are the calendar days after an
    event. `reminders` are working days before the last one. `set_by` and `set_on`: which office set the day or
    number, and when.
    """

    recurs: bool = True
    yearly: bool = False
    exclusive: bool | None = None
    after_event: int | None = None
    reminders: tuple[int, ...] = ()
    set_by: str | None = None
    set_on: date | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """How much is missed or beyond its limit, and of what level, for a table: numbers, or words in their place.

    Words stand where there is no number, or where it must not be told; None: the row measures nothing.
    """

    value: int | Decimal | Text | None = None
    level: int | Decimal | Text | None = None
    unit: Text = NO_TEXT


class KindWording(Protocol):
    """A kind gives what has no value here, and what it says in other words than most.

    In a phrase `{about}` is what the row is about, with its period, `{short}` the same without it, and `{what}`
    what its unit has to send.
    """

    # What is missing, behind the units concerned: `chưa được ghi nhận báo cáo đợt 1`; the same without a unit.
    lacks: Phrase
    unseen: Phrase = ("chưa ghi nhận {what}", "not recorded: {what}")
    # What a row asks of the unit itself, and what suffices if it is already done.
    asks: Phrase
    suffices: Text = BY_NUMBER
    # The same for several rows, and for a streak of missed periods.
    asks_of_several: Phrase = ("gửi kết quả của {rows}", "send the results of {rows}")
    suffices_for_several: Text = BY_NUMBER
    asks_of_streak: Phrase = (
        "cập nhật {what} và cho biết kế hoạch thực hiện kỳ tiếp theo",
        "record what was done ({about}) and say what is planned next",
    )
    suffices_for_streak: Text = DONE_IN_PERIOD
    # What an equal is asked, and of what.
    cooperate: Phrase = (
        " phối hợp, cho biết tình hình {matter}",
        " cooperate and say how it stands with {matter}",
    )
    standing: Phrase = ("{about}", "{about}")
    # How many letters went to the unit before a superior gets one.
    urged: Phrase = (
        "Đã đôn đốc {times} ({when}), hệ thống chưa ghi nhận kết quả.",
        "Followed up {times} ({when}); nothing is recorded yet.",
    )
    # The parameter that an office sets where the document leaves it open, and what an example is an example of.
    parameter: Text = Text("hạn", "limit")
    example: Text = Text("; hạn và số lượng", "; its day and number are")
    # How it ended: done late, done in time and recorded late, back within its limit.
    done: Phrase = ("{whose} đã hoàn thành {about}{name}", "{whose}: {about} completed{name}")
    in_time: Phrase = ("{about} đã thực hiện đúng hạn", "{about} was done in time")
    cleared: tuple[Text, Text] = (Text("Trở lại", "Back"), Text("trong ngưỡng", "within the limit"))
    # What stays missed after a later period was met, where the row names no period.
    missed: Text = Text("đã qua", "the past period")

    # Whether it is measured by how many days it is late; otherwise by how much is missed.
    dated: bool
    # Whether it has a last day, from which lateness counts.
    due: bool = True
    # Whether the lateness comes first once the unit was written to before.
    late_first: bool = False
    # Whether it is about an indicator: rows count as `chỉ tiêu` and print their figure and its period.
    indicator: bool = False
    # Whether it rests on figures, which may be corrected.
    of_figures: bool = False
    # Whether a superior's row has its own line on earlier letters to the unit; otherwise `found` says it.
    followed_up: bool = False
    # Whether a reminder announces the judging of its period.
    judged_by_period: bool = False

    def say(self, phrase: Phrase, entry: Entry, **values: Text | str) -> Text:
        """The phrase about this row."""
        return Text.format(*phrase, about=object_of(entry), short=entry.short, what=self.thing(entry), **values)

    def ask(self, entry: Entry) -> tuple[Text, Text]:
        """What a row asks of the unit itself, and what suffices if it is already done."""
        return self.say(self.asks, entry), self.suffices

    def ask_briefly(self, entry: Entry) -> Text:
        """What a row asks, right below a headline that names what it is about."""
        return self.ask(entry)[0]

    def ask_together(self, rows: Sequence[Entry], named: Text) -> Text:
        """The same of several rows, which `named` counts."""
        return self.say(self.asks_of_several, rows[0], rows=named)

    def thing(self, entry: Entry) -> Text:
        """What the unit has to send: the document itself, the result of its work, or figures."""
        return Text.format("kết quả {about}", "the result of {about}", about=object_of(entry))

    def fact(self, entry: Entry, digest: Digest) -> Text:
        """The clause of an open row, without a full stop: `05/24 xã chưa được ghi nhận báo cáo đợt 1`."""
        return Text.format(
            "{whose} {lacks}{name}",
            "{whose}: {lacks}{name}",
            whose=who(entry, digest),
            lacks=self.say(self.lacks, entry),
            name=named_behind(entry, digest),
        )

    def headline(self, entry: Entry, digest: Digest) -> Text:
        """The clause of an open row that leads its letter."""
        return self.fact(entry, digest)

    def ending(self, entry: Entry, limit: Limit, digest: Digest) -> Text:
        """The clause of a row still in time, which begins with what is due."""
        return Text.format(
            "{what} có hạn {to}{until}; ngày làm việc cuối trong hạn là {last}",
            "{about} is due {until}; the last working day in time is {last}",
            what=self.thing(entry),
            about=object_of(entry),
            to=NO_TEXT if limit.exclusive else Text("đến ", ""),
            until=until(limit),
            last=weekday(limit.last_workday),
        )

    def alert(self, entry: Entry) -> str | None:
        """What stands in a subject behind the word for an alert that begins or ends; None for a kind without."""
        return None

    def alerts(self, heads: Sequence[Entry]) -> tuple[Text, ...]:
        """Where several rows stand, the fullest form first; empty for rows that are only counted."""
        return ()

    def stands(self, entry: Entry) -> Text:
        """What an equal is asked about: `gửi báo cáo đợt 1`."""
        return self.say(self.standing, entry)

    def matter(self, entry: Entry, digest: Digest) -> Text:
        """The same with the number of units where the row counts them: `gửi báo cáo đợt 1 của 05 đơn vị`."""
        what = self.stands(entry)
        return of_units(what, entry.owing) if grouped(entry, digest) else what

    def badge(self, entry: Entry) -> tuple[Text, Text, Text, Text] | None:
        """Word, number, unit and aside of an open row; None for its lateness."""
        return None

    def measured(self, entry: Entry) -> Measured | None:
        """How much is missed or beyond its limit, for the attached list; None: nothing is measured."""
        if entry.figure is None:
            return None
        return Measured(figures.number(entry.figure), figures.level(entry.figure), entry.figure.unit)

    def reminder(self, entry: Entry, digest: Digest) -> Text:
        """Why a row still in time is in the letter."""
        if entry.limit is None:
            return Text("nhắc trước hạn.", "a reminder before the limit.")
        return Text.format(
            "nhắc trước hạn; ngày làm việc cuối trong hạn là {last}.",
            "a reminder before the limit; the last working day in time is {last}.",
            last=weekday(entry.limit.last_workday),
        )

    def found(self, entry: Entry, digest: Digest) -> Text:
        """Why an open row is in the letter: what is not recorded, up to which day or after how many letters."""
        what = self.thing(entry)
        if grouped(entry, digest):
            what = Text.format("{what} của {n}", "{what} from {n}", what=what, n=units(entry.owing))
        if digest.direction in UPWARD and entry.earlier:
            return Text.format(
                "sau {times} đôn đốc ({days}), hệ thống vẫn chưa ghi nhận {what}.",
                "after following up {times} ({days}) nothing is recorded of: {what}.",
                times=counted(len(entry.earlier), "lần", "time"),
                days=Text.join(", ", days(entry.earlier)),
                what=what,
            )
        return Text.format(
            "đến hết ngày {until}, hệ thống chưa ghi nhận {what}.",
            "up to the end of {until} nothing is recorded of: {what}.",
            until=day(seen_until(digest)),
            what=what,
        )

    def recovery(self, entry: Entry) -> Text:
        """The clause of a row that is back within its limit."""
        return self.say(("{about} trong ngưỡng theo dõi", "{about} within the limit"), entry)

    def level(self, entry: Entry, asked: Asked) -> Text | None:
        """The level that a rule asked for, as it prints it; None for a kind that is edited in other ways."""
        return None

    def manner(self, entry: Entry, asked: Asked) -> Manner:
        """What else than the level a rule asked for, as name and value; an edit of it is told by the name."""
        return ()

    def recovered(self, entry: Entry) -> Text | None:
        """How far a row is back within its limit, as a sentence; None where a result is recorded instead."""
        return None

    def came_late(self, entry: Entry) -> Text | None:
        """What a row that was done late is closed with, as a sentence; None where a result is recorded instead."""
        return None

    def days(self, condition: Condition) -> RuleDays:
        """What a condition of this kind says of the days of its demands."""
        return RuleDays()

    def period_key(self, finding: Finding) -> str:
        """The period that a finding is about, as its task or figure names it; empty for none."""
        return finding.task.subject


def of_units(what: Text, late: int) -> Text:
    """`gửi báo cáo đợt 1 của 05 đơn vị`."""
    return Text.format("{what} của {units}", "{what}, {units}", what=what, units=units(late))
