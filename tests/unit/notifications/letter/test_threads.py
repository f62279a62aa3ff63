"""Which letters stand together in a mail program."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy

from dondoc.engine.domain.terms import Section
from dondoc.notifications.letter import threads
from dondoc.notifications.letter.mime import build
from dondoc.notifications.letter.noted_letter import with_note
from dondoc.notifications.letter.render import finish
from tests.support.sample_digests import digest, entry
from tests.unit.notifications.letter.test_mime_and_verify import PLAIN


def test_letters_of_one_case_have_one_thread() -> None:
    """Whatever they say of it; another case has another one."""
    first, second = (finish(digest(entry(section=section))).thread for section in (Section.NEW, Section.STILL))
    assert first == second
    assert first.startswith("case.")
    assert finish(digest(entry(codes=("LN15-0099",)))).thread != first


def test_letters_of_several_cases_stand_with_those_of_their_document() -> None:
    """None of its cases has them."""
    both = finish(digest(entry(codes=("LN15-0001",)), entry(codes=("LN15-0002",)))).thread
    assert both.startswith("paper.")


def test_other_letters_stand_together_by_office_and_month() -> None:
    """The operator's, for example; the office itself is not legible."""
    may = threads.monthly("dondoc.operator", date(2015, 5, 7))
    assert may == threads.monthly("dondoc.operator", date(2015, 5, 31))
    assert may != threads.monthly("dondoc.operator", date(2015, 6, 1))
    assert may != threads.monthly("ln.ubnd_huyen", date(2015, 5, 7))
    assert "operator" not in may


def test_a_letter_with_a_note_stays_in_its_thread() -> None:
    """It is passed on, or was answered in part."""
    raw = build(PLAIN)
    assert message_from_bytes(raw, policy=policy.default)["References"] == PLAIN.thread
    assert threads.root(with_note(raw, "Chuyển giúp").thread, "example.org") == PLAIN.thread
