"""The commands for rule authors: schemas for an editor, formatting, a new file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dondoc.flows.cli.console import PROBLEMS, WRONG_CALL, complain, say, say_json, spoken
from dondoc.flows.cli.rule_tests import EXAMPLES


def schema(
    kind: Annotated[
        str | None, typer.Argument(help="Loại tệp; bỏ trống để xem các loại. (A kind of file; all when absent.)")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", help="Ghi mọi khuôn vào thư mục này. (Writes every schema into this folder.)"),
    ] = None,
) -> None:
    """In khuôn JSON Schema của tệp quy tắc, để trình soạn thảo gợi ý và gạch lỗi. (JSON Schema for editors.)"""
    from dondoc.engine.rulefile.schema.json_schema import kinds, schema_of

    with spoken():
        if write is not None:
            _write(write)
        elif kind is None:
            for name, files in kinds().items():
                say(f"{name:<12} rules/{files}")
        elif kind in kinds():
            say_json(schema_of(kind))
        else:
            complain(f"Không có loại tệp «{kind}»; có: {', '.join(kinds())}. (No such kind: {kind}.)")
            raise typer.Exit(WRONG_CALL)


def _write(folder: Path) -> None:
    """Every schema, the catalogue, and the settings that tell an editor which belongs to which file."""
    import json

    from dondoc.engine.rulefile.schema.json_schema import catalog, kinds, schema_of

    folder.mkdir(parents=True, exist_ok=True)
    index = catalog()
    attach = {"yaml.schemas": {f"{folder}/{one['url']}": one["fileMatch"] for one in index["schemas"]}}
    texts = {f"{kind}.schema.json": schema_of(kind) for kind in kinds()}
    for name, value in {**texts, "index.json": index, "settings.json": attach}.items():
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
    say(f"Đã ghi {len(texts)} khuôn vào {folder}. (Wrote {len(texts)} schemas.)")
    say(
        f"VS Code, tiện ích YAML: chép nội dung {folder / 'settings.json'} vào .vscode/settings.json của thư mục "
        "này. (Copy it into the settings of this folder.)"
    )
    say(
        "Trình soạn thảo khác: đặt ở dòng đầu của tệp, với đường dẫn tính từ tệp đó: (Other editors, the first "
        f"line:)\n  # yaml-language-server: $schema=../../{folder}/directive.schema.json"
    )


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Tệp hoặc thư mục; bỏ trống là bộ quy tắc. (Files or folders; the rules when absent.)"
        ),
    ] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Chỉ xem tệp nào cần sửa. (Names files only.)")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Chỉ in chỗ sẽ sửa. (Prints the changes only.)")] = False,
) -> None:
    """Sắp lại thụt dòng, dấu cách, thứ tự khóa; giữ chú thích, nội dung. (Formats rule files, not their sense.)"""
    import os

    from dondoc.engine.errors import RulesRefused
    from dondoc.engine.rulefile.formatter.whole_file import formatted
    from dondoc.flows.config.settings import load

    with spoken():
        untidy, problems = [], 0
        for path in _files(paths or [load(os.environ).rules]):
            raw = path.read_bytes()
            try:
                after = formatted(path.as_posix(), raw)
            except RulesRefused as refused:
                problems += len(refused.problems)
                complain("\n".join(problem.text() for problem in refused.problems))
                continue
            if after.encode() != raw:
                untidy.append(path)
                if diff:
                    _show(path, raw, after)
                elif not check:
                    path.write_text(after, "utf-8", newline="\n")
        for path in untidy:
            say(f"{'cần sắp lại (untidy)' if check or diff else 'đã sắp lại (tidied)'}: {path}")
        if problems:
            complain(f"{problems} lỗi; tệp có lỗi được để nguyên. (Files with problems are left unchanged.)")
        elif not untidy:
            say("Các tệp đã ngay ngắn. (Nothing to format.)")
        if problems or (untidy and check):
            raise typer.Exit(PROBLEMS)


def _files(paths: list[Path]) -> list[Path]:
    """Every rule file among the paths and below them; exits with 2 for a path that does not exist."""
    found = []
    for path in paths:
        if not path.exists():
            complain(f"Không có {path}. (There is no {path}.)")
            raise typer.Exit(WRONG_CALL)
        below = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        found += [each for each in below if each.is_file() and not each.name.startswith(".")]
    return found


def _show(path: Path, raw: bytes, after: str) -> None:
    from difflib import unified_diff

    before = raw.decode("utf-8-sig").splitlines()
    for line in unified_diff(before, after.splitlines(), str(path), str(path), lineterm=""):
        say(line)


def new(
    path: Annotated[Path, typer.Argument(help="Tệp mới, như rules/luc-nam/512-cv.yaml. (The new file.)")],
) -> None:
    """Bắt đầu một văn bản mới: tệp quy tắc có chú thích và bài thử cạnh nó. (Starts a pack and its test.)"""
    import re
    from datetime import UTC, datetime

    from dondoc.engine.domain.model import ZONE
    from dondoc.engine.rulefile.starter import started

    name = re.compile(r"[a-z0-9_-]+")
    locality, beside = path.absolute().parent.name, path.with_name(f"{path.stem}.test.yaml")
    top = (path.absolute().parent / "ladders.yaml").exists()
    if top or path.suffix != ".yaml" or not name.fullmatch(path.stem) or not name.fullmatch(locality):
        complain(
            "Cần <thư mục quy tắc>/<địa phương>/<văn bản>.yaml, chỉ dùng chữ thường không dấu, số, «-», «_». "
            "(Needs FOLDER/LOCALITY/DIRECTIVE.yaml in small ASCII letters, digits, '-' and '_'.)"
        )
        raise typer.Exit(WRONG_CALL)
    for there in (path, beside):
        if there.exists():
            complain(f"Đã có {there}, không ghi đè. ({there} exists and is not overwritten.)")
            raise typer.Exit(WRONG_CALL)
    rules, today = path.absolute().parent.parent, datetime.now(UTC).astimezone(ZONE).date()
    texts = started(locality, path.stem, today, _codes(rules), _communes(rules.parent / EXAMPLES / "units.csv"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(texts.pack, "utf-8", newline="\n")
    beside.write_text(texts.test, "utf-8", newline="\n")
    say(f"Đã tạo {path} và {beside}; sửa chỗ ghi «mẫu», rồi chạy dondoc check. (Edit what says sample.)")


def _codes(folder: Path) -> set[str]:
    """The codes that directives of a rule folder have."""
    import re

    texts = (path.read_text("utf-8", errors="replace") for path in folder.glob("*/*.yaml"))
    return {code for text in texts for code in re.findall(r"^  code: *([A-Z0-9]+)", text, re.MULTILINE)}


def _communes(sheet: Path) -> list[str]:
    """The ids of the communes that a sheet of units has without an end; none without such a sheet."""
    import csv

    if not sheet.is_file():
        return []
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row.get("until")]
    return [row["id"] for row in rows if (row.get("kind"), row.get("level")) == ("ubnd", "commune")]
