"""What is read of a stranger's mail: his own words, whatever program wrote them; and nothing that takes long."""

from __future__ import annotations

import time
from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.notifications.replies.mail_reader import LARGEST, Automatic, read

HEAD = b"From: van thu <vt@bao-dai.example.vn>\r\nSubject: Re: LN15-0003\r\n"
SAID = "Đã gửi 123/BC-UBND ngày 5/5"
ON = "Vào Th 2, 4 thg 5, 2026 vào lúc 06:31 Đôn Đốc <dondoc@example.vn> đã viết:"


def mail(body: str | bytes, kind: str = "text/plain; charset=utf-8", head: bytes = HEAD) -> bytes:
    """A mail with one body."""
    raw = body if isinstance(body, bytes) else body.encode()
    return head + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + b64encode(raw)


PLAIN = [
    ("nothing else", SAID),
    ("Gmail in Vietnamese", f"{SAID}\n\n{ON}\n> Kính gửi\n> hãy trả lời"),
    (
        "Gmail with a broken line",
        f"{SAID}\n\nVào Th 2, 4 thg 5, 2026 vào lúc 06:31 Đôn Đốc\n<dondoc@example.vn> đã viết:\n> a",
    ),
    ("Gmail in English", f"{SAID}\n\nOn Mon, May 4, 2026 at 6:31 AM Don Doc <d@example.vn> wrote:\n> a"),
    (
        "Outlook in Vietnamese",
        f"{SAID}\n\nTừ: Đôn Đốc\nĐã gửi: 04/05/2026 06:31\nTới: vt@example.vn\nChủ đề: Thư\n\nKính gửi",
    ),
    ("Outlook in English", f"{SAID}\n\nFrom: Don Doc\nSent: Monday\nTo: vt\nSubject: x\n\nDear"),
    ("an older Outlook", f"{SAID}\n\n-----Original Message-----\nFrom: x\n\nDear"),
    ("Outlook's line", f"{SAID}\n________________________________\nFrom: x\n"),
    ("a signature", f"{SAID}\n\nTrân trọng,\nVăn thư UBND xã\n0243 123 456"),
    ("a signature of an official document", f"{SAID}\nTM. UBND XÃ\nCHỦ TỊCH\nNgười ký"),
    ("a signature by the standard", f"{SAID}\n-- \nUBND xã"),
    ("a telephone", f"{SAID}\n\nĐược gửi từ iPhone của tôi"),
    ("written below", f"{ON}\n> Kính gửi\n> hãy trả lời\n\n{SAID}"),
    ("a thousand quoted lines", f"{SAID}\n" + "> dòng trích\n" * 1000),
    ("quoting between", f"> hỏi\n{SAID}\n> hỏi nữa"),
]


@pytest.mark.parametrize("body", [body for _, body in PLAIN], ids=[name for name, _ in PLAIN])
def test_own_words_of_plain_text(body: str) -> None:
    """Neither what is quoted nor who signs."""
    assert read(mail(body)).words == SAID


PAGES = [
    ("a page", f"<html><head><title>x</title><style>p {{}}</style></head><body><p>{SAID}</p></body></html>"),
    (
        "Gmail",
        f'<div>{SAID}</div><div class="gmail_quote"><div>On x wrote:</div><blockquote>a<br>b</blockquote></div>',
    ),
    ("Outlook", f'<div>{SAID}</div><div id="divRplyFwdMsg"><b>Từ:</b> x</div><div>Kính gửi</div>'),
    (
        "Thunderbird, written below",
        f'<div class="moz-cite-prefix">On x wrote:<br></div><blockquote>a</blockquote><p>{SAID}</p>',
    ),
    ("spaces and entities", "<p>Đã gửi&nbsp;123/BC-UBND\n  ng&agrave;y 5/5</p><script>alert(1)</script>"),
    ("nothing that is closed", f"<p>{SAID}<blockquote><p>a<p>b"),
]


