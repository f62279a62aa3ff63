"""One case about which offices answer: real nights, letters, pages and mails, from a script.

Who answers by which hand is an argument: the demonstration needs nothing but Python, and a test has a browser and
a mail server do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage

from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.db.database import Engine, reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.config.settings import load
from dondoc.flows.delivery.deliver import deliver
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.flows.records.acts import shown
from dondoc.flows.replies.desk import read_now
from dondoc.notifications.letter.build import due_from
from dondoc.notifications.replies.mailboxes import AnswerBox

CASE = "LN15-0001"
LAST_NIGHT = date(2015, 5, 26)
COMMUNE, FOLLOWER, ISSUER = "ubnd.baodai.lucnam", "phongldtbxh.lucnam", "ubnd.lucnam"
LETTERS, PAGE, MAIL = Text("thư", "letters"), Text("trang", "page"), Text("trả lời thư", "reply")


@dataclass(frozen=True, slots=True)
class Hands:
    """How offices answer: `press` takes a link, a button and what is typed, `reply` a mail for the `box`.

    On returning, what was pressed is recorded, and what was sent can be read.
    """

    press: Callable[[str, str, Mapping[str, str]], None]
    reply: Callable[[bytes], None]
    box: AnswerBox


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: on which day, by which door, and what."""

    on: date
    door: Text
    what: Text


@dataclass
class Town:
    """The town of the conversation: its settings and database, every mail that has arrived, and its clock.

    `mails` are the bytes of each, those of one mailbox in the order in which they came.
    """

    environment: Mapping[str, str]
    engine: Engine
    mails: Callable[[], Iterable[bytes]]
    now: datetime = datetime(2015, 4, 20, 8, tzinfo=ZONE)
    told: set[str] = field(default_factory=set)
    said: int = 0

    def clock(self) -> datetime:
        """The present instant of the town."""
        return self.now


def conversation(town: Town, hands: Hands) -> Iterator[Happening]:
    """Plays it, a line as soon as something has happened. Raises what nights, pages and readings raise."""
    yield _night(town, date(2015, 4, 20), Text("quá hạn, bước 1", "overdue, step 1"))
    yield _pressed(
        town, hands, COMMUNE, "Xin lùi hạn", until="2015-05-15", words="Chờ số liệu của 12 thôn, đường bị ngập"
    )
    yield _night(
        town,
        date(2015, 4, 25),
        Text("bước 2; nơi quyết định đọc lời xin", "step 2; who decides reads the request"),
    )
    yield _night(town, date(2015, 5, 7), Text("bước 3", "step 3"))
    granted = f"Hồ sơ {CASE}: đồng ý cho lùi hạn đến 15/5/2015, văn bản số 9/UBND-VP ngày 7/5/2015."
    yield _replied(town, hands, ISSUER, granted)
    yield _night(town, date(2015, 5, 8), Text("hạn mới, báo mọi nơi đã biết", "the new limit, to all who know"))
    yield _night(town, date(2015, 5, 18), Text("quá hạn mới, bước 1", "the new limit has passed, step 1"))
    explained = "Giải trình: đường về huyện còn ngập, đang tổng hợp. Cam kết 20/5/2015."
    yield _replied(town, hands, COMMUNE, explained)
    yield _night(
        town,
        date(2015, 5, 21),
        Text(
            "lỡ hẹn ngày 20/05: lên bước 2 ngay, không đợi đủ ngày",
            "the promise of 20/05 is broken: step 2 at once, before its day",
        ),
    )
    yield _pressed(town, hands, FOLLOWER, "Đề nghị đơn vị giải trình", words="Nêu rõ thôn nào chưa có số liệu")
    yield _night(town, date(2015, 5, 22), Text("được đề nghị giải trình", "an explanation is demanded"))
    yield _replied(town, hands, COMMUNE, "Giải trình: còn thôn Trại Me. Cam kết 25/5/2015.")
    yield _pressed(
        town,
        hands,
        FOLLOWER,
        "Đã nhận kết quả, đóng việc",
        at=date(2015, 5, 25),
        document="31/BC-UBND",
        done_on="2015-05-25",
    )
    yield _closed(town, LAST_NIGHT)


