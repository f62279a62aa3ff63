"""The hours of `dondoc serve`: when the night begins, and between which times letters are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dondoc.engine.domain.mail_policy import USUAL_HOURS, SendingHours

ZONE_NAME = "Asia/Ho_Chi_Minh"
# What the mail server deferred is tried again, and what was missed is made up, this much later.
EVERY = timedelta(minutes=15)
# Sunday evening: no night runs then, and no letter leaves.
RETENTION_CRON = "0 20 * * 0"
# Five minutes before each delivery, so that a receipt leaves with it.
REPLIES_CRON = "10,25,40,55 * * * *"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a night begins, and between which times letters are sent, every 15 minutes."""

    night: time = time(2, 0)
    sending: SendingHours = USUAL_HOURS

    @property
    def night_cron(self) -> str:
        """The night, as a cron line."""
        return f"{self.night.minute} {self.night.hour} * * *"

    @property
    def delivery_crons(self) -> tuple[str, ...]:
        """The deliveries, as one cron line for all hours that have them at the same minutes."""
        by_hour: dict[int, list[str]] = {}
        at, end = (datetime.combine(date.min, each) for each in (self.sending.opens, self.sending.closes))
        while at < end:
            by_hour.setdefault(at.hour, []).append(str(at.minute))
            at += EVERY
        by_minutes: dict[str, list[int]] = {}
        for hour, minutes in by_hour.items():
            by_minutes.setdefault(",".join(minutes), []).append(hour)
        return tuple(f"{minutes} {_span(hours)} * * *" for minutes, hours in by_minutes.items())

    def text(self) -> str:
        """For people: «đêm lúc 02:00, gửi thư 06:30 – 17:00»."""
        return f"đêm lúc {self.night:%H:%M}, gửi thư {self.sending.opens:%H:%M} – {self.sending.closes:%H:%M}"


def _span(hours: list[int]) -> str:
    """Hours as cron writes them: `6`, `7-16`, or one by one where they do not follow each other."""
    first, last = hours[0], hours[-1]
    if len(hours) > 1 and last - first == len(hours) - 1:
        return f"{first}-{last}"
    return ",".join(map(str, hours))
