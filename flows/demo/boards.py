"""The boards of the demonstration: after its last night, and after the conversation, when much was still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dondoc.engine.domain.model import Text
from dondoc.flows.board.site import board
from dondoc.flows.demo.conversation import LAST_NIGHT
from dondoc.flows.demo.open_pages import PLACE, environment
from dondoc.notifications.wording.numbers import day


def shown(settings: Mapping[str, str], folder: Path, say: Callable[[Text], None]) -> None:
    """Writes both, and names the first page of each. Raises as `board`."""
    now = datetime.now(UTC)
    whole = board(settings, folder / "board", now).first
    talked = board(environment(folder / PLACE, 0), folder / PLACE / "board", now).first
    say(
        Text.format(
            "\nXem bằng trình duyệt, toàn cảnh, từng đơn vị, từng hồ sơ: {whole}\n"
            "Và đêm {night}, khi còn nhiều hồ sơ đang mở: {talked}",
            "\nTo look at, the whole, every unit, every case: {whole}\n"
            "And the night of {night}, when much was still open: {talked}",
            night=day(LAST_NIGHT),
            whole=whole.absolute().as_uri(),
            talked=talked.absolute().as_uri(),
        )
    )