@pytest.mark.parametrize("page", [page for _, page in PAGES], ids=[name for name, _ in PAGES])
def test_own_words_of_a_page_alone(page: str) -> None:
    """What a person sees of it."""
    assert read(mail(page, "text/html; charset=utf-8")).words == SAID


VISCERAL = "Đã biết, sẽ xử lý"
BYTES = [
    ("TCVN3 named as Western", "§· biÕt, sÏ xö lý".encode("latin-1"), "iso-8859-1"),
    ("TCVN3 in UTF-8", "§· biÕt, sÏ xö lý".encode(), "utf-8"),
    ("VNI", "Ñaõ bieát, seõ xöû lyù".encode("latin-1"), "windows-1252"),
    ("windows-1258", "Đa\u0303 biê\u0301t, se\u0303 xư\u0309 ly\u0301".encode("cp1258"), "windows-1258"),
    ("UTF-8 under another name", VISCERAL.encode(), "us-ascii"),
    ("UTF-8 under a name that is none", VISCERAL.encode(), "x-nothing"),
    ("UTF-16", VISCERAL.encode("utf-16"), "utf-16"),
]


@pytest.mark.parametrize(("raw", "charset"), [row[1:] for row in BYTES], ids=[row[0] for row in BYTES])
def test_letters_of_any_charset(raw: bytes, charset: str) -> None:
    """As they were meant, in Unicode."""
    assert read(mail(raw, f"text/plain; charset={charset}")).words == VISCERAL


AUTOMATIC = [
    ("an absence note", b"Auto-Submitted: auto-replied\r\n", Automatic.AUTO_SUBMITTED),
    ("one of Exchange", b"X-Auto-Response-Suppress: All\r\n", Automatic.AUTO_SUBMITTED),
    ("a mailing list", b"Precedence: bulk\r\n", Automatic.BULK),
    ("a null return path", b"Return-Path: <>\r\n", Automatic.NO_RETURN),
    ("a person's own", b"Auto-Submitted: no\r\nReturn-Path: <vt@example.vn>\r\nPrecedence: first-class\r\n", None),
]


@pytest.mark.parametrize(("head", "why"), [row[1:] for row in AUTOMATIC], ids=[row[0] for row in AUTOMATIC])
def test_what_a_program_wrote_is_seen(head: bytes, why: Automatic | None) -> None:
    """So that no program is answered by a program."""
    assert read(mail(SAID, head=head + HEAD)).automatic is why


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"From: MAILER-DAEMON@example.vn\r\n", Automatic.NO_RETURN),
        (
            b"From: a@b.vn\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n",
            Automatic.REPORT,
        ),
        ("From: a@b.vn\r\nSubject: Trả lời tự động: vắng mặt\r\n".encode(), Automatic.OUT_OF_OFFICE),
        (b"From: a@b.vn\r\nSubject: Automatic reply: Re\r\n", Automatic.OUT_OF_OFFICE),
    ],
)
def test_other_signs_of_a_program(head: bytes, why: Automatic) -> None:
    """Reports of mail servers, and absence notes that only their subject names."""
    assert read(head + b"\r\nx").automatic is why


def test_the_head_says_who_answers_what() -> None:
    """The nearest letter first; encoded words are read; small letters; the sender's clock."""
    head = (
        b"From: =?utf-8?B?VsSDbiB0aMawICg=?= <VT@Bao-Dai.example.vn>\r\nDate: Tue, 5 May 2026 09:00:00 +0700\r\n"
        b"Subject: =?utf-8?Q?Tr=E1=BA=A3_l=E1=BB=9Di?=\r\n =?utf-8?Q?_LN15-0003?=\r\nMessage-ID: <own@x>\r\n"
        b"References: <first@x>\r\n <second@x>\r\nIn-Reply-To: <second@x>\r\n"
        b"Authentication-Results: mx.example.vn;\r\n dmarc=pass header.from=bao-dai.example.vn\r\n"
    )
    found = read(mail(SAID, head=head))
    assert found.sender == "vt@bao-dai.example.vn"
    assert found.subject == "Trả lời LN15-0003"
    assert (found.message_id, found.answers) == ("<own@x>", ("<second@x>", "<first@x>"))
    assert found.sent_at == datetime(2026, 5, 5, 2, tzinfo=UTC)
    assert found.proofs == ("mx.example.vn; dmarc=pass header.from=bao-dai.example.vn",)


