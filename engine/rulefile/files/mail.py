"""`mail.yaml`: how letters are sent."""

from __future__ import annotations

from datetime import time

from dondoc.engine.domain.mail_policy import Brake, Budget, LetterRhythm, MailPolicy, Rate, SendingHours
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Many
from dondoc.engine.rulefile.readers.quantities import Delay, Percent, Whole
from dondoc.engine.rulefile.readers.scalars import Pattern, Word, bilingual
from dondoc.engine.rulefile.readers.version import VERSION

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"(?=.{{1,190}}$){_LABEL}(\.{_LABEL})+"
_LOCAL = r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"

# Stricter than RFC 5321: refuses everything that a mail client might split up (quotes, comments, groups).
ADDRESS = Pattern(
    rf"(?=.{{1,64}}@)(?=.{{1,254}}$){_LOCAL}@{_DOMAIN}",
    Text("địa chỉ thư ASCII như «dondoc@example.vn»", "an ASCII address like 'dondoc@example.vn'"),
    "address-malformed",
)
DOMAIN = Pattern(
    _DOMAIN,
    Text("tên miền chữ thường như «example.vn»", "a lower-case domain like 'example.vn'"),
    "domain-malformed",
)

_DEFAULT = MailPolicy("", NO_TEXT, "", (), "")

ROWS = MappingReader(
    Text("số dòng", "the rows"),
    (
        Field("full", Whole(1, 100), "số việc in đầy đủ", "rows printed in full", default=_DEFAULT.full_rows),
        Field("compact", Whole(0, 200), "số việc in rút gọn", "rows printed short", default=_DEFAULT.compact_rows),
    ),
    lambda got: (got["full"], got["compact"]),
)


BRAKE = MappingReader(
    Text("phanh", "the brake"),
    (
        Field("new_cases", Whole(1, 1_000_000), "số hồ sơ mở mới nhiều nhất một đêm", "the most new cases"),
        Field("letters", Whole(1, 1_000_000), "số thư nhiều nhất một đêm", "the most letters"),
        Field(
            "units",
            Percent(),
            "tỷ lệ đơn vị chưa đạt cao nhất",
            "the largest share of units in breach",
        ),
        Field(
            "stale_sources",
            Whole(0, 1_000),
            "số nguồn dữ liệu im lặng quá lâu nhiều nhất",
            "the most stale sources",
        ),
    ),
    lambda got: Brake(got["new_cases"], got["letters"], got["units"], got["stale_sources"]),
)


BUDGET = MappingReader(
    Text("mức thư", "the budget of letters"),
    (
        Field(
            "per_office",
            Whole(1, 100),
            "số thư nhiều nhất một cơ quan",
            "the most letters to one office",
            required=True,
        ),
        Field(
            "days", Whole(1, 366), "trong bao nhiêu ngày liền", "within so many consecutive days", required=True
        ),
    ),
    lambda got: Budget(got["per_office"], got["days"]),
)


_CLOCK = Pattern(
    "([01][0-9]|2[0-3]):[0-5][0-9]",
    Text("giờ trong ngày như «06:30»", "a time of day like '06:30'"),
    "clock-malformed",
)


def _hours(got: Parsed) -> SendingHours:
    opens, closes = (time.fromisoformat(got[name]) for name in ("from", "until"))
    if closes <= opens:
        raise got.sheet.say(
            got.at("until"),
            "until-before-from",
            "«until» không muộn hơn «from»",
            "'until' is not after 'from'",
        )
    return SendingHours(opens, closes)


HOURS = MappingReader(
    Text("giờ gửi thư", "the sending hours"),
    (
        Field("from", _CLOCK, "bắt đầu gửi, giờ Việt Nam", "letters leave from then on", required=True),
        Field("until", _CLOCK, "thôi gửi, giờ Việt Nam", "no letter leaves from then on", required=True),
    ),
    _hours,
)


RATE = MappingReader(
    Text("nhịp gửi thư", "the rate of letters"),
    (
        Field(
            "per_minute", Whole(1, 10_000), "số thư nhiều nhất một phút", "the most letters a minute", default=0
        ),
        Field(
            "per_domain",
            Whole(1, 10_000),
            "số thư nhiều nhất một phút tới cùng một tên miền",
            "the most letters a minute to one domain",
            default=0,
        ),
    ),
    lambda got: Rate(got["per_minute"], got["per_domain"]),
)


