"""The brake: a night that looks wrong keeps its letters until the operator decides, and nothing is sent twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.rulebook import Overdue, Quota, Selector
from dondoc.engine.domain.terms import LetterState, NightState, Scope
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.tables import letter, notice, unit
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.delivery import operator_decisions
from dondoc.flows.delivery.operator_decisions import LetterUnknown
from dondoc.flows.night import steps
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.build import due_from
from tests.support.story_stage import Stage, mail_to, to

NIGHT = date(2015, 4, 20)
NEXT = date(2015, 4, 21)
LATE = (
    *("bao_dai", "bao_son", "binh_son", "cam_ly", "dan_hoi"),
    *("huyen_son", "luc_son", "truong_son", "vo_tranh"),
)


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """The example facts: 9 of 24 communes are late on the night, and 9 letters would leave."""
    return Stage.set(database, sink)


def braked(stage: Stage, **limits: object) -> Stage:
    """The stage with these limits alone."""
    stage.book = replace(stage.book, mail=replace(stage.book.mail, brake=Brake(**limits)))  # type: ignore[arg-type]
    return stage


def judged(stage: Stage, night: date) -> NightState:
    """The night's state, without its delivery."""
    planned = steps.plan_nights(stage.engine, night, catch_up=False)
    assert isinstance(planned, tuple)
    stage.reports[night] = stage.judged(planned[-1])
    return stage.reports[night].state


def states(stage: Stage, night: date) -> dict[LetterState, int]:
    """How many letters of a night stand where, the operator's apart."""
    with reading(stage.engine) as conn:
        found = outbox.listing(conn, list(LetterState), night)
    counted: dict[LetterState, int] = {}
    for one in found:
        if one.office != "dondoc.operator":
            counted[one.state] = counted.get(one.state, 0) + 1
    return counted


@pytest.mark.parametrize(
    ("limits", "held"),
    [
        ({}, False),
        ({"new_cases": 9}, False),
        ({"new_cases": 8}, True),
        ({"letters": 9}, False),
        ({"letters": 8}, True),
        ({"units": Decimal("37.5")}, False),
        ({"units": Decimal(37)}, True),
    ],
    ids=[
        "no limit",
        "as many new cases as allowed",
        "one new case too many",
        "as many letters as allowed",
        "one letter too many",
        "exactly the share allowed",
        "just over the share",
    ],
)
def test_a_night_beyond_a_limit_is_held(stage: Stage, limits: dict[str, object], *, held: bool) -> None:
    """The limit itself is still plausible; cases are stored either way."""
    assert (judged(braked(stage, **limits), NIGHT) is NightState.HELD) is held
    assert set(states(stage, NIGHT)) == ({LetterState.HELD} if held else {LetterState.READY})


def test_a_night_without_letters_has_none_to_hold(stage: Stage) -> None:
    """On a Sunday nobody is written to, however many are late."""
    assert judged(braked(stage, units=Decimal(10)), date(2015, 4, 26)) is NightState.OK


ROUND_1 = "279-ubnd-ldtbxh/report-round-1"


def on(stage: Stage, units: int) -> Selector:
    """So many communes, among them the nine that are late."""
    with reading(stage.engine) as conn:
        communes = conn.scalars(select(unit.c.id).where(unit.c.id.like("ln.ubnd_xa.%")).order_by(unit.c.id)).all()
    late = [f"ln.ubnd_xa.{name}" for name in LATE]
    return Selector(units=tuple([*late, *(one for one in communes if one not in late)][:units]))


@pytest.mark.parametrize(("units", "held"), [(20, True), (19, False)])
def test_a_share_of_few_units_says_nothing(stage: Stage, units: int, *, held: bool) -> None:
    """Nine late are nearly half of either number, and only from twenty units on that looks like an outage."""
    rule = replace(stage.book.rules[ROUND_1], applies_to=on(stage, units))
    stage.book = replace(stage.book, rules={ROUND_1: rule})
    assert (judged(braked(stage, units=Decimal(30)), NIGHT) is NightState.HELD) is held


def test_every_bearer_of_a_shared_demand_counts(stage: Stage) -> None:
    """Nine of twenty are late with a report of their own, and all twenty with a number of events together."""
    month = stage.book.rules["279-ubnd-ldtbxh/action-month"]
    assert isinstance(month.condition, Quota)
    shared = replace(
        month, applies_to=on(stage, 20), condition=replace(month.condition, scope=Scope.SUM, at_least=900)
    )
    alone = replace(stage.book.rules[ROUND_1], applies_to=on(stage, 20))
    stage.book = replace(stage.book, rules={alone.id: alone, shared.id: shared})
    assert judged(braked(stage, units=Decimal(90)), date(2015, 7, 1)) is NightState.HELD


def test_units_of_rules_that_are_gone_do_not_dilute_the_share(stage: Stage) -> None:
    """Nine of the twenty that a rule binds are 45 %; with the four of a rule that is gone it would be 37,5 %."""
    binding = replace(stage.book.rules[ROUND_1], applies_to=on(stage, 20))
    assert isinstance(binding.condition, Overdue)
    of_another = replace(binding.condition, report="another-report")
    everybody = replace(stage.book.rules[ROUND_1], id="279-ubnd-ldtbxh/yesterday", condition=of_another)
    stage.book = replace(stage.book, rules={everybody.id: everybody, ROUND_1: binding})
    stage.judged(Night(NIGHT - timedelta(days=3), steps.cutoff_of(NIGHT - timedelta(days=3))))
    stage.book = replace(stage.book, rules={ROUND_1: binding})
    assert judged(braked(stage, units=Decimal(40)), NIGHT) is NightState.HELD


