"""`dondoc case`: what offices say of a case, recorded by the operator."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import ZONE
from dondoc.flows.cli.console import AsJson, say, say_json, spoken
from dondoc.flows.cli.language import in_language
from dondoc.flows.cli.rows import Encoding, Rejects, record_rows

_DAY_FORMS = ["%Y-%m-%d", "%d/%m/%Y"]

Code = Annotated[str, typer.Argument(metavar="CASE", help="Mã hồ sơ, LN15-0003. (The case's code.)")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="UNIT", help="Cơ quan trả lời; mặc định đơn vị thực hiện. (Who says so.)"),
]
On = Annotated[
    datetime | None,
    typer.Option("--on", formats=_DAY_FORMS, help="Trả lời ngày nào; mặc định hôm nay. (On which day.)"),
]
Words = Annotated[str, typer.Option("--words", help="Nguyên văn, một dòng. (Its own words, one line.)")]
Document = Annotated[str, typer.Option("--document", help="Số văn bản, nếu có. (The document's number.)")]


def show(code: Code, *, as_json: AsJson = False) -> None:
    """Các cơ quan đã trả lời gì về một hồ sơ đang mở. (What was said of an open case.)"""
    from dondoc.flows.records.acts import shown

    with spoken():
        values, sentences = shown(os.environ, code, datetime.now(UTC))
        if as_json:
            say_json(values)
            return
        for one in sentences:
            say(one.both())
        if not sentences:
            say("Chưa có trả lời nào. (Nothing was said yet.)")


def ack(code: Code, by: By = None, on: On = None, words: Words = "", document: Document = "") -> None:
    """Ghi: cơ quan đã biết và sẽ xử lý; tạm chưa nhắc lại cơ quan ấy. (Records that an office knows of it.)"""
    _record(code, ActKind.ACKNOWLEDGED, by, on, None, words, document, None)


def explain(
    code: Code,
    until: Annotated[datetime, typer.Option("--until", formats=_DAY_FORMS, help="Ngày hẹn xong. (Promised day.)")],
    words: Words,
    by: By = None,
    on: On = None,
    document: Document = "",
) -> None:
    """Ghi: đơn vị giải trình và hẹn ngày; tạm dừng đến ngày ấy, một lần. (Records an explanation.)"""
    _record(code, ActKind.EXPLAINED, by, on, until, words, document, None)


def extend(
    code: Code,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY_FORMS, help="Ngày cuối của hạn mới. (New last day.)")
    ] = None,
    by: By = None,
    on: On = None,
    words: Words = "",
    document: Document = "",
    *,
    grant: Annotated[
        bool, typer.Option("--grant", help="Cơ quan ban hành cho lùi. (The issuer grants it.)")
    ] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="... không cho lùi. (... refuses it.)")] = False,
) -> None:
    """Ghi: đơn vị xin lùi hạn; hoặc cơ quan ban hành cho lùi, không cho lùi. (An extension: asked, decided.)"""
    if grant and refuse:
        raise typer.BadParameter(in_language("chỉ một trong hai: --grant, --refuse (only one of the two)"))
    if refuse is (until is not None):
        needed = "cần --until, trừ khi --refuse (--until is needed, but not with --refuse)"
        raise typer.BadParameter(in_language(needed))
    kind = ActKind.EXTENSION_GRANTED if grant else ActKind.EXTENSION_ASKED
    _record(code, ActKind.EXTENSION_REFUSED if refuse else kind, by, on, until, words, document, None)


def done(
    code: Code,
    document: Annotated[str, typer.Option("--document", help="Số văn bản đã gửi. (The report's number.)")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=_DAY_FORMS, help="Gửi ngày nào; mặc định hôm nay. (Handed in on which day.)"),
    ] = None,
    by: By = None,
    words: Words = "",
) -> None:
    """Ghi: đơn vị báo đã gửi; nơi quy tắc có confirm thì chờ xác nhận. (Records that it was handed in.)"""
    _record(code, ActKind.DONE, by, None, None, words, document, None, on or datetime.now(ZONE))


def confirm(
    code: Code,
    by: By = None,
    on: On = None,
    words: Words = "",
    document: Document = "",
    *,
    refuse: Annotated[bool, typer.Option("--refuse", help="Không xác nhận, nêu lý do. (It is not so.)")] = False,
) -> None:
    """Ghi: cơ quan nhận báo cáo xác nhận, hoặc không xác nhận, điều đơn vị đã báo. (Confirms it.)"""
    kind = ActKind.NOT_CONFIRMED if refuse else ActKind.CONFIRMED
    _record(code, kind, by, on, None, words, document, None)


def demand(
    code: Code,
    by: Annotated[str, typer.Option("--by", metavar="UNIT", help="Cơ quan đề nghị. (Who demands it.)")],
    on: On = None,
    words: Words = "",
    document: Document = "",
) -> None:
    """Ghi: cơ quan đã được báo đề nghị đơn vị giải trình. (Records that an explanation is demanded.)"""
    _record(code, ActKind.DEMANDED, by, on, None, words, document, None)


def close(
    code: Code,
    by: Annotated[str, typer.Option("--by", metavar="UNIT", help="Cơ quan theo dõi. (Who follows it up.)")],
    document: Annotated[str, typer.Option("--document", help="Số báo cáo của đơn vị. (The report's number.)")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=_DAY_FORMS, help="Gửi ngày nào; mặc định hôm nay. (Handed in on which day.)"),
    ] = None,
    words: Words = "",
) -> None:
    """Ghi: cơ quan theo dõi đã có báo cáo của đơn vị; đóng hồ sơ. (Closes a case with evidence.)"""
    _record(code, ActKind.CLOSED, by, None, None, words, document, None, on or datetime.now(ZONE))


def reopen(
    code: Code,
    by: Annotated[str, typer.Option("--by", metavar="UNIT", help="Cơ quan theo dõi. (Who follows it up.)")],
    words: Words,
    on: On = None,
    document: Document = "",
) -> None:
    """Ghi: báo cáo đã đóng hồ sơ là không có; hồ sơ đi tiếp. (Opens a closed case again.)"""
    _record(code, ActKind.REOPENED, by, on, None, words, document, None)


def not_ours(
    code: Code,
    by: By = None,
    on: On = None,
    words: Words = "",
    document: Document = "",
) -> None:
    """Ghi: đơn vị báo việc không thuộc trách nhiệm của mình; chờ nơi theo dõi. (Records that it is another's.)"""
    _record(code, ActKind.NOT_OURS, by, on, None, words, document, None)


def reassign(
    code: Code,
    to: Annotated[
        str | None, typer.Option("--to", metavar="UNIT", help="Chuyển cho đơn vị nào. (To whom.)")
    ] = None,
    dated: Annotated[
        datetime | None, typer.Option("--date", formats=_DAY_FORMS, help="Ngày của văn bản ấy. (Its day.)")
    ] = None,
    by: By = None,
    on: On = None,
    words: Words = "",
    document: Document = "",
    *,
    refuse: Annotated[bool, typer.Option("--refuse", help="Không chuyển, nêu lý do. (It stays.)")] = False,
) -> None:
    """Ghi: cơ quan theo dõi chuyển việc cho đơn vị khác theo văn bản, hoặc không chuyển. (Gives it to another.)"""
    if refuse is (to is not None):
        needed = "cần --to, trừ khi --refuse (--to is needed, but not with --refuse)"
        raise typer.BadParameter(in_language(needed))
    kind = ActKind.NOT_REASSIGNED if refuse else ActKind.REASSIGNED
    _record(code, kind, by, on, None, words, document, None, to=to, dated=dated)


def delegate(
    code: Code,
    to: Annotated[str, typer.Option("--to", metavar="UNIT", help="Phân công đơn vị nào. (To whom.)")],
    by: By = None,
    on: On = None,
    words: Words = "",
    document: Document = "",
) -> None:
    """Ghi: đơn vị phân công cấp dưới thực hiện; việc này vẫn của đơn vị. (Has a unit below it do it.)"""
    _record(code, ActKind.DELEGATED, by, on, None, words, document, None, to=to)


def take_back(
    code: Code,
    number: Annotated[int, typer.Argument(metavar="ACT", help="Số của trả lời. (The answer's number.)")],
    by: By = None,
    words: Words = "",
) -> None:
    """Ghi: cơ quan rút lại một trả lời trước. (Records that an answer no longer holds.)"""
    _record(code, ActKind.TAKEN_BACK, by, None, None, words, "", number)


def import_(
    path: Annotated[Path, typer.Argument(help="CSV hoặc XLSX, mỗi dòng một trả lời. (A row for each answer.)")],
    encoding: Encoding = None,
    rejects: Rejects = None,
) -> None:
    """Ghi nhiều trả lời một lần từ một bảng; dòng không nhận được trả lại. (Records a sheet of answers.)"""
    from dondoc.engine.sources.reading.answer_sheets import ANSWERS
    from dondoc.flows.records.acts import Said, record

    now = datetime.now(UTC)

    def one(row: Mapping[str, Any]) -> bool:
        said = Said(
            row["case"],
            row["act"],
            row["by"],
            row["on"],
            row["until"],
            row["words"],
            row["document"],
            done_on=row["sent_on"],
            to=row["to"],
            dated=row["dated"],
        )
        return record(os.environ, said, now).again

    record_rows(path, ANSWERS, one, encoding, rejects)


def revoke(
    code: Code,
    by: Annotated[str, typer.Option("--by", metavar="UNIT", help="Cơ quan nào. (Whose links.)")],
) -> None:
    """Thu hồi liên kết trả lời của một cơ quan trong các thư đã lập; thư sau có liên kết mới. (Revokes links.)"""
    from dondoc.flows.records.links import revoke as revoked

    with spoken():
        say(revoked(os.environ, code, by, datetime.now(UTC)).both())


def _record(
    code: str,
    kind: ActKind,
    by: str | None,
    on: datetime | None,
    until: datetime | None,
    words: str,
    document: str,
    about: int | None,
    done_on: datetime | None = None,
    *,
    to: str | None = None,
    dated: datetime | None = None,
) -> None:
    from dondoc.flows.records.acts import Said, record

    with spoken():
        days = [None if day is None else day.date() for day in (on, until, done_on, dated)]
        said = Said(code, kind, by, days[0], days[1], words, document, about, days[2], to=to, dated=days[3])
        made = record(os.environ, said, datetime.now(UTC))
        say(made.text.both())
        say(
            "Đã ghi như vậy từ trước; không đổi gì. (Recorded before: nothing changes.)"
            if made.again
            else "Có hiệu lực từ đêm tới. (From the next night on.)"
        )
