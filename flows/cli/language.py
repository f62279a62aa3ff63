"""In which language a command speaks: Vietnamese with the English beside it, or English throughout."""

from __future__ import annotations

import inspect
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from dondoc.engine.domain.english_half import english
from dondoc.engine.domain.model import Text


class SpokenLanguage(StrEnum):
    """What a person reads; `vi` has the English beside it."""

    VI = "vi"
    EN = "en"


Lang = Annotated[
    SpokenLanguage | None,
    typer.Option("--lang", help="Ngôn ngữ; en: chỉ tiếng Anh. (The language; en: English only.)"),
]
_spoken = SpokenLanguage.VI


@contextmanager
def speaking(wanted: SpokenLanguage | None) -> Iterator[None]:
    """Everything printed within is in this language; None: in that of the settings."""
    global _spoken  # noqa: PLW0603 - a process answers one command at a time, in one language
    before, _spoken = _spoken, wanted or _of_the_settings()
    try:
        yield
    finally:
        _spoken = before


def is_english() -> bool:
    """Whether the command speaks English throughout."""
    return _spoken is SpokenLanguage.EN


def language() -> str:
    """That of the command, "vi" or "en"."""
    return _spoken.value


def in_language(said: str | Text) -> str:
    """A line as the command prints it."""
    if isinstance(said, Text):
        return said.en if is_english() else said.vi
    return english(said) if is_english() else said


def with_language(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the option `--lang`, unless it has one of its own."""
    signature = inspect.signature(command, eval_str=True)
    if "lang" in signature.parameters:
        return command

    @wraps(command)
    def run(*words: Any, lang: SpokenLanguage | None = None, **given: Any) -> None:
        with speaking(lang):
            command(*words, **given)

    option = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Lang)
    run.__annotations__ = {**command.__annotations__, "lang": Lang}
    run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])  # type: ignore[attr-defined]
    return run


def _of_the_settings(file: Path = Path("dondoc.toml")) -> SpokenLanguage:
    """As `DONDOC_LANG` or the file says; the settings themselves are read, and refused, later and not always."""
    named = os.environ.get("DONDOC_LANG")
    if named is None and file.is_file():
        try:
            named = str(tomllib.loads(file.read_text("utf-8")).get("lang", ""))
        except (OSError, ValueError):
            named = None
    return SpokenLanguage.EN if named == SpokenLanguage.EN else SpokenLanguage.VI