@pytest.mark.parametrize("sender", [b"a@x.vn, b@x.vn", b"a@x.vn\r\nFrom: b@x.vn", b"", b"a@x.vn, group: b@x.vn;"])
def test_several_senders_are_none(sender: bytes) -> None:
    """Nobody can stand in From beside an office."""
    assert read(b"From: " + sender + b"\r\n\r\nx").sender == ""


def test_attachments_are_counted_and_not_read() -> None:
    """Name, size and digest; of winmail.dat too; what is attached as text is no word of the sender."""
    made = EmailMessage()
    made["From"] = "vt@bao-dai.example.vn"
    made.set_content(SAID)
    made.add_attachment(
        b"\x78\x9f\x3e\x22" * 10, maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    made.add_attachment("xin gia hạn đến 30/5", filename="Báo cáo.txt")
    found = read(made.as_bytes())
    assert found.words == SAID
    assert [(one.name, one.size > 0, len(one.sha256)) for one in found.files] == [
        ("winmail.dat", True, 64),
        ("Báo cáo.txt", True, 64),
    ]


def test_a_mail_that_is_only_winmail_dat_says_nothing() -> None:
    """Its head is known, so that a person can look."""
    found = read(HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nxxxx")
    assert (found.words, found.sender, found.files[0].name) == ("", "vt@bao-dai.example.vn", "winmail.dat")


def _nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\nx"
    for level in range(depth):
        mark = f"b{level}".encode()
        inner = (
            b'Content-Type: multipart/mixed; boundary="'
            + mark
            + b'"\r\n\r\n--'
            + mark
            + b"\r\n"
            + inner
            + b"\r\n--"
            + mark
            + b"--\r\n"
        )
    return inner


BOMBS = [
    ("parts in parts", HEAD + _nested(1_000)),
    ("not many parts, all of them in each other", HEAD + _nested(60)),
    ("mails in mails", HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"x"),
    (
        "100,000 parts",
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 100_000,
    ),
    ("too large", HEAD + b"\r\n" + b"x" * LARGEST),
]


@pytest.mark.parametrize("raw", [raw for _, raw in BOMBS], ids=[name for name, _ in BOMBS])
def test_a_bomb_is_known_by_its_head_alone(raw: bytes) -> None:
    """In less than a second or two, and its sender is known."""
    began = time.process_time()
    found = read(raw)
    assert (found.whole, found.words, found.sender) == (False, "", "vt@bao-dai.example.vn")
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "piece", ["<a ", "<!--", "</", '<a x="', "<![", "<?", "&#", "<blockquote>", "<!", "<script>", "<p", "&lt"]
)
def test_no_page_takes_long(piece: str) -> None:
    """Of what an HTML reader might look for again and again."""
    began = time.process_time()
    read(mail(piece * (400_000 // len(piece)), "text/html"))
    assert time.process_time() - began < 3


@pytest.mark.parametrize("line", ["On ", "vao ", ">", "From: x", "-- ", "_", "tu: ", "- "])
def test_no_text_and_no_head_takes_long(line: str) -> None:
    """Of what the stripping of quotes looks at, in one line and in many; and the same as a header."""
    for text in (line * (100_000 // len(line)), f"{line}\n" * 20_000):
        began = time.process_time()
        read(mail(text))
        read(b"From: " + text.encode() + b"\r\nReferences: " + text.encode() + b"\r\n\r\nx")
        assert time.process_time() - began < 3


@given(st.binary(max_size=600))
def test_any_bytes_are_some_mail(raw: bytes) -> None:
    """Nothing is raised, whatever a stranger sends."""
    read(raw)
    read(HEAD + raw)
