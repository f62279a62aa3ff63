"""The reasons of `why-not` and `explain` in words: one sentence each, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dondoc.engine.demands.subjects import period_key
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.periods import label
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.engine.explain.reasons import Explanation, Why
from dondoc.notifications.digest import Figure
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.labels import LAPSED, PERIODS, SECTIONS, figures_by
from dondoc.notifications.wording.numbers import day

OUTCOMES = {
    Outcome.LATE: Text("hoàn thành sau hạn", "done late"),
    Outcome.EXTENDED: Text("hoàn thành trong hạn đã gia hạn", "done within the extended limit"),
    Outcome.CHANGED: Text("quy tắc đã sửa, không còn vi phạm", "the rule was edited and is met"),
    Outcome.EXCUSED: Text("được cho phép không thực hiện cả kỳ", "waived for its whole period"),
    Outcome.REASSIGNED: Text("đã chuyển cho đơn vị khác", "it was given to another unit"),
    Outcome.WITHDRAWN: Text("đúng hạn, ghi nhận muộn, hoặc số liệu được đính chính", "in time after all"),
    Outcome.RESUMED: Text("đã thực hiện lại ở kỳ sau", "a later period was met"),
    Outcome.CLEARED: Text("số liệu trở lại trong ngưỡng", "back within the limit"),
    Outcome.LAPSED: Text("văn bản hết hiệu lực, thôi theo dõi", "the directive is no longer followed up"),
    Outcome.RETIRED: Text("quy tắc không còn nữa", "the rule was removed"),
}
_BELOW, _ABOVE = Text("dưới ngưỡng", "below the limit"), Text("vượt ngưỡng", "above the limit")
_PARTS = {
    "units": Text("quy tắc nêu tên các đơn vị khác", "the rule names other units"),
    "kind": Text("quy tắc dành cho loại «{wanted}», đơn vị này là «{has}»", "the rule is for kind {wanted}"),
    "level": Text("quy tắc dành cho cấp «{wanted}», đơn vị này là cấp «{has}»", "the rule is for level {wanted}"),
    "within": Text("đơn vị này không thuộc {wanted}", "the unit is not below {wanted}"),
}
# By reason, or by reason and variant: the sentence, with the names of its values in braces.
_SAID: Mapping[str, Text] = {
    Why.TOLD: Text("ĐÃ CÓ THƯ: mục {section}, thư {letter}", "notified: {section}, letter {letter}"),
    Why.UNDONE: Text(
        "thư {letter} hết hạn hoặc bị bỏ ngày {on}, coi như chưa báo; sẽ báo lại",
        "its letter expired or was dropped on {on}; it will be notified again",
    ),
    Why.NOT_ALIVE: Text("cơ quan này chỉ có từ {from} đến {until}{heirs}", "it exists from {from} to {until}"),
    "not-alive/open": Text("cơ quan này chỉ có từ {from}", "it exists from {from} on"),
    Why.NOT_IN_FORCE: Text(
        "văn bản có hiệu lực từ {from}, trước ngày đó hệ thống im lặng",
        "the directive is in force from {from} on, before that nobody is notified",
    ),
    "not-in-force/over": Text(
        "văn bản hết hiệu lực ngày {until}, theo dõi tiếp đến hết {followed}, sau đó hệ thống im lặng",
        "the directive was in force until {until} and followed up until {followed}",
    ),
    Why.NOT_NAMED: Text("không bước nào của thang nêu cơ quan này", "no step of the ladder names it"),
    Why.ABOVE_CEILING: Text(
        "cơ quan này ở trên cơ quan ban hành văn bản; thang báo dừng ở cơ quan ban hành («{word}»)",
        "it is above the directive's issuer, where the ladder ends",
    ),
    Why.READ_BY: Text("{reader} đọc thư thay cơ quan này («{word}»)", "{reader} reads for it"),
    Why.WINDOW_NOT_WHOLE: Text(
        "{subject} không nằm trọn trong thời gian văn bản có hiệu lực (từ {from} đến {until}) nên không đánh giá",
        "{subject}: not in force for all of it (only {from} to {until}), not judged",
    ),
    Why.LIFE_NOT_WHOLE: Text(
        "đơn vị không tồn tại trọn {subject} (chỉ có từ {from} đến {until}) nên không đánh giá",
        "{subject}: the unit did not exist for all of it (only {from} to {until})",
    ),
    "window-not-whole/open": Text(
        "{subject} không nằm trọn trong thời gian văn bản có hiệu lực (từ {from}) nên không đánh giá",
        "{subject}: not in force for all of it (only from {from}), not judged",
    ),
    "life-not-whole/open": Text(
        "đơn vị không tồn tại trọn {subject} (chỉ có từ {from}) nên không đánh giá",
        "{subject}: the unit did not exist for all of it (only from {from})",
    ),
    Why.BEFORE_FIRST: Text("{subject}: quy tắc chỉ đánh giá từ năm {first}", "judged from {first} on"),
    Why.BEFORE_SET: Text(
        "{subject} bắt đầu hoặc đến hạn trước ngày đặt mức ({set_on}) nên không đánh giá",
        "{subject}: began or fell due before its parameter was set on {set_on}, not judged",
    ),
    "before-set/from": Text(
        "{subject} bắt đầu hoặc đến hạn trước ngày {judge_from}, từ ngày đó quy tắc mới xét",
        "{subject}: began or fell due before {judge_from}, the first day that the rule judges",
    ),
    Why.NO_DEMAND: Text("không có hạn nào trong một năm tới", "nothing falls due within a year"),
    "no-demand/later": Text("chưa đến hạn: hạn kế tiếp hết ngày {last_day}", "the next limit is {last_day}"),
    "no-demand/event": Text(
        "chưa có hoạt động «{event}» nào để bắt đầu tính hạn {days} ngày", "no {event} has started a limit yet"
    ),
    Why.NIGHT_NOT_RUN: Text(
        "đêm này hệ thống không chạy; việc quá hạn từ {breach} chưa được xét", "the service did not run that night"
    ),
    "night-not-run/changed": Text(
        "đêm này đã chạy, lúc đó chưa tính là quá hạn; theo quy tắc và dữ liệu hiện nay thì quá hạn từ {breach}, "
        "đêm tới sẽ mở hồ sơ",
        "it was no breach when the night ran; by today's rules and data it is, and the next night opens a case",
    ),
    Why.UNHEARD: Text(
        "chưa thấy, nhưng nguồn dữ liệu của việc này đêm đó im lặng quá lâu nên không kết luận",
        "missing, but its source was stale: not judged",
    ),
    "unheard/several": Text(
        "chưa thấy, nhưng nguồn dữ liệu đêm đó im lặng quá lâu nên không kết luận",
        "missing, but the source was stale: not judged",
    ),
    Why.HANDED_IN: Text(
        "đã nộp: {document} ngày {on}, ghi nhận ngày {recorded_on}", "submitted on {on}, recorded on {recorded_on}"
    ),
    "handed-in/several": Text("đều đã nộp", "all have submitted"),
    Why.COUNT_MET: Text("đã đạt: {count} lần, cần {need}", "met: {count} of {need}"),
    "count-met/several": Text("đều đã đạt", "all have met it"),
    Why.READING_IN: Text("đã có số liệu của kỳ này", "the figures are recorded"),
    Why.EXCUSED: Text(
        "{subject}: được miễn trọn kỳ ({granted_by} cho phép, đến {until}), nên không xét",
        "{subject}: wholly waived (by {granted_by}, until {until}), not judged",
    ),
    Why.OTHER_PERIODS: Text(
        "có {figures}, quy tắc hỏi theo {per}, nên chưa dùng được và chưa xét",
        "there are {figures}, but the rule asks by {per}: not judged",
    ),
    Why.WITHIN_LIMIT: Text("{subject}: {value}, không {beyond} {limit}", "{value}, not beyond {limit}"),
    "within-limit/several": Text("{subject}: số liệu đều không {beyond}", "none is beyond the limit"),
    "within-limit/equal": Text(
        "{subject}: {value}, bằng đúng ngưỡng; bằng ngưỡng chưa phải là {beyond}",
        "{value} equals the limit, which does not count as beyond",
    ),
    "within-limit/rise": Text(
        "{subject}: {value}, chưa tăng quá {rise}% hoặc chưa đến {at_least}",
        "{value}: no rise above {rise}%, or below {at_least}",
    ),
    Why.NO_READING: Text("chưa có số liệu nào được ghi nhận", "no figures are recorded"),
    "too-early-reading/period": Text(
        "số liệu {subject}: kỳ bắt đầu trước ngày {judged_since}, từ ngày đó mới xét, nên không tính",
        "the period of the figures began before {judged_since}, the first day judged: they do not count",
    ),
    Why.TOO_EARLY_READING: Text(
        "số liệu {subject} ghi nhận ngày {recorded_on}, trước ngày đặt ngưỡng {set_on}, nên không tính",
        "figures recorded on {recorded_on}, before the limit was set on {set_on}, do not count",
    ),
    "too-early-reading/from": Text(
        "số liệu {subject} ghi nhận ngày {recorded_on}, trước ngày {judge_from}, từ ngày đó mới xét, "
        "nên không tính",
        "figures recorded on {recorded_on}, before {judge_from}, the first day judged: they do not count",
    ),
    Why.NO_BASE: Text("{subject}: thiếu số liệu của kỳ để so sánh", "there is no earlier figure to compare with"),
    Why.NOT_COMPARABLE: Text(
        "{subject}: không so sánh được với kỳ trước, vì {divided} đã chia cho nhiều đơn vị",
        "not comparable with an earlier period: {divided} was divided among several units",
    ),
    Why.RUN_TOO_SHORT: Text(
        "{subject}: {value}, đã {beyond} {run} kỳ liền; cần {needed} kỳ",
        "{run} of {needed} periods running",
    ),
    Why.NOT_DERIVED: Text(
        "chưa đủ để tính: {missed} không đạt trong {judged} đã xét",
        "not enough: {missed} missed of {judged} judged",
    ),
    Why.REMINDED: Text(
        "đã nhắc đêm {night}; trong hạn đến hết {last_day}, xét từ đêm {judged_on}",
        "reminded on {night}; judged from {judged_on}",
    ),
    Why.JUDGED_LATER: Text(
        "còn trong hạn đến hết {last_day}; xét từ đêm {judged_on}",
        "in time until {last_day}, judged from {judged_on}",
    ),
    "judged-later/period": Text(
        "kỳ này chưa kết thúc, mới ghi nhận {count} lần, cần {need}; xét từ đêm {judged_on}",
        "the period is not over; judged from {judged_on}",
    ),
    "judged-later/met": Text(
        "đã ghi nhận đủ {count} lần, cần {need}; xét từ đêm {judged_on}",
        "enough is recorded: {count} of {need}; judged from {judged_on}",
    ),
    "judged-later/grace": Text(
        "kỳ này đã hết, còn chờ ghi nhận đến hết {last_day}; xét từ đêm {judged_on}",
        "waiting until {last_day}; judged from {judged_on}",
    ),
    "judged-later/several": Text("xét từ đêm {judged_on}", "judged from {judged_on}"),
    Why.CASE_CLOSED: Text("hồ sơ đã đóng ngày {on}: {outcome}", "the case was closed on {on}: {outcome}"),
    "case-closed/told": Text(
        "hồ sơ đã đóng ngày {on}: {outcome}; đã báo tin đêm {told_on}", "closed on {on}, notified on {told_on}"
    ),
    Why.AWAITING_HEIR: Text(
        "{unit} đã kết thúc; chờ người xác nhận nơi kế thừa, trong lúc đó không gửi gì",
        "the unit has ended; no letter until an heir is confirmed",
    ),
    Why.COVERED: Text("{by} cũng chưa đạt và đứng thay kỳ này", "a newer missed period stands for it"),
    Why.ROLLED_UP: Text("đã gộp trong hồ sơ {by}", "covered by {by}"),
    Why.WAIVED: Text(
        "đang tạm miễn đến hết {until}, do {granted_by} cho phép; theo dõi tiếp từ đêm {resumes}",
        "waived until {until}; followed up again from {resumes}",
    ),
    Why.ACKNOWLEDGED: Text(
        "đã trả lời ngày {said_on} là biết việc này và sẽ xử lý; nếu chưa xong thì báo tiếp từ đêm {next}",
        "it acknowledged the matter on {said_on}; notified again from {next} on",
    ),
    Why.BASELINE: Text(
        "hồ sơ mở trong đêm nền {opened_on}: các bước đến bước {floor} coi như đã qua, không báo ai",
        "opened on a baseline night: steps up to {floor} notified nobody",
    ),
    Why.NOT_YET: Text(
        "chưa đến lượt: báo từ bước {step}, đêm {on}; hồ sơ đang ở bước {reached}",
        "not yet: notified from step {step}, on {on}",
    ),
    "not-yet/newer": Text(
        "chưa đến lượt: hồ sơ đang ở bước {reached}; từ đêm {judged_on} xét {newer}, không đạt thì kỳ đó đứng "
        "thay",
        "not yet: step {reached}; from {judged_on} the newer period is judged in its place",
    ),
    "not-yet/moved": Text(
        "hạn vừa đổi, cơ quan này đã biết hồ sơ nên được báo hạn mới đêm {on}; hồ sơ đang ở bước {reached}",
        "the limit has moved: told of that on {on}",
    ),
    "not-yet/asked": Text(
        "có điều đơn vị báo cần quyết định hoặc đề nghị giải trình, nên được báo đêm {on}; hồ sơ đang ở bước "
        "{reached}",
        "an answer is awaited: told of that on {on}",
    ),
    "not-yet/unreachable": Text(
        "chưa đến lượt: hồ sơ đang ở bước {reached}; khi tới bước báo cơ quan này cũng không gửi được, vì không "
        "tìm được hộp thư nào",
        "not yet: step {reached}; and no mailbox for when it is its turn",
    ),
    "not-yet/ends": Text(
        "chưa đến lượt: hồ sơ đang ở bước {reached}, chỉ theo dõi đến hết đêm {until}, trước khi tới bước báo cơ "
        "quan này",
        "not yet: step {reached}; followed up until {until}, before a step that notifies it",
    ),
    Why.CLOSED_NIGHT: Text(
        "đêm này là ngày nghỉ, không gửi thư; báo vào ngày gửi thư kế tiếp, {next}",
        "a closed day: notified on {next}",
    ),
    Why.QUIET_NIGHT: Text(
        "đêm này không gửi thư ({name}); báo vào ngày gửi thư kế tiếp, {next}",
        "no letter leaves on this day ({name}): notified on {next}",
    ),
    Why.SILENT_NIGHT: Text(
        "đêm này chạy bù hoặc chạy nền, không gửi thư; báo ngày {next}",
        "a night without letters: notified on {next}",
    ),
    Why.ALREADY_TOLD: Text(
        "đã báo đêm {night} ở bước {step}, từ đó không có gì mới; lần kế tiếp {next}",
        "notified on {night}, nothing new since; next on {next}",
    ),
    "already-told/last": Text(
        "đã báo đêm {night} ở bước {step}, từ đó không có gì mới; các bước sau không báo cơ quan này nữa",
        "notified on {night}, nothing new since; no later step notifies it",
    ),
    "already-told/newer": Text(
        "đã báo đêm {night} ở bước {step}, từ đó không có gì mới; từ đêm {judged_on} xét {newer}, không đạt thì "
        "kỳ đó đứng thay",
        "notified on {night}, nothing new since; from {judged_on} the newer period is judged in its place",
    ),
    Why.UNREACHABLE: Text(
        "đến lượt ở bước {step} nhưng không gửi được: không tìm được hộp thư nào, hoặc thư không lập được",
        "due, but there is no mailbox or the letter could not be made",
    ),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Words reasons as of day `on`, with the names of bodies, and the rule book for figures."""

    name: Callable[[str], Text | str]
    book: RuleBook
    on: date

    def said(self, reason: Explanation) -> Text:
        """One clause without a full stop."""
        if reason.why is Why.NOT_APPLIED:
            template = _PARTS[reason.values["part"]]
        else:
            template = _SAID[_variant(reason, self.on)]
        words = self._words(reason)
        return Text(template.vi.format_map(_Words(words, "vi")), template.en.format_map(_Words(words, "en")))

    def _words(self, reason: Explanation) -> Mapping[str, Text | str]:
        """The reason's values as printed."""
        values = reason.values
        words = {name: self._word(name, value) for name, value in values.items()}
        subject = values.get("subject") or values.get("period")
        if isinstance(subject, str):
            words["subject"] = period(subject)
        if isinstance(values.get("by"), str) and reason.why is Why.COVERED:
            words["by"] = period(values["by"])
        if isinstance(values.get("newer"), str):
            words["newer"] = period(values["newer"])
        if reason.why is Why.OTHER_PERIODS:
            words |= {"figures": figures_by(values["kinds"]), "per": PERIODS[values["per"]]}
        if isinstance(values.get("section"), Section):
            words["section"] = LAPSED if values.get("lapsed") else SECTIONS[values["section"]]
        if isinstance(values.get("outcome"), Outcome):
            words["outcome"] = OUTCOMES[values["outcome"]]
        if "indicator" in values:
            words |= self._figure(values)
        return words

    def _word(self, name: str, value: Any) -> Text | str:
        if isinstance(value, date):
            return day(value)
        if name == "heirs":
            return self._heirs(value)
        if name == "letter":
            return str(value)[:8]
        if isinstance(value, Decimal):
            return Text(f"{value:f}".replace(".", ","), f"{value:f}")
        if isinstance(value, str) and name in {"reader", "granted_by", "unit", "wanted", "divided"}:
            return self.name(value)
        return Text("chưa rõ", "not known") if value is None else str(value)

    def _heirs(self, heirs: Iterable[str]) -> Text:
        names = enumerated([self.name(one) for one in heirs])
        return Text.format("; nay là {names}", "; now {names}", names=names) if names.vi else NO_TEXT

    def _figure(self, values: Mapping[str, Any]) -> dict[str, Text | str]:
        indicator = self.book.indicators[values["indicator"]]
        figure = Figure(
            values.get("value"), values["limit"], indicator.unit, below=values["below"], masked=indicator.sensitive
        )
        words: dict[str, Text | str] = {
            "limit": figures.limit(figure) or Text("ngưỡng", "the limit"),
            "beyond": _BELOW if values["below"] else _ABOVE,
        }
        # Without one value the line is about units whose values differ.
        return words | {"value": figures.value(figure)} if "value" in values else words


