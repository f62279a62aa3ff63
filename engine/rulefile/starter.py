"""The text of a new pack: one rule that is judged, the other kinds of rule as comments, and its test file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from string import Template

_SHORTEST, _LONGEST = 2, 8
# The first days (month, day) of weeks without a public holiday: the sample test expects a letter on a working day.
_QUIET = ((3, 10), (6, 10), (10, 10))
_SOONEST = timedelta(days=30)
_WEDNESDAY = 2
_PACK = Template("""\
# Văn bản mới: thay những gì ghi «mẫu» rồi chạy `dondoc check`. (A new directive: replace what says "sample".)
# Mọi khóa dùng được: docs/vi/rule-reference.md. (Every key: docs/en/rule-reference.md.)
version: 1
directive:
  code: $code                        # mã ngắn, đứng đầu mã vụ việc (a short code that begins case codes)
  kind: {vi: Công văn, en: Official letter}
  number: null                       # số, ký hiệu như trên văn bản; null nếu chưa biết (null when unknown)
  issued: $issued
  issuer: $office
  title: {vi: Văn bản mẫu, en: A sample directive}
  in_force: {from: $issued, until: $until}
  monitor: $staff
  basis: assumed                     # hiệu lực và cơ quan theo dõi chưa lấy từ văn bản (not from the text yet)
defaults: {calendar: vn, ladder: document}

rules:
  # Mỗi quy tắc một mã. Đây: nộp báo cáo đến ngày ấn định. (One id per rule. Here: a report by a day.)
  sample-report:
    title: {vi: Báo cáo mẫu, en: A sample report}
    short: {vi: báo cáo mẫu, en: the sample report}
    clause: "1"
    obligation: $code-1
    basis: assumed                   # text: đúng văn bản; assumed: địa phương chọn; example: ví dụ
    assumes: {vi: Ngày nộp là ví dụ., en: The day is an example.}
    # Đúng các đơn vị này; mọi xã của một huyện thì: {kind: ubnd, level: commune, within: $office}
    # (Exactly these units; the line above selects all communes of a district.)
    applies_to: {units: [$unit]}
    reports_to: $office
    when:
      overdue: {report: sample-report, due: {by: $due}, remind: [5 workdays, 1 workday]}

  # Các dạng khác của «when», bỏ dấu # để dùng. (Other forms of 'when'; remove the # to use one.)
  #   overdue: {report: monthly, due: {every: calendar-month, by: 25}}
  #   overdue: {report: yearly, due: {every: year, before: 07-20}}
  #   quota: {activity: broadcast, at_least: 1, per: calendar-month, scope: each, warn_before: 5 workdays}
  #   threshold: {indicator: child-injuries, above: 3, per: calendar-quarter, no_data: unjudged,
  #               set_by: $office, set_on: $issued}

register:
  # Việc văn bản giao mà chưa đủ căn cứ để tự xét. (Demands that cannot be judged yet.)
  - obligation: $code-2
    clause: "2"
    who: Đơn vị mẫu
    what: {vi: Việc mẫu, en: A sample task}
    waits_for: {vi: thời hạn, en: the deadline}
""")
_TEST = Template("""\
# Bài thử của văn bản mới; chạy bằng `dondoc test`. Dữ kiện là bịa. (Tests of the pack; facts are invented.)
version: 1
tests:
  sent-in-time:
    about: {vi: Gửi đúng hạn thì không ai được báo., en: Nobody is notified of a report in time.}
    rules: [sample-report]
    only: [$unit]
    facts:
      submissions: [{unit: $unit, report: sample-report, date: $sent}]
    nights:
      $night: silent

  not-sent:
    about: {vi: Không gửi thì hôm sau đơn vị được báo., en: The unit is notified on the day after.}
    rules: [sample-report]
    only: [$unit]
    nights:
      $night:
        cases: [{rule: sample-report, unit: $unit, change: opened, step: 1}]
        letters: [{to: $unit, section: new, rule: sample-report}]
""")


@dataclass(frozen=True, slots=True)
class Started:
    """The text of a new pack and of the test file beside it."""

    pack: str
    test: str


def started(locality: str, stem: str, today: date, taken: Collection[str], units: Iterable[str] = ()) -> Started:
    """A pack for the file `<locality>/<stem>.yaml`, issued `today`, with a code that is not among those `taken`.

    Ids of offices are guessed from the locality's initials; the rule applies to the first of `units`, else to an
    invented one.
    """
    initials = "".join(part[0] for part in re.split(r"[-_]+", locality) if part)
    prefix = initials if initials[:1].isalpha() else f"x{initials}"
    office = f"{prefix}.ubnd_huyen"
    due = _due(today)
    words = {
        "code": _code(prefix, stem, taken),
        "issued": today,
        "until": today + timedelta(days=365),
        "office": office,
        "staff": f"{prefix}.phong_ldtbxh",
        "unit": next(iter(units), f"{prefix}.ubnd_xa.mau"),
        "due": due,
        "sent": due - timedelta(days=1),
        "night": due + timedelta(days=1),
    }
    return Started(_PACK.substitute(words), _TEST.substitute(words))


def _due(today: date) -> date:
    """A Wednesday at least 30 days ahead, followed by a working day."""
    days = [date(year, *quiet) for year in (today.year, today.year + 1) for quiet in _QUIET]
    day = next(day for day in days if day >= today + _SOONEST)
    return day + timedelta(days=(_WEDNESDAY - day.weekday()) % 7)


def _code(prefix: str, stem: str, taken: Collection[str]) -> str:
    """A code made of the locality's initials and the number in the file's name, numbered on if it is taken."""
    number = next(iter(re.findall(r"[0-9]+", stem)), "")
    base = f"{prefix}{number}".upper()[:_LONGEST].ljust(_SHORTEST, "0")
    others = (f"{base[: _LONGEST - 2]}{count:02}" for count in range(1, 100))
    return next(code for code in (base, *others) if code not in taken)
