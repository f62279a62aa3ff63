"""The result of one check: its grade, one sentence, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dondoc.engine.errors import DonDocError, Remedy


class Grade(StrEnum):
    """The grade of a check: good, worth a look, or wrong: a night or a delivery would fail."""

    GOOD = "good"
    LOOK = "look"
    WRONG = "wrong"


class Topic(StrEnum):
    """What was checked, as programs name it."""

    PYTHON = "Python"
    ENGINE = "durable_rules"
    ZONE = "time zone"
    SETTINGS = "settings"
    WORKERS = "workers"
    PARTITIONS = "partitions"
    DISK = "disk"
    DATABASE = "database"
    SCHEMA = "schema"
    CLOCK = "clock"
    NIGHT = "latest night"
    RULES = "rules"
    CALENDAR = "calendar"
    SOURCES = "sources"
    MAIL = "mail.yaml"
    SERVER = "mail server"
    SENDER = "sender domain"
    JOURNAL = "journal"
    ANSWERS = "mailbox for answers"
    DRILL = "drill"
    RETENTION = "retention"
    SCHEDULE = "Prefect"
    PAGES = "pages"
    SIGNS = "signs of life"


_VIETNAMESE = {
    Topic.ZONE: "múi giờ",
    Topic.SETTINGS: "thiết lập",
    Topic.WORKERS: "tiến trình",
    Topic.PARTITIONS: "nơi đánh giá",
    Topic.DISK: "ổ đĩa",
    Topic.DATABASE: "cơ sở dữ liệu",
    Topic.SCHEMA: "cấu trúc dữ liệu",
    Topic.CLOCK: "đồng hồ",
    Topic.NIGHT: "đêm gần nhất",
    Topic.RULES: "quy tắc",
    Topic.CALENDAR: "lịch",
    Topic.SOURCES: "nguồn dữ liệu",
    Topic.MAIL: "địa chỉ thư",
    Topic.SERVER: "máy chủ thư",
    Topic.SENDER: "tên miền gửi",
    Topic.JOURNAL: "nhật ký thư",
    Topic.ANSWERS: "hộp thư trả lời",
    Topic.DRILL: "thư diễn tập",
    Topic.RETENTION: "thời hạn giữ",
    Topic.SCHEDULE: "lịch chạy",
    Topic.PAGES: "trang trả lời",
    Topic.SIGNS: "tín hiệu sống",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the examination; texts are Vietnamese with the English in brackets.

    `remedy` is what to do, or empty. `helps` is the same for programs, an exit code; None: a person must look.
    """

    topic: Topic
    grade: Grade
    said: str
    remedy: str = ""
    helps: Remedy | None = None

    def heading(self) -> str:
        """What was checked, for people: in Vietnamese and English, or as a proper name."""
        vietnamese = _VIETNAMESE.get(self.topic)
        return f"{vietnamese} ({self.topic})" if vietnamese else str(self.topic)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"topic": self.topic, "grade": self.grade, "said": self.said, "remedy": self.remedy}


def good(topic: Topic, said: str) -> Diagnosis:
    """A check without fault."""
    return Diagnosis(topic, Grade.GOOD, said)


def look(topic: Topic, said: str, remedy: str) -> Diagnosis:
    """A check after which nights still run, and a person should look."""
    return Diagnosis(topic, Grade.LOOK, said, remedy)


def wrong(topic: Topic, said: str, remedy: str, helps: Remedy | None = None) -> Diagnosis:
    """A check after which a night or a delivery would fail."""
    return Diagnosis(topic, Grade.WRONG, said, remedy, helps)


def failed(topic: Topic, error: DonDocError) -> Diagnosis:
    """An error of this project, whose text contains the remedy."""
    return Diagnosis(topic, Grade.WRONG, str(error), "", error.remedy)
