"""What is written by hand is read back by Python's own parser as it was meant, or refused."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.errors import MultipartInvariantViolationDefect
from email.message import Message as Parsed

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.notifications.letter import verify
from dondoc.notifications.letter.mime import (
    HEADERS,
    TEXT_CAP,
    Attachment,
    LetterRefused,
    Message,
    build,
    cleaned,
    encoded,
)
from dondoc.notifications.letter.render import finish
from tests.support.sample_letters import LETTERS

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
MIXED = st.text(
    st.sampled_from(f"{VIETNAMESE}{VIETNAMESE.upper()}0123456789 :,;/.-–()\"'<>@=?_&") | st.characters()
)
PLAIN = Message(
    id="2015-04-25.ln-ubnd-xa.1",
    night=date(2015, 4, 25),
    sender="dondoc@example.vn",
    sender_name="Đôn Đốc – theo dõi nhiệm vụ",
    recipient="xa.baodai@example.vn",
    reply_to="daumoi.lucnam@example.vn",
    subject="Đôn đốc lần 2: báo cáo công tác trẻ em đợt 1 quá hạn 06 ngày làm việc",
    sent_at=datetime(2015, 4, 24, 19, 0, tzinfo=UTC),
    thread="<thread.case.0a@example.org>",
    message_id="<2015-04-25.ln.1@dondoc.example.vn>",
    list_id="<thu-dem.dondoc.example.vn>",
    text="một\nhai\n",
    html="<p>một</p>\n",
)


def passed(message: Message) -> bytes:
    """The bytes of a message that the gate has let through."""
    raw = build(message)
    verify.check(raw, message)
    return raw


@given(MIXED)
def test_any_subject_comes_back_as_it_was_cleaned(subject: str) -> None:
    """No space is lost in folding and no character is cut in two."""
    passed(replace(PLAIN, subject=subject))


def test_a_python_that_misses_the_bodies_of_a_head_refuses_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's 3.11.2 says of every multipart that its parts are missing where its head alone is read."""
    head = verify._head

    def as_on_debian(raw: bytes) -> Parsed:
        parsed = head(raw)
        if parsed.get_content_maintype() == "multipart":
            parsed.defects.append(MultipartInvariantViolationDefect())
        return parsed

    monkeypatch.setattr(verify, "_head", as_on_debian)
    passed(PLAIN)


@given(MIXED)
def test_no_encoded_word_is_longer_than_the_standard_allows(subject: str) -> None:
    """RFC 2047, section 2: at most 75 characters, and each decodes on its own."""
    words = encoded(subject).split("\r\n ")
    assert max(map(len, words)) <= 75
    for word in filter(None, words):
        b64decode(word.removeprefix("=?utf-8?B?").removesuffix("?="), validate=True).decode()


