"""Where a letter goes that a mailbox refused for good: one body up, then to the operator, and then nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy

import pytest

from dondoc.engine.domain.model import ZONE
from dondoc.notifications.letter.attachment import row_list
from dondoc.notifications.letter.build import due_from, finished
from dondoc.notifications.letter.fallback_letter import FIRST_PART, fallback
from dondoc.notifications.letter.mime import Attachment
from dondoc.notifications.letter.render import Rendered
from dondoc.notifications.letter.workbook import MEDIA_TYPE, workbook
from dondoc.notifications.lifecycle import Claimed, DeadLetter, PlannedLetter
from tests.support.planned_letters import NIGHT
from tests.support.sample_letters import supervisor
from tests.support.town import Town, rules

NOW = datetime(2015, 4, 20, 7, tzinfo=ZONE)
MAIL = rules().mail
COMMUNE, ABOVE = "ubnd.baodai.lucnam@example.vn", "ubnd.lucnam@example.vn"
# What letters attach, and what those attached that an older version stored.
LIST = Attachment("danh-sach-2015-04-20.xlsx", MEDIA_TYPE, workbook(row_list(supervisor())))
OLD_LIST = Attachment("danh-sach-2015-04-20.csv", "text/csv", b"\xef\xbb\xbfx.ubnd;1\r\n")
LETTER = Rendered("Nhắc việc", "<!DOCTYPE html><html><body><p>Có tệp kèm</p></body></html>", "Có tệp kèm", (LIST,))


def passed_on(address: str, part: int = 1, letter: Rendered = LETTER) -> PlannedLetter | None:
    """What is planned when the mailbox refuses the letter of a commune, the part of that number."""
    made = finished(letter, MAIL, NIGHT, NOW, "ln.ubnd_xa.bao_dai", address, reply_to=MAIL.operator, part=part)
    claimed = Claimed(
        made.id,
        NIGHT,
        made.office,
        made.part,
        made.envelope_from,
        made.recipient,
        made.mime,
        1,
        made.expires_at,
        "test",
        1,
    )
    town = Town.founded()
    town.night(NIGHT)
    assert town.chart is not None
    return fallback(DeadLetter(claimed, 550, "5.1.1", "no such mailbox"), town.chart, MAIL, NOW)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(LIST, id="a workbook"),
        pytest.param(OLD_LIST, id="CSV, as an older version attached it"),
        pytest.param(
            Attachment("lich-2015-04-20.ics", "text/calendar", "SUMMARY:Hạn\r\n".encode()), id="a calendar file"
        ),
    ],
)
def test_it_goes_to_the_body_above_with_its_files(file: Attachment) -> None:
    """What the text announces is attached there too; the note says whose letter it is."""
    again = passed_on(COMMUNE, letter=replace(LETTER, attachments=(file,)))
    assert again is not None
    assert (again.recipient, again.part, again.next_at) == (ABOVE, FIRST_PART, due_from(NIGHT))
    mail = message_from_bytes(again.mime, policy=policy.default)
    assert [(one.get_filename(), one.get_payload(decode=True)) for one in mail.iter_attachments()] == [
        (file.filename, file.content)
    ]
    body = mail.get_body(("plain",))
    assert body is not None
    assert COMMUNE in body.get_content()


def test_it_does_not_go_to_the_mailbox_that_refused_it() -> None:
    """Two offices may share one: then it is the operator's."""
    again = passed_on(ABOVE)
    assert again is not None
    assert again.recipient == MAIL.operator


def test_refused_a_second_time_it_is_the_operators() -> None:
    """It does not climb on, body by body, until somebody takes it."""
    again = passed_on(COMMUNE, FIRST_PART)
    assert again is not None
    assert (again.recipient, again.part) == (MAIL.operator, FIRST_PART + 1)


def test_its_number_stays_from_release_to_release() -> None:
    """A letter that waits in the outbox while the program is updated is known by it."""
    again = passed_on(COMMUNE)
    assert again is not None
    assert again.part == 100


def test_refused_by_the_operator_there_is_nobody_left() -> None:
    """The outbox lists it as dead."""
    assert passed_on(MAIL.operator) is None
