"""Every morning the operator has one letter that the night ran; what it says of deliveries is so."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial

import pytest
from sqlalchemy import Connection, Engine, select, update

from dondoc.engine.domain.mail_policy import LetterRhythm
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.errors import Problem
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import bring_in
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.notifications.delivery.since_letter import delivery
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.build import due_from
from dondoc.notifications.morning import Delivery
from tests.stories.test_a_week_of_a_bad_relay import DAY, FIRST, TRIES, WEEK, server
from tests.support.letter_reader import read
from tests.support.stored_facts import Facts
from tests.support.town import EXAMPLES, ROOT, Town, rules
from tests.support.true_mornings import untrue_morning

# What is made false in the letters that say it, over the breaks of their lines, and what is said instead.
FALSE = {
    "how many left": (r"(\d+)(/\d+ thư đã đi, \d+ thư)", r"9\1\2"),
    "how many were to leave": (r"(: \d+/)(\d+ thư đã đi)", r"\g<1>9\2"),
    "how many wait": (r"(\d+) còn chờ", r"9\1 còn chờ"),
    "how many are in doubt": (r"(\d+) chưa rõ", r"9\1 chưa rõ"),
    "how many were refused": (r"(\d+) bị trả lại", r"9\1 bị trả lại"),
    "since which letter": (r"Từ thư ngày (\d\d)/04", r"Từ thư ngày \1/03"),
    "how many mailboxes refused": (r"Hộp thư nào trả thư lại\? (\d+): ", r"Hộp thư nào trả thư lại?\n   9\1: "),
    "whose letter is in doubt": (r"hay chưa\? (\d+): [^,]*,", r"hay chưa?\n   \1: UBND tỉnh Bình Phước,"),
    "of which day it is": (r"(hay chưa\? \d+: [^,]*, thư ngày) (\d\d)/04", r"hay chưa?\n   \1 \2/03"),
    "how many are tried again": (r"(\d+) thư của đêm trước", r"9\1 thư của đêm trước"),
    "how many leave": (r"(\d+) thư chờ gửi từ 06:30 Tốt", r"9\1 thư chờ gửi từ 06:30\n   Tốt"),
}


@dataclass
class Played:
    """A played week: what the operator's letters say, and what of it was untrue as each night ended.

    `seen` are the false statements that were seen to be false, of those that were `tried`; `to_do` are the nights
    that ask for a mailbox to be put right of whose letter nobody could pass on.
    """

    nights: int = 0
    untrue: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    to_do: list[date] = field(default_factory=list)

    def hold(self, engine: Engine, night: date) -> None:
        """Holds the letter of a night, and each false one that can be made of it, against the log."""
        subject, text = _letter(engine, night)
        facts = Facts(engine, rules(), night)
        self.nights += 1
        if "bị trả lại và không có nơi" in " ".join(text.split()):
            self.to_do.append(night)
        self.untrue += [f"{night} {line}" for line in untrue_morning(read(subject, text), facts)]
        for what, (true, false) in FALSE.items():
            changed = re.sub(true.replace(" ", r"\s+"), false, text, count=1)
            if changed != text:
                self.tried.add(what)
                if any(untrue_morning(read(subject, changed), facts)):
                    self.seen.add(what)


def _letter(engine: Engine, night: date) -> tuple[str, str]:
    """The subject and the text of the operator's letter."""
    mine = (t.letter.c.office == operator_letter.OFFICE) & (t.letter.c.night == night)
    with reading(engine) as conn:
        mime = conn.scalars(select(t.letter.c.mime).where(mine, t.letter.c.part == operator_letter.NIGHTLY)).one()
    mail = message_from_bytes(mime, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["Subject"]), body.get_content()


