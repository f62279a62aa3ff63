"""The heartbeat: whether one is set, so that a stopped service is noticed, and the last signal in the files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from dondoc.engine.domain.model import ZONE
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look, wrong
from dondoc.flows.observe.heartbeat import Heartbeat, HeartbeatSignal, last_signal

_TOPIC = Topic.SIGNS
_RUNS = ("nightly", "deliver")
_STALE = timedelta(hours=26)


def heartbeat(heart: Heartbeat, now: datetime) -> Iterator[Diagnosis]:
    """Reads the files; does not call the URL, because a call would itself be a heartbeat."""
    if not heart.url and heart.folder is None:
        yield look(
            _TOPIC,
            "chưa đặt: dịch vụ ngừng hẳn thì không ai biết (none: nobody would notice a service that stopped)",
            "đặt heartbeat_url hoặc heartbeat_folder (set one)",
        )
        return
    if heart.url:
        yield good(_TOPIC, "heartbeat_url đã đặt, không gọi thử (set, and not called)")
    if heart.folder is not None:
        for run in _RUNS:
            yield _last(run, heart.folder / f"{run}.json", now)


def _last(run: str, path: Path, now: datetime) -> Diagnosis:
    try:
        sign, at = last_signal(path)
    except FileNotFoundError:
        return look(_TOPIC, f"{run}: chưa có tín hiệu nào (none yet)", f"chạy dondoc {run} (run it)")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return wrong(_TOPIC, f"{path}: không đọc được (unreadable): {error}", "xóa tệp đó (remove that file)")
    said = f"{run}: {sign}, {at.astimezone(ZONE):%H:%M %d/%m/%Y}"
    if sign is HeartbeatSignal.FAIL:
        return wrong(_TOPIC, said, f"chạy lại và đọc thông báo: dondoc {run} (run it again and read what it says)")
    if now - at > _STALE:
        return look(_TOPIC, said, "đã lâu không chạy: xem dịch vụ lập lịch (long ago: check the scheduler)")
    return good(_TOPIC, said)
