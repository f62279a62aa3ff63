"""The commands to install and maintain the service: `dondoc init`, `dondoc doctor`, the version."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.english_half import english
from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import CODES, NEEDS_A_PERSON, OK, AsJson, say, say_json, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dondoc.flows.doctor import Diagnosis


def _version(*, wanted: bool) -> None:
    """Prints the installed version and exits."""
    if wanted:
        from importlib.metadata import version

        say(f"dondoc {version('dondoc')}")
        raise typer.Exit


def program(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="In phiên bản. (Prints the version.)"),
    ] = False,
) -> None:
    """Đôn Đốc: theo dõi việc thực hiện văn bản chỉ đạo, mỗi đêm một lần. (Follows up directives nightly.)"""


def init(
    folder: Annotated[Path, typer.Argument(help="Thư mục làm việc. (The working folder.)")] = Path(),
) -> None:
    """Viết dondoc.toml và bộ quy tắc trống; không ghi đè tệp nào. (Settings and empty rules, to begin with.)"""
    from dondoc.flows.config.init_folder import begin

    with spoken():
        begun = begin(folder)
        for path in begun.written:
            say(Text(f"Đã viết (written): {path}", f"Written: {path}"))
        for path in begun.kept:
            say(Text(f"Đã có, giữ nguyên (kept): {path}", f"Already there, kept: {path}"))
        say(
            Text(
                "Tiếp theo: sửa dondoc.toml và rules/mail.yaml, rồi chạy dondoc doctor. (Edit both, then run it.)",
                "Next: edit dondoc.toml and rules/mail.yaml, then run dondoc doctor.",
            )
        )


def doctor(
    *,
    letter: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Gửi thêm một thư diễn tập tới địa chỉ này, hoặc tới «operator». (Sends a drill as well.)",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Khám toàn bộ dịch vụ và nói phải làm gì. (Examines everything a night needs, and says what to do.)"""
    from dondoc.flows.doctor import Grade, examine

    with spoken():
        found: list[Diagnosis] = []
        for answer in examine(os.environ, datetime.now(UTC), letter):
            found.append(answer)
            if not as_json:
                _say(answer)
        if as_json:
            say_json([answer.as_json() for answer in found])
        else:
            counts = {grade: sum(answer.grade is grade for answer in found) for grade in Grade}
            told = counts[Grade.GOOD], counts[Grade.LOOK], counts[Grade.WRONG]
            say(
                Text(
                    "{} mục: {} tốt, {} nên xem, {} hỏng. (Checks, good, worth a look, wrong.)".format(
                        len(found), *told
                    ),
                    "{} checks: {} good, {} worth a look, {} wrong.".format(len(found), *told),
                )
            )
    raise typer.Exit(_code(found))


def _say(answer: Diagnosis) -> None:
    """Prints one result, with its remedy below."""
    vi = {"good": "tốt ", "look": "xem ", "wrong": "HỎNG"}[answer.grade]
    en = {"good": "good ", "look": "look ", "wrong": "WRONG"}[answer.grade]
    topic = answer.topic[:1].upper() + answer.topic[1:]
    say(Text(f"{vi}  {answer.heading()}: {answer.said}", f"{en}  {topic}: {english(answer.said)}"))
    if answer.remedy:
        say(f"      → {answer.remedy}")


def _code(found: Sequence[Diagnosis]) -> int:
    """The exit code of the first wrong result, which is the first to fix."""
    for answer in found:
        if answer.grade == "wrong":
            return CODES[answer.helps] if answer.helps else NEEDS_A_PERSON
    return OK
