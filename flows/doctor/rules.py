"""The rules: whether a night would load them, how far the calendars reach, whether mail addresses are examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from dondoc.engine.domain.mail_policy import LetterRhythm, MailPolicy
from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.errors import DonDocError, Remedy, RulesRefused
from dondoc.engine.rulefile import load
from dondoc.flows.check.report import reviewed
from dondoc.flows.config.settings import Settings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, failed, good, look, wrong

_AHEAD = timedelta(days=90)
# The domain of the example files: RFC 2606 keeps `example` names for such use.
_TRIAL = "example.vn"
_RHYTHMS = {
    LetterRhythm.DAILY: Text("thư mỗi sáng", "a letter every morning"),
    LetterRhythm.WEEKLY: Text("sáng yên ổn thì mỗi tuần một thư", "one letter a week while it is quiet"),
}


def rules(given: Settings, environment: Mapping[str, str], now: datetime) -> Iterator[Diagnosis]:
    """How many problems `dondoc check` finds; then, if the files load, the calendars and the mail addresses."""
    today = now.astimezone(ZONE).date()
    try:
        book = load(given.rules)
        found = reviewed(given.rules, None, environment, now, today)
    except RulesRefused as refused:
        first, n = refused.problems[0], len(refused.problems)
        yield wrong(
            Topic.RULES,
            f"{n} lỗi, đầu tiên là {first.text()} (problems; the first is shown)",
            "xem đủ bằng dondoc check, sửa đúng dòng đã nêu (list them all, fix the lines it names)",
            Remedy.FIX_INPUT,
        )
        return
    except DonDocError as error:
        yield failed(Topic.RULES, error)
        return
    counts = f"{found.directives} directives, {found.rules} rules"
    said = f"{found.directives} văn bản, {found.rules} quy tắc ({counts})"
    if found.errors:
        yield wrong(
            Topic.RULES,
            f"{said}; {len(found.errors)} lỗi, đầu tiên là {found.errors[0].text()} (problems)",
            "xem đủ bằng dondoc check, sửa rồi chạy lại (list them all and fix them)",
            Remedy.FIX_INPUT,
        )
    elif not found.rules:
        yield look(Topic.RULES, said, "viết văn bản đầu tiên: dondoc new ĐỊA-PHƯƠNG/VĂN-BẢN (write the first one)")
    else:
        yield good(Topic.RULES, f"{said}; {len(found.notes)} lưu ý ({len(found.notes)} notes)")
    for one in found.notes:
        if one.code == "code-of-no-rule":
            yield look(Topic.RULES, f"{one.vi} ({one.en})", "nạp bản sửa cùng ref (import a correction)")
    for calendar in book.calendars.values():
        yield _calendar(calendar, today)
    yield _mail(book.mail)


def _calendar(calendar: WorkCalendar, today: date) -> Diagnosis:
    said = f"{calendar.name}: đến hết {calendar.last:%d/%m/%Y} (covered until {calendar.last:%d/%m/%Y})"
    remedy = "thêm ngày nghỉ và kéo dài «covers» trong calendar.yaml (add the closed days and extend 'covers')"
    if not calendar.first <= today <= calendar.last:
        return wrong(Topic.CALENDAR, said, remedy, Remedy.FIX_INPUT)
    return good(Topic.CALENDAR, said) if calendar.last - today > _AHEAD else look(Topic.CALENDAR, said, remedy)


def is_trial(domain: str) -> bool:
    """Whether a domain is that of the example files, or below it."""
    return domain == _TRIAL or domain.endswith(f".{_TRIAL}")


def _mail(mail: MailPolicy) -> Diagnosis:
    domains = ", ".join(mail.allowed_domains)
    rhythm = _RHYTHMS[mail.operator_letter]
    said = (
        f"gửi từ {mail.sender}, người vận hành {mail.operator} ({rhythm.vi}), chỉ tới {domains} (from "
        f"{mail.sender}, operator {mail.operator}, {rhythm.en}, only to {domains})"
    )
    if any(
        map(is_trial, (mail.operator.rpartition("@")[2], mail.sender.rpartition("@")[2], *mail.allowed_domains))
    ):
        return look(
            Topic.MAIL,
            said,
            f"{_TRIAL} là tên miền ví dụ, không thư nào tới ai: đổi trước khi chạy thật (an example domain: "
            "no letter reaches anyone until it is changed)",
        )
    return good(Topic.MAIL, said)
