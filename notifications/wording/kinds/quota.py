"""What a letter says of a quota: how many times of those demanded something was done in a period."""

from __future__ import annotations

from dondoc.engine.domain.model import NO_TEXT, Asked, Text
from dondoc.engine.domain.rulebook import Condition, Quota, Window
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Direction, Entry, Limit
from dondoc.notifications.wording.kinds.kind import DONE_IN_PERIOD, KindWording, Measured, RuleDays
from dondoc.notifications.wording.limits import seen_until
from dondoc.notifications.wording.names import grouped, object_of
from dondoc.notifications.wording.numbers import counted, day, part_of, weekday


def _share(entry: Entry) -> Text:
    """How many times of those that a quota demands: `00/01 lần`."""
    return Text.format("{share} lần", "{share} times", share=part_of(entry.count or 0, entry.need or 0))


class QuotaWording(KindWording):
    """One period of a quota."""

    lacks = ("chưa được ghi nhận đủ số lần {about}", "{about} recorded less often than due")
    asks = (
        "cập nhật {what} và cho biết kế hoạch thực hiện kỳ tiếp theo",
        "record what was done ({about}) and say what is planned for the next period",
    )
    suffices = DONE_IN_PERIOD
    dated = True
    followed_up = True
    judged_by_period = True
    asks_of_several = ("cập nhật kết quả của {rows}", "record the results of {rows}")
    suffices_for_several = DONE_IN_PERIOD
    standing = ("thực hiện {about}", "{about}")
    unseen = ("{about} chưa được ghi nhận đủ", "{about} recorded less often than due")
    parameter = Text("mức", "number")

    def ask_briefly(self, entry: Entry) -> Text:
        if entry.section is Section.ENDING:
            return Text("thực hiện và cập nhật kết quả", "carry it out and record it")
        if entry.period is None:
            return super().ask_briefly(entry)
        vi = "cập nhật kết quả và cho biết kế hoạch kỳ tiếp theo"
        return Text(vi, "record what was done and say what is planned for the next period")

    def ask(self, entry: Entry) -> tuple[Text, Text]:
        if entry.section is not Section.ENDING and entry.period is None:
            # What comes once has no next period, and its own is over: nothing can be planned for it.
            vi = "cập nhật {what}; nếu chưa thực hiện, nêu lý do và hướng khắc phục"
            en = "record what was done ({about}), or say why it was not and what is done about it"
            return self.say((vi, en), entry), self.suffices
        if entry.section is not Section.ENDING:
            return super().ask(entry)
        return self.say(("thực hiện và cập nhật {what}", "carry out and record: {about}"), entry), self.suffices

    def fact(self, entry: Entry, digest: Digest) -> Text:
        if entry.count is not None and not grouped(entry, digest):
            return self.say(("{about} đạt {share}", "{about}: {share}"), entry, share=_share(entry))
        return super().fact(entry, digest)

    def headline(self, entry: Entry, digest: Digest) -> Text:
        if grouped(entry, digest) or entry.count is None:
            return self.fact(entry, digest)
        if entry.period is None:
            if digest.direction is Direction.OWN:
                return self.fact(entry, digest)
            # Any reader but the unit itself is told whose it is.
            of = ("{about} của {unit} đạt {share}", "{about}, {unit}: {share}")
            return self.say(of, entry, unit=entry.unit, share=_share(entry))
        vi = "{period}, {unit}: {short} đạt {share}"
        en = "{period}, {unit}: {short} {share}"
        return Text.format(vi, en, period=entry.period, unit=entry.unit, short=entry.short, share=_share(entry))

    def level(self, entry: Entry, asked: Asked) -> Text | None:
        return counted(asked.level, "lần", "time")

    def ending(self, entry: Entry, limit: Limit, digest: Digest) -> Text:
        if entry.count is None or grouped(entry, digest):
            return super().ending(entry, limit, digest)
        return Text.format(
            "{about} đạt {met}; kỳ kết thúc ngày {end}, ngày làm việc cuối là {last}",
            "{about}: {met}; the period ends on {end}, its last working day is {last}",
            about=object_of(entry),
            met=_share(entry),
            end=day(limit.last_day),
            last=weekday(limit.last_workday),
        )

    def measured(self, entry: Entry) -> Measured | None:
        if entry.count is None:
            return super().measured(entry)
        return Measured(entry.count, entry.need, Text("lần", "times"))

    def reminder(self, entry: Entry, digest: Digest) -> Text:
        if entry.count is None:
            return super().reminder(entry, digest)
        vi = "đến hết ngày {until} ghi nhận {share}; kỳ chưa kết thúc nên chưa tính là không đạt."
        en = "{share} recorded up to {until}; the period is not over, so it is not counted as missed."
        return Text.format(vi, en, until=day(seen_until(digest)), share=_share(entry))

    def found(self, entry: Entry, digest: Digest) -> Text:
        """What the service has on record: the unit's own entry, or without one only what the service has seen."""
        if entry.count is None:
            return super().found(entry, digest)
        when = Text.format(" trong {period}", " in {period}", period=entry.period) if entry.period else NO_TEXT
        entered = entry.figure.recorded_on if entry.figure else None
        if entered is not None:
            vi = "đơn vị đã cập nhật số liệu ngày {day}, ghi {times}{when}."
            en = "the unit entered its figures on {day}: {times}{when}."
            return Text.format(vi, en, day=day(entered), times=counted(entry.count, "lần", "time"), when=when)
        vi = "đến hết ngày {until}, hệ thống ghi nhận {share}{when}."
        en = "{share} recorded{when} up to the end of {until}."
        return Text.format(vi, en, until=day(seen_until(digest)), share=_share(entry), when=when)

    def days(self, condition: Condition) -> RuleDays:
        assert isinstance(condition, Quota)
        once = isinstance(condition.per, Window) and not condition.per.yearly
        return RuleDays(
            recurs=not once, reminders=condition.warn_before, set_by=condition.set_by, set_on=condition.set_on
        )
