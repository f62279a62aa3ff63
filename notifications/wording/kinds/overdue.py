"""What a letter says of a report or an assigned task that is overdue."""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import AfterEvent, Condition, EveryPeriod, EveryYear, OnDate, Overdue
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording.kinds.kind import BY_NUMBER, KindWording, Phrase, RuleDays
from dondoc.notifications.wording.limits import overdue
from dondoc.notifications.wording.names import object_of

# Tasks whose subject is itself a document; for any other the result is sent.
_PAPERS = ("báo cáo", "kế hoạch", "chương trình")


class _Overdue(KindWording):
    dated = True
    late_first = True

    def headline(self, entry: Entry, digest: Digest) -> Text:
        late = overdue(entry.workdays)
        if digest.direction is Direction.OWN:
            # The service knows what is recorded, not what was sent.
            vi, en = "hệ thống chưa ghi nhận {what}, {late}", "nothing is recorded of: {what}, {late}"
            return Text.format(vi, en, what=self.thing(entry), late=late)
        return Text.join(", ", (self.fact(entry, digest), late))

    def days(self, condition: Condition) -> RuleDays:
        assert isinstance(condition, Overdue)
        due = condition.due
        return RuleDays(
            recurs=isinstance(due, EveryYear | EveryPeriod | AfterEvent),
            yearly=isinstance(due, EveryYear),
            exclusive=due.exclusive if isinstance(due, OnDate | EveryYear) else None,
            after_event=due.days if isinstance(due, AfterEvent) else None,
            reminders=condition.remind,
            set_by=condition.set_by,
            set_on=condition.set_on,
        )


class ReportWording(_Overdue):
    """A report that the rule demands."""

    lacks = ("chưa được ghi nhận {what}", "{about} not recorded")
    asks = ("gửi {what}{to}", "send: {what}{to}")
    asks_of_streak = ("gửi {what} của các kỳ còn thiếu", "send: {about}, for the periods missing")
    suffices_for_streak = BY_NUMBER
    standing = ("gửi {what}", "{what}")
    done = ("{whose} đã gửi {what}{name}", "{whose}: {about} received{name}")
    in_time = ("{what} đã gửi đúng hạn", "{about} was sent in time")

    def thing(self, entry: Entry) -> Text:
        if _advises(entry):
            return Text.format("việc {about}", "{about}", about=object_of(entry))
        return object_of(entry) if entry.short.vi.startswith(_PAPERS) else super().thing(entry)

    def say(self, phrase: Phrase, entry: Entry, **values: Text | str) -> Text:
        if _advises(entry):
            phrase = _OF_ADVICE.get(phrase, phrase)
        return super().say(phrase, entry, **values)

    def ask(self, entry: Entry) -> tuple[Text, Text]:
        return self.say(self.asks, entry, to=_where(entry)), self.suffices

    def ask_briefly(self, entry: Entry) -> Text:
        paper = next((word for word in _PAPERS if entry.short.vi.startswith(word)), None)
        if paper is None:
            return super().ask_briefly(entry)
        return Text.format("gửi {paper}{to}", "send it{to}", paper=paper, to=_where(entry))

    def ask_together(self, rows: Sequence[Entry], named: Text) -> Text:
        """With the office that all of them go to."""
        to, *others = {_where(entry) for entry in rows}
        said = super().ask_together(rows, named)
        return said if others else Text.join("", (said, to))


def _advises(entry: Entry) -> bool:
    """Whether the unit prepares what a committee then reports itself."""
    return entry.short.vi.startswith("tham mưu")


# What is said of advice instead: it is given, and the committee sends the report.
_OF_ADVICE: dict[Phrase, Phrase] = {
    ReportWording.asks: ("{about}{to}", "prepare: {about}{to}"),
    ReportWording.standing: ("{about}", "{about}"),
    ReportWording.done: ("{whose} đã {about}{name}", "{whose}: {about} completed{name}"),
    ReportWording.in_time: ("{what} đã thực hiện đúng hạn", "{about} was done in time"),
}


def _where(entry: Entry) -> Text:
    said = NO_TEXT
    if entry.reports_to:
        said = Text.format(" về {office}", " to {office}", office=entry.reports_to)
    if entry.via:
        said = Text.format("{said} (qua {office})", "{said} (through {office})", said=said, office=entry.via)
    return said


class AssignedWording(_Overdue):
    """A task that was assigned."""

    lacks = ("chưa được ghi nhận {what}", "no result of {about} recorded")
    asks = ("hoàn thành {about} và gửi kết quả", "complete: {about}, and send the result")
    standing = ("thực hiện {about}", "{about}")