@pytest.fixture(scope="module")
def week() -> Iterator[Played]:
    """The relay misbehaves in a new way each day; when letters are tried again is drawn alike each time."""
    engine = connect("sqlite://")
    create_tables(engine)
    town, played = Town(engine, rules()), Played()
    bring_in(engine, EXAMPLES, datetime.now(UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(random, "SystemRandom", lambda: random.Random(2015))
        for n, does in enumerate(WEEK):
            night = FIRST + n * DAY
            steps.judge_night(engine, town.book, Night(night, steps.cutoff_of(night)))
            played.hold(engine, night)
            with server(does) as smtp:
                for later in TRIES:
                    now = due_from(night) + later
                    deliver.deliver(engine, town.book.mail, smtp, partial(lambda at: at, now))
    yield played
    engine.dispose()


def test_what_it_says_of_deliveries_is_so_on_every_morning_of_a_bad_week(week: Played) -> None:
    """Letters that left, wait, are in doubt, were refused: by the log's own events, each morning."""
    assert week.untrue == []
    assert week.nights == len(WEEK)


def test_a_refused_letter_is_to_do_until_a_later_one_to_its_office_has_left(week: Played) -> None:
    """It was refused on the third day; on the sixth its office was told again."""
    assert week.to_do == [date(2015, 4, day) for day in (23, 24, 25)]


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_of_deliveries_is_seen(week: Played, what: str) -> None:
    """One thing in a true letter is changed."""
    assert what in week.tried, "no letter of the week says it"
    assert what in week.seen


# A Monday to the Wednesday of the week after; nobody owes anything.
QUIET = [date(2015, 3, 2) + n * DAY for n in range(10)]


def _written(town: Town, nights: Iterable[date], spoiled: date | None = None) -> list[date]:
    """The nights that have an operator's letter; all letters arrive, but that the fate of one is unknown."""
    for night in nights:
        steps.judge_night(town.engine, town.book, Night(night, steps.cutoff_of(night)))
        with writing(town.engine) as conn:
            conn.execute(
                update(t.letter).where(t.letter.c.state == LetterState.READY).values(state=LetterState.SENT)
            )
            if night == spoiled:
                _one_in_doubt(conn, night)
    mine = (t.letter.c.office == operator_letter.OFFICE) & (t.letter.c.part == operator_letter.NIGHTLY)
    with reading(town.engine) as conn:
        return list(conn.scalars(select(t.letter.c.night).where(mine).order_by(t.letter.c.night)))


def _one_in_doubt(conn: Connection, night: date) -> None:
    """A letter to a commune of which nobody knows whether it arrived."""
    _lies(conn, night, "f" * 32, state=LetterState.UNKNOWN)


def _lies(conn: Connection, night: date, key: str, **columns: object) -> None:
    """A letter to a commune that stands so; it is due at 06:30 like every other."""
    row = dict(conn.execute(select(t.letter).limit(1)).one()._mapping)
    row |= {"id": key, "night": night, "office": "ln.ubnd_xa.bao_dai", "part": 7, "message_id": f"<{key}@x.vn>"}
    when = {"next_at": due_from(night), "expires_at": due_from(night) + 3 * DAY}
    conn.execute(t.letter.insert().values(row | when | columns))


def _weekly(**calendar: object) -> Town:
    book = rules()
    calendars = {name: replace(one, **calendar) for name, one in book.calendars.items()}
    mail = replace(book.mail, operator_letter=LetterRhythm.WEEKLY)
    return Town.founded(replace(book, mail=mail, calendars=calendars if calendar else book.calendars))


def test_every_morning_has_a_letter_on_closed_days_too() -> None:
    """Where none has come by the morning, the service itself is in trouble."""
    assert _written(Town.founded(), QUIET) == QUIET


def test_weekly_leaves_out_quiet_mornings_and_tells_of_them_together() -> None:
    """The first letter, and then that of each Monday, which counts the nights in between."""
    town = _weekly()
    assert _written(town, QUIET) == [QUIET[0], QUIET[7]]
    subject, text = _letter(town.engine, QUIET[7])
    assert subject == "Yên ổn 02/03/2015 – 09/03/2015: 07 đêm chạy xong"
    assert list(untrue_morning(read(subject, text), Facts(town.engine, town.book, QUIET[7]))) == []


def test_weekly_waits_for_the_first_working_day_of_the_week() -> None:
    """The Monday is closed: the letter comes on Tuesday."""
    assert _written(_weekly(closed={QUIET[7]: "Nghỉ"}), QUIET) == [QUIET[0], QUIET[8]]


def test_weekly_keeps_no_morning_back_on_which_somebody_is_needed() -> None:
    """A letter of unknown fate is told of the next morning and on each one after, a Sunday too."""
    assert _written(_weekly(), QUIET[:7], spoiled=QUIET[4]) == [QUIET[0], QUIET[5], QUIET[6]]


def test_weekly_keeps_no_refused_night_back() -> None:
    """It has its letter, whatever the day."""
    town = _weekly()
    _written(town, QUIET[:2])
    problem = Problem("luc-nam/279.yaml", 41, 7, "unit-unknown", "Không có đơn vị «x».", "No unit x.")
    steps.refuse(town.engine, ROOT / "rules", QUIET[2], [problem])
    with reading(town.engine) as conn:
        parts = conn.scalars(select(t.letter.c.part).where(t.letter.c.night == QUIET[2])).all()
    assert parts == [operator_letter.REFUSAL]


def _delivered(town: Town, night: date, hour: int = 2) -> Delivery:
    """What the letter of a night would count at an hour of its day."""
    at = due_from(night) + timedelta(hours=hour - 6.5)
    with reading(town.engine) as conn:
        return delivery(conn, (operator_letter.OFFICE, operator_letter.NIGHTLY), night, at)


def test_a_letter_that_was_tried_waits_and_one_that_is_not_due_yet_leaves() -> None:
    """Tried at 06:30 and put off to the afternoon, without an attempt that counts against it."""
    town, night = Town.founded(), QUIET[0]
    _written(town, [night])
    with writing(town.engine) as conn:
        _lies(conn, night, "a" * 32, state=LetterState.READY, next_at=due_from(night) + timedelta(hours=9))
    for token, waiting in ((0, 0), (1, 1)):
        with writing(town.engine) as conn:
            conn.execute(update(t.letter).where(t.letter.c.id == "a" * 32).values(lease_token=token))
        found = _delivered(town, night, hour=8)
        assert (found.waiting, found.leaving) == (waiting, 1)


def test_a_letter_to_the_operator_that_was_refused_told_nobody_anything() -> None:
    """The next one counts from the last that arrived."""
    town = Town.founded()
    _written(town, QUIET[:2])
    assert _delivered(town, QUIET[2]).since == QUIET[1]
    with writing(town.engine) as conn:
        conn.execute(update(t.letter).where(t.letter.c.night == QUIET[1]).values(state=LetterState.DEAD))
    assert _delivered(town, QUIET[2]).since == QUIET[0]


def test_a_mailbox_is_to_be_put_right_also_where_another_office_had_the_letter() -> None:
    """The letter was passed on, and the next one will be refused as well."""
    town = Town.founded()
    _written(town, QUIET[:1])
    with writing(town.engine) as conn:
        _lies(conn, QUIET[0], "a" * 32, state=LetterState.DEAD)
        _lies(conn, QUIET[0], "b" * 32, part=100, state=LetterState.SENT, fallback_of="a" * 32)
    _written(town, QUIET[1:2])
    subject, text = _letter(town.engine, QUIET[1])
    (row,) = read(subject, text).first.section("CẦN LÀM").rows  # type: ignore[union-attr]
    assert row.title == ("Hộp thư trả thư lại: UBND xã Bảo Đài, thư ngày 02/03/2015, đã gửi nơi khác chuyển giúp")
    assert row.brief == "Sửa mailboxes.csv, rồi dondoc import mailboxes.csv"