class _Words(dict[str, str]):
    """Printed values in one language; a value that several units do not share is left out."""

    def __init__(self, words: Mapping[str, Text | str], language: str) -> None:
        super().__init__({n: word.in_(language) if isinstance(word, Text) else word for n, word in words.items()})

    def __missing__(self, key: str) -> str:
        return "…"


def enumerated(words: Iterable[Text | str]) -> Text:
    """`a, b, c`; what is no `Text` is alike in both languages."""
    return Text.join(", ", (word if isinstance(word, Text) else Text(word, word) for word in words))


def period(key: str) -> Text:
    """A period's key, or a demand's day, in words."""
    if "@" in key:
        key = key.partition("@")[2]
    try:
        if len(key) == len("2015-04-19"):
            when = day(date.fromisoformat(key))
            return Text(f"hạn {when}", when)
        return Text(label(key), label(key, "en"))
    except ValueError:
        return Text(key, key)


def about(book: RuleBook, rule: str, subject: str) -> Text:
    """What a task of a rule is about, in words: its period or day; else its subject as it stands, as a ref."""
    key = period_key(book, rule, subject)
    return period(key) if key else Text(subject, subject)


# Reasons that have a sentence of their own where they hold a value.
_VARIANTS = (
    (Why.NOT_IN_FORCE, "followed", "not-in-force/over"),
    (Why.NO_DEMAND, "event", "no-demand/event"),
    (Why.NO_DEMAND, "last_day", "no-demand/later"),
    (Why.NIGHT_NOT_RUN, "ran", "night-not-run/changed"),
    (Why.BEFORE_SET, "judge_from", "before-set/from"),
    (Why.TOO_EARLY_READING, "judged_since", "too-early-reading/period"),
    (Why.TOO_EARLY_READING, "judge_from", "too-early-reading/from"),
    (Why.CASE_CLOSED, "told_on", "case-closed/told"),
    (Why.NOT_YET, "newer", "not-yet/newer"),
    (Why.NOT_YET, "moved", "not-yet/moved"),
    (Why.NOT_YET, "asked", "not-yet/asked"),
    (Why.NOT_YET, "unreachable", "not-yet/unreachable"),
    (Why.NOT_YET, "until", "not-yet/ends"),
)