def _night(town: Town, as_of: date, to_see: Text) -> Happening:
    heard = _judged(town, as_of)
    town.told |= heard
    who = _names(town, heard)
    return Happening(as_of, LETTERS, Text.format("{to_see} → {who}", to_see=to_see, who=who))


def _closed(town: Town, as_of: date) -> Happening:
    """The last night: whether exactly those read that it is done who had read that it was not."""
    heard = _judged(town, as_of)
    everybody = Text("đúng các nơi đã được báo", "exactly those who had been told")
    if heard != town.told:
        missing = _names(town, heard ^ town.told)
        everybody = Text.format(
            "KHÁC các nơi đã được báo: {who}", "NOT those who had been told: {who}", who=missing
        )
    return Happening(
        as_of,
        LETTERS,
        Text.format("đã xong → {who}: {all}", "done → {who}: {all}", who=_names(town, heard), all=everybody),
    )


def _judged(town: Town, as_of: date) -> set[str]:
    """Judges a night and delivers its letters; returns the mailboxes to which one of them speaks of the case."""
    given = load(town.environment)
    book = load_rules(given.rules)
    planned = steps.plan_nights(town.engine, as_of, catch_up=False)
    if not isinstance(planned, NightReport):
        for one in planned:
            steps.judge_night(town.engine, book, one, links=given.links)
    town.now = due_from(as_of)
    deliver(town.engine, book.mail, given.smtp, town.clock)
    town.now = datetime.combine(as_of, time(9), ZONE)
    return {_box(one) for one in _about_the_case(town) if one["X-Dondoc-Night"] == as_of.isoformat()}


def _pressed(
    town: Town, hands: Hands, box: str, button: str, *, at: date | None = None, **typed: str
) -> Happening:
    """An office opens the link of its last letter about the case, and answers on the page."""
    if at is not None:
        town.now = datetime.combine(at, time(9), ZONE)
    hands.press(_link(_last_letter(town, box)), button, typed)
    return _said(town, PAGE)


def _replied(town: Town, hands: Hands, box: str, words: str) -> Happening:
    """An office answers its last letter about the case by mail, and gets a receipt."""
    letter = _last_letter(town, box)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = letter["To"], letter["Reply-To"], f"Re: {CASE}"
    mail["Message-ID"] = f"<{town.now:%Y%m%d}@{letter['To'].partition('@')[2]}>"
    mail["In-Reply-To"] = letter["Message-ID"]
    mail.set_content(words)
    hands.reply(mail.as_bytes())
    read_now(town.environment, hands.box, town.now)
    given = load(town.environment)
    deliver(town.engine, load_rules(given.rules).mail, given.smtp, town.clock)
    return _said(town, MAIL)


def _said(town: Town, door: Text) -> Happening:
    """The newest act of the case, as letters print it."""
    _, told = shown(town.environment, CASE, town.now)
    # Each answer is exactly one act, or the script no longer fits what pages and mails accept.
    (newest,) = told[town.said :]
    town.said += 1
    return Happening(town.now.date(), door, newest)


def _last_letter(town: Town, box: str) -> EmailMessage:
    """The newest letter about the case to a mailbox; a receipt has no link."""
    return [one for one in _about_the_case(town) if _box(one) == box and _link(one)][-1]


def _about_the_case(town: Town) -> Iterator[EmailMessage]:
    """The mails that speak of the case."""
    for raw in town.mails():
        mail = message_from_bytes(raw, policy=policy.default)
        if CASE in _text(mail):
            yield mail


def _text(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    return str(plain.get_content()) if plain is not None else ""


def _link(letter: EmailMessage) -> str:
    """The link behind the case's code; empty: there is none."""
    after = _text(letter).partition(CASE)[2].split()
    return next((word for word in after if "/c/" in word), "")


def _box(letter: EmailMessage) -> str:
    return str(letter["To"]).partition("@")[0]


def _names(town: Town, boxes: set[str]) -> Text:
    """The offices behind mailboxes, as they are called that day."""
    today = town.now.date()
    with reading(town.engine) as conn:
        chart = orgchart.chart(conn, town.now)
    units = {one.unit for one in chart.mailboxes if one.valid(today) and one.address.partition("@")[0] in boxes}
    names = [chart.units[unit].name(today) for unit in sorted(units)]
    return Text.join("; ", [Text(name.vi, name.en) for name in names])
