"""`dondoc init`: a first working folder. It never changes an existing file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.flows.config.setting_keys import DEFAULTS, written
from dondoc.flows.config.shipped import shipped

# The files that every rule folder needs besides its directives.
_SHARED = ("mail.yaml", "calendar.yaml", "ladders.yaml", "indicators.yaml")


class FolderRefused(DonDocError):
    """The folder cannot be written."""

    remedy = Remedy.USAGE


@dataclass(frozen=True, slots=True)
class InitResult:
    """The files that were written, and those that existed."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def begin(folder: Path) -> InitResult:
    """Writes `dondoc.toml` and, where there is no rule folder, one without directives.

    Raises `FolderRefused` when a file cannot be written.
    """
    rules = folder / DEFAULTS["rules"]
    texts = {folder / "dondoc.toml": written()}
    if not rules.exists():
        texts |= {rules / name: (shipped("rules") / name).read_text("utf-8") for name in _SHARED}
    fresh = tuple(path for path in texts if not path.exists())
    kept = tuple(path for path in (folder / "dondoc.toml", rules) if path.exists())
    try:
        for path in fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            # "x": a file created meanwhile is not overwritten either.
            with path.open("x", encoding="utf-8") as file:
                file.write(texts[path])
    except OSError as error:
        raise FolderRefused(
            f"{error.filename}: không ghi được ({error.strerror}). Chọn thư mục khác: dondoc init THƯ-MỤC. "
            "(Cannot be written: choose another folder.)"
        ) from error
    return InitResult(fresh, kept)
