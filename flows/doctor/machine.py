"""The machine: Python, durable_rules, free disk space, processors and the time zone."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dondoc.engine.errors import EngineFault
from dondoc.flows.config.settings import Settings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, failed, good, look, wrong

_OLDEST, _BEYOND = (3, 11), (3, 14)
_MEGABYTE = 1_000_000
# A country's night and its letters take about 300 MB; with less the next night may fail.
_SCARCE, _ROOMY = 300 * _MEGABYTE, 2_000 * _MEGABYTE
_ZONE = "Asia/Ho_Chi_Minh"


def python() -> Diagnosis:
    """The version of Python."""
    topic, version = Topic.PYTHON, platform.python_version()
    if _OLDEST <= sys.version_info[:2] < _BEYOND:
        return good(topic, f"{version}, {sys.executable}")
    return wrong(
        topic,
        f"{version}: không dùng được (cannot be used)",
        "dựng lại môi trường bằng Python 3.11, 3.12 hoặc 3.13 (rebuild the environment with one of these)",
    )


def engine() -> Diagnosis:
    """Whether durable_rules is installed and judges correctly."""
    topic = Topic.ENGINE
    try:
        from dondoc.engine.judge.durable_rules import Chunk, Ruleset  # noqa: PLC0415 - a wrong build fails at the import

        with Ruleset("checkup", {"third": {"days": 3}}) as rules:
            hits = rules.judge(Chunk('{"id":1,"days":3},{"id":2,"days":4}', 2))
    except EngineFault as fault:
        return failed(topic, fault)
    if hits != [("third", 1)]:
        return failed(topic, EngineFault("checkup", f"{hits}"))
    return good(topic, "đã thử, xét đúng (tried, judges correctly)")


def disk(given: Settings) -> Diagnosis:
    """The free space on the disk of the database's file, or else of the current folder."""
    topic = Topic.DISK
    folder = given.database_file.absolute().parent if given.database_file else Path.cwd()
    while not folder.exists():
        folder = folder.parent
    left = shutil.disk_usage(folder).free
    free = f"{left // _MEGABYTE:,}".replace(",", ".")
    said = f"còn {free} MB ở {folder} ({free} MB free in {folder})"
    remedy = "giải phóng dung lượng, hoặc chuyển cơ sở dữ liệu sang ổ khác (free some, or move the database)"
    if left < _SCARCE:
        return wrong(topic, said, remedy)
    return good(topic, said) if left >= _ROOMY else look(topic, said, remedy)


def workers(given: Settings) -> Diagnosis:
    """How many processes make letters, compared with the number of processors."""
    topic, cores = Topic.WORKERS, os.cpu_count() or 1
    said = f"workers = {given.workers}, máy có {cores} nhân ({cores} cores)"
    if given.workers < 1:
        return look(topic, said, "đặt workers ít nhất là 1 (at least 1)")
    if given.workers > cores:
        return look(
            topic, said, f"đặt workers = {cores}: nhiều hơn số nhân chỉ tốn bộ nhớ (more only costs memory)"
        )
    return good(topic, said)


def zone(now: datetime) -> Diagnosis:
    """The time zone that nights are dated in; the check of the database compares the clock."""
    topic = Topic.ZONE
    try:
        there = now.astimezone(ZoneInfo(_ZONE))
    except ZoneInfoNotFoundError:
        return wrong(
            topic,
            f"máy không có dữ liệu múi giờ {_ZONE} (no time zone data)",
            "cài gói tzdata: apt-get install tzdata (install it)",
        )
    return good(topic, f"{_ZONE}: nay là {there:%H:%M ngày %d/%m/%Y} (it is {there:%H:%M on %d/%m/%Y} there)")