def _policy(got: Parsed) -> MailPolicy:
    full, compact = got["rows"]
    return MailPolicy(
        sender=got["sender"],
        sender_name=got["sender_name"],
        message_domain=got["message_domain"],
        allowed_domains=got["allowed_domains"],
        operator=got["operator"],
        operator_letter=got["operator_letter"],
        full_rows=full,
        compact_rows=compact,
        max_bytes=got["max_bytes"],
        expires_hours=got["expires"],
        hours=got["hours"],
        rate=got["rate"],
        brake=got["brake"],
        budget=got["budget"],
        answers=got["answers"],
    )


MAIL = MappingReader(
    Text("phần thư", "the mail part"),
    (
        Field("sender", ADDRESS, "địa chỉ gửi", "the address letters come from", required=True),
        Field("sender_name", bilingual(80), "tên người gửi", "the sender's name", required=True),
        Field("message_domain", DOMAIN, "tên miền trong Message-ID", "the domain in Message-ID", required=True),
        Field(
            "allowed_domains",
            Many(DOMAIN, Text("tên miền", "domains")),
            "chỉ gửi tới các tên miền này",
            "letters go to these domains only",
            required=True,
        ),
        Field("operator", ADDRESS, "địa chỉ người vận hành", "the operator's address", required=True),
        Field(
            "operator_letter",
            Word(tuple(LetterRhythm)),
            "thư cho người vận hành: daily là mỗi sáng; weekly thì sáng không có việc gì chỉ có một thư mỗi tuần",
            "the operator's letter: daily is every morning; with weekly, quiet mornings have one a week",
            default=_DEFAULT.operator_letter,
        ),
        Field(
            "answers",
            ADDRESS,
            "hộp thư nhận trả lời, dondoc replies đọc; bỏ trống là trả lời về đầu mối của từng thư",
            "the mailbox for answers, read by dondoc replies; if left out, answers go to each letter's own desk",
            default=_DEFAULT.answers,
        ),
        Field(
            "rows",
            ROWS,
            "số dòng trong một thư",
            "rows in a letter",
            default=(_DEFAULT.full_rows, _DEFAULT.compact_rows),
        ),
        Field(
            "max_bytes",
            Whole(20_000, 95_000),
            "thư lớn nhất, tính bằng byte",
            "the largest letter, in bytes",
            default=_DEFAULT.max_bytes,
        ),
        Field(
            "expires",
            Delay("hour", 1, 72),
            "sau bao lâu thì thư không gửi nữa; bỏ trống là hết ngày làm việc thứ ba",
            "the age at which a letter is no longer sent; the end of the third working day if left out",
            default=_DEFAULT.expires_hours,
        ),
        Field(
            "hours",
            HOURS,
            "giờ gửi thư mỗi ngày; bỏ trống là từ 06:30 đến 17:00",
            "when letters leave, each day; 06:30 to 17:00 if left out",
            default=_DEFAULT.hours,
        ),
        Field(
            "rate",
            RATE,
            "thư đi nhanh nhất chừng nào; bỏ trống là không hạn chế",
            "how fast letters leave at most; no limit if left out",
            default=_DEFAULT.rate,
        ),
        Field(
            "brake",
            BRAKE,
            "đêm vượt các mức này thì thư được giữ lại, chờ người vận hành",
            "the letters of a night beyond these limits are held for the operator",
            default=_DEFAULT.brake,
        ),
        Field(
            "budget",
            BUDGET,
            "cơ quan nhận quá mức này thì dondoc forecast và dondoc check nêu tên; thư vẫn đi",
            "dondoc forecast and dondoc check name an office that gets more; its letters still leave",
        ),
    ),
    _policy,
)

MAIL_FILE = MappingReader(
    Text("tệp thư", "the mail file"),
    (VERSION, Field("mail", MAIL, "cách gửi thư", "how letters are sent", required=True)),
    lambda got: got["mail"],
)