def test_held_letters_wait_and_the_operator_is_told_why(stage: Stage) -> None:
    """Only the operator's letter leaves, and it holds both commands."""
    judged(braked(stage, new_cases=8), NIGHT)
    stage.delivered(NIGHT)
    (mail,) = stage.mails(NIGHT)
    said = " ".join(mail.text.split())
    assert mail.subject.startswith("Đêm 20/04/2015: tạm giữ thư")
    assert "Đêm bất thường, thư đang tạm giữ: 09 hồ sơ mở mới, mức phanh 8" in said
    assert "dondoc outbox release 2015-04-20" in said
    assert "dondoc outbox drop 2015-04-20" in said


def test_a_released_night_leaves_once(stage: Stage) -> None:
    """Released, every letter leaves; the next night brings one commune its good news, and nothing again."""
    judged(braked(stage, new_cases=8), NIGHT)
    moved = operator_decisions.release(stage.engine, NIGHT, due_from(NIGHT))
    assert len(moved) == 9
    stage.delivered(NIGHT)
    assert len(to(stage.mails(NIGHT))) == 9
    assert operator_decisions.release(stage.engine, NIGHT, due_from(NIGHT)) == []
    assert to(stage.night(NEXT.isoformat())) == {"ubnd.baoson.lucnam"}


def test_a_dropped_night_is_told_by_the_next(stage: Stage) -> None:
    """Dropped, nobody was told; with the brake off the next night tells the same offices."""
    judged(braked(stage, new_cases=8), NIGHT)
    assert len(operator_decisions.drop(stage.engine, NIGHT, due_from(NIGHT))) == 9
    stage.delivered(NIGHT)
    assert to(stage.mails(NIGHT)) == set()
    # Bảo Sơn has reported meanwhile: its case closes, and having heard nothing it hears nothing.
    assert len(to(braked(stage).night(NEXT.isoformat()))) == 8


@pytest.mark.parametrize("lost", ["dropped", "expired"])
def test_a_letter_that_never_left_is_retracted_on_the_day_in_vietnam(stage: Stage, lost: str) -> None:
    """Half an hour after midnight, when in UTC it is still the day before."""
    midnight = timedelta(days=2, hours=18)
    judged(braked(stage, new_cases=8), NIGHT)
    if lost == "dropped":
        operator_decisions.drop(stage.engine, NIGHT, (due_from(NIGHT) + midnight).astimezone(UTC))
    else:
        operator_decisions.release(stage.engine, NIGHT, due_from(NIGHT))
        stage.delivered(NIGHT, after=midnight)
    with reading(stage.engine) as conn:
        assert set(conn.scalars(select(notice.c.untold_on))) == {date(2015, 4, 23)}


@pytest.mark.parametrize("lost", ["dropped", "expired"])
def test_good_news_that_never_left_is_told_by_the_next_night(stage: Stage, lost: str) -> None:
    """Its case is closed by then, and the office that had the bad news still gets the good, once."""
    stage.night(NIGHT.isoformat())
    judged(braked(stage, letters=0), NEXT)
    if lost == "dropped":
        assert len(operator_decisions.drop(stage.engine, NEXT, due_from(NEXT))) == 1
    else:
        operator_decisions.release(stage.engine, NEXT, due_from(NEXT) + timedelta(days=2))
        assert stage.delivered(NEXT, after=timedelta(days=3)).expired == 2
    again = braked(stage).night("2015-04-24")
    assert to(again) == {"ubnd.baoson.lucnam"}
    assert "Đã xong" in mail_to(again, "ubnd.baoson.lucnam").subject
    assert "ubnd.baoson.lucnam" not in to(stage.night("2015-04-25"))


def test_a_letter_released_too_late_expires_and_is_told_anew(stage: Stage) -> None:
    """After its third working day a letter is no longer true, the operator's neither: nobody was told."""
    judged(braked(stage, new_cases=8), NIGHT)
    operator_decisions.release(stage.engine, NIGHT, due_from(NIGHT) + timedelta(days=2))
    assert stage.delivered(NIGHT, after=timedelta(days=3)).expired == 10
    assert len(to(braked(stage).night("2015-04-24"))) == 8


@pytest.mark.parametrize("decision", [operator_decisions.resend, operator_decisions.arrived])
def test_a_letter_of_unknown_fate_is_named_by_the_beginning_of_its_id(stage: Stage, decision: object) -> None:
    """Unambiguous beginnings do; an unknown one refuses them all."""
    judged(stage, NIGHT)
    with writing(stage.engine) as conn:
        conn.execute(update(letter).where(letter.c.office != "dondoc.operator").values(state=LetterState.UNKNOWN))
        one, other, *_ = outbox.listing(conn, [LetterState.UNKNOWN])
    assert callable(decision)
    with pytest.raises(LetterUnknown, match="có 0 thư"):
        decision(stage.engine, [one.id[:12], "zz"], datetime.now(UTC))
    with pytest.raises(LetterUnknown, match="có 0 thư"):
        decision(stage.engine, [""], datetime.now(UTC))
    moved = decision(stage.engine, [one.id[:12], other.id], datetime.now(UTC))
    assert {status.id for status in moved} == {one.id, other.id}
    assert states(stage, NIGHT)[LetterState.UNKNOWN] == 7