@given(MIXED, st.sampled_from(["\r\n", "\n", "\r", "\0", "\x85", "\u2028"]), MIXED)
def test_no_line_end_in_a_subject_or_name_makes_a_header(before: str, end: str, after: str) -> None:
    """The gate compares the exact list of headers."""
    text = f"{before}{end}Bcc: evil@x.vn{after}"
    passed(replace(PLAIN, subject=text, sender_name=text))


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?hi=0D=0ABcc=3A_evil=40x=2Evn?=",
        "=?utf-8?B?SGk=?= =?utf-8?B?SGk=?=",
        "21/11/2026: xã Bảo Đài",
        "a=?b?=c",
        "\u202eabc\u200b\ufeffđ",
        "e\u0302\u0301 kết hợp",
        "x" * 100_000,
    ],
)
def test_a_hostile_subject_is_one_short_line(subject: str) -> None:
    """Encoded words, direction marks and length are taken out before the subject is encoded."""
    assert len(cleaned(subject)) <= TEXT_CAP
    assert "=?" not in cleaned(subject)
    assert cleaned(cleaned(subject)) == cleaned(subject)
    passed(replace(PLAIN, subject=subject, sender_name=subject))


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "a@example.vn\r\nBcc: evil@x.vn"},
        {"recipient": "a@example.vn, b@example.vn"},
        {"recipient": "xã@example.vn"},
        {"recipient": "a@example"},
        {"recipient": "a..b@example.vn"},
        {"recipient": f"{'a' * 250}@example.vn"},
        {"recipient": ""},
        {"recipient": "a@example.vn\n"},
        {"sender": "<a@example.vn>"},
        {"reply_to": "a b@example.vn"},
        {"message_id": "<a@b>\r\nX: y"},
        {"message_id": "a@b"},
        {"list_id": "<danh sách>"},
        {"id": "a b"},
        {"sent_at": datetime(2015, 4, 25)},  # noqa: DTZ001 - the point of the row
        {"attachments": (Attachment('a".csv', "text/csv", b""),)},
        {"attachments": (Attachment("a.csv", "text/csv; x=y", b""),)},
    ],
    ids=str,
)
def test_an_unsafe_header_is_refused_with_the_letter_named(changes: dict[str, object]) -> None:
    """A value that could reach beyond its header stops this letter, and says which letter it was."""
    message = replace(PLAIN, **changes)  # type: ignore[arg-type]
    with pytest.raises(LetterRefused) as refused:
        build(message)
    assert refused.value.letter == message.id


def test_no_header_asks_a_server_to_withhold_its_non_delivery_report() -> None:
    """As `All` and `NDR` do (MS-OXCMAIL, 2.1.3.2.20); absence notes and automatic replies are of no use to us."""
    suppressed = message_from_bytes(build(PLAIN))["X-Auto-Response-Suppress"].split(", ")
    assert suppressed == ["OOF", "AutoReply"]


def test_every_letter_passes_with_its_headers_in_order() -> None:
    """Both bodies and the file come back byte for byte; the same values make the same bytes."""
    for make in LETTERS.values():
        letter = finish(make())
        message = replace(
            PLAIN, subject=letter.subject, text=letter.text, html=letter.html, attachments=letter.attachments
        )
        raw = passed(message)
        assert raw == build(message)
        head = raw.split(b"\r\n\r\n", 1)[0].decode()
        assert tuple(re.findall(r"^([A-Za-z-]+):", head, re.MULTILINE)) == HEADERS
        assert "Sat, 25 Apr 2015 02:00:00 +0700" in head
        body = message_from_bytes(raw, policy=policy.default)
        assert body.get_body(("html",)) is not None
        assert [part.get_filename() for part in body.iter_attachments()] == [
            one.filename for one in letter.attachments
        ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"Auto-Submitted: auto-generated\r\n", b"", "headers"),
        (b"To: xa.", b"Bcc: evil@x.vn\r\nTo: xa.", "headers"),
        (b"To: xa.baodai@", b"To: xa.khac@", "To reads as"),
        (b"From: =?", b"From: X =?", "From reads as"),
        (b"Subject: =?utf-8?B?", b"Subject: =?utf-8?B?QUFB", "Subject reads as"),
        (b"auto-generated\r\n", b"auto-generated\n", "bare"),
        (b"X-Dondoc-Night: 2015", b"X-Dondoc-Night: " + b"x" * 1000, "998"),
        (b"X-Dondoc-Night: 2015", "X-Dondoc-Night: ả".encode(), "ASCII"),
        (b"bcO0dA0KaGFp", b"bcO0dA0KaGFq", "bodies"),
    ],
)
def test_the_gate_sees_every_change(old: bytes, new: bytes, fault: str) -> None:
    """One changed byte in any place that matters is found."""
    raw = build(PLAIN)
    assert old in raw or fault == "bodies"
    changed = raw.replace(old, new, 1)
    if fault == "bodies":
        body = re.search(rb"base64\r\n\r\n(\w)", raw)
        assert body is not None
        changed = raw[: body.start(1)] + b"A" + raw[body.start(1) + 1 :]
    with pytest.raises(LetterRefused, match=fault):
        verify.check(changed, PLAIN)
