"""What a letter says of a report or an assigned task that is overdue."""

from __future__ import annotations

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.rulebook import AfterEvent, Condition, EveryPeriod, EveryYear, OnDate, Overdue
from dondoc.notifications.digest import Digest, Direction, Entry
from dondoc.notifications.wording.kinds.kind import BY_NUMBER, KindWording, RuleDays
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
            return Text.format("{about} đã {late}", "{about} is {late}", about=object_of(entry), late=late)
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

    lacks = ("chưa gửi {what}", "{about} not received")
    asks = ("gửi {what}{to}", "send: {what}{to}")
    asks_of_streak = ("gửi {what} của các kỳ còn thiếu", "send: {about}, for the periods missing")
    suffices_for_streak = BY_NUMBER
    standing = ("gửi {what}", "{what}")
    done = ("{whose} đã gửi {what}{name}", "{whose}: {about} received{name}")
    in_time = ("{what} đã gửi đúng hạn", "{about} was sent in time")

    def thing(self, entry: Entry) -> Text:
        return object_of(entry) if entry.short.vi.startswith(_PAPERS) else super().thing(entry)

    def ask(self, entry: Entry) -> tuple[Text, Text]:
        return self.say(self.asks, entry, to=_where(entry)), self.suffices


def _where(entry: Entry) -> Text:
    said = NO_TEXT
    if entry.reports_to:
        said = Text.format(" về {office}", " to {office}", office=entry.reports_to)
    if entry.via:
        said = Text.format("{said} (qua {office})", "{said} (through {office})", said=said, office=entry.via)
    return said


class AssignedWording(_Overdue):
    """A task that was assigned."""

    lacks = ("chưa hoàn thành {about}", "{about} not completed")
    asks = ("hoàn thành {about} và gửi kết quả", "complete: {about}, and send the result")
    standing = ("thực hiện {about}", "{about}")