def _variant(reason: Explanation, on: date) -> str:
    """The key of the sentence that fits the values."""
    why, values = reason.why, reason.values
    for of, name, variant in _VARIANTS:
        if why is of and values.get(name):
            return variant
    if why in (Why.NOT_ALIVE, Why.WINDOW_NOT_WHOLE, Why.LIFE_NOT_WHOLE) and values.get("until") is None:
        return f"{why}/open"
    if why is Why.WITHIN_LIMIT:
        return _within_limit(values)
    if why in (Why.HANDED_IN, Why.COUNT_MET) and not {"on", "count"} & set(values):
        return f"{why}/several"
    if why is Why.JUDGED_LATER:
        return _judged_later(values, on)
    if why is Why.ALREADY_TOLD and _ends_here(values):
        return "already-told/newer" if "newer" in values else "already-told/last"
    return why


def _ends_here(values: Mapping[str, Any]) -> bool:
    """Whether the reason says that no later step notifies the office."""
    return "next" in values and values["next"] is None


def _within_limit(values: Mapping[str, Any]) -> str:
    if "value" not in values:
        return "within-limit/several"
    if values.get("rise") is not None:
        return "within-limit/rise"
    return "within-limit/equal" if values["value"] == values.get("limit") else Why.WITHIN_LIMIT


def _judged_later(values: Mapping[str, Any], on: date) -> str:
    ends, last = values.get("ends"), values.get("last_day")
    if last is None:
        return "judged-later/several"
    if ends is None:
        return Why.JUDGED_LATER
    count, need = values.get("count"), values.get("need")
    if count is not None and need is not None and count >= need:
        return "judged-later/met"
    return "judged-later/period" if on <= ends else "judged-later/grace"
