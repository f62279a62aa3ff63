"""`dondoc inherit`: who takes over the tasks of ended units; an office decides, the operator records it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Scope
from dondoc.flows.cli.console import AsJson, say, say_json, spoken
from dondoc.flows.cli.rows import Encoding, Rejects, record_rows

What = Annotated[
    str,
    typer.Argument(metavar="WHAT", help="Mã hồ sơ, QUY-TẮC@ĐƠN-VỊ, hoặc mã đơn vị. (Case, RULE@UNIT or unit.)"),
]
By = Annotated[str, typer.Option("--by", metavar="UNIT", help="Cơ quan quyết định. (The office that decided.)")]
Basis = Annotated[str, typer.Option("--basis", help="Căn cứ: văn bản, ngày. (The legal basis.)")]


def inherit_list(
    *,
    decided: Annotated[bool, typer.Option("--decided", help="Những gì đã quyết định. (What is decided.)")] = False,
    as_json: AsJson = False,
) -> None:
    """Hồ sơ, nghĩa vụ, nơi nhận của đơn vị đã kết thúc, chờ quyết định. (Open tasks of ended units.)"""
    from dondoc.flows.records.inherit import decisions, questions

    with spoken():
        found = (decisions if decided else questions)(os.environ, datetime.now(UTC))
        if as_json:
            say_json(found)
            return
        for one in found:
            say(_decision(one) if decided else _question(one))
        vi, en = ("đã quyết định", "decided") if decided else ("chờ quyết định", "to be decided")
        say(Text(f"{len(found)} mục {vi}.", f"{len(found)} {en}."))


def inherit_confirm(
    what: What,
    to: Annotated[
        list[str], typer.Option("--to", metavar="UNIT", help="Đơn vị tiếp nhận, nêu nhiều lần được. (Heir.)")
    ],
    by: By,
    basis: Basis,
    scope: Annotated[
        Scope | None,
        typer.Option(help="Nhiều đơn vị gánh một nghĩa vụ thế nào. (How several heirs share a demand.)"),
    ] = None,
) -> None:
    """Ghi quyết định: đơn vị nào tiếp nhận, theo căn cứ nào. (Records who takes over, and on what basis.)"""
    _write(what, to, by, basis, scope)


def inherit_close(what: What, by: By, basis: Basis) -> None:
    """Ghi quyết định: không đơn vị nào tiếp nhận; hồ sơ đóng ở đêm tới. (Records that nobody takes over.)"""
    _write(what, [], by, basis, None)


def inherit_import(
    path: Annotated[Path, typer.Argument(help="CSV hoặc XLSX, mỗi dòng một quyết định. (A row for each.)")],
    encoding: Encoding = None,
    rejects: Rejects = None,
) -> None:
    """Ghi nhiều quyết định một lần từ một bảng; không nêu nơi tiếp nhận là không ai. (Records a sheet of them.)"""
    from dondoc.engine.sources.reading.answer_sheets import HEIRS
    from dondoc.flows.records.inherit import HeirDecision, decide

    now = datetime.now(UTC)

    def one(row: Mapping[str, Any]) -> bool:
        decision = HeirDecision(row["what"], row["to"], row["by"], row["basis"], row["scope"])
        return decide(os.environ, decision, now).again

    record_rows(path, HEIRS, one, encoding, rejects)


def _write(what: str, to: list[str], by: str, basis: str, scope: Scope | None) -> None:
    from dondoc.flows.records.inherit import HeirDecision, decide

    with spoken():
        written = decide(os.environ, HeirDecision(what, tuple(to), by, basis, scope), datetime.now(UTC))
        say(written.text)
        say(
            "Đã ghi như vậy từ trước; không đổi gì. (Recorded before: nothing changes.)"
            if written.again
            else "Có hiệu lực từ đêm tới. (From the next night on.)"
        )


_KINDS = {
    "case": Text("hồ sơ", "case"),
    "demand": Text("nghĩa vụ", "demand"),
    "reader": Text("nơi nhận thư", "reader of letters"),
}


def _question(one: dict[str, Any]) -> Text:
    heirs = [f"\n    --to {heir['unit']}  {heir['name']}" for heir in one["heirs"]]
    vi = "".join(f"{said}, phạm vi: {heir['scope']}" for said, heir in zip(heirs, one["heirs"], strict=True))
    en = "".join(f"{said}, scope: {heir['scope']}" for said, heir in zip(heirs, one["heirs"], strict=True))
    title, kind, ask_on = f" ({one['title']})" if one["title"] else "", _KINDS[one["kind"]], one["ask_on"]
    said = Text(
        f"{one['sentence']}{title}; hỏi lại {ask_on:%d/%m/%Y}{vi}",
        f"{one['name']}: {one['unit_name']} ended on {one['last_day']:%d/%m/%Y}{title}; asked again on "
        f"{ask_on:%d/%m/%Y}{en}",
    )
    return Text.format("{kind} {said}", kind=kind, said=said)


def _decision(one: dict[str, Any]) -> Text:
    about = f"{one['rule']} {one['subject']}".strip()
    heirs = ", ".join(heir["name"] for heir in one["heirs"])
    taken = f"nay là {heirs}" if heirs else "không đơn vị nào tiếp nhận"
    shared = f" ({one['scope']})" if one["scope"] else ""
    taken_en = f"is followed by {heirs}" if heirs else "is followed by nobody"
    head, tail = f"{one['recorded_on']:%d/%m/%Y} {one['unit_name']}", f"{shared}{f': {about}' if about else ''}\n"
    return Text(
        f"{head} {taken}{tail}    căn cứ: {one['basis']}; quyết định: {one['decided_by']}",
        f"{head} {taken_en}{tail}    basis: {one['basis']}; decided by: {one['decided_by']}",
    )
