"""Doors through which the text of strangers comes, each with all that it may answer; anything else is a finding.

The same targets are driven by atheris (`python -m tests.fuzz`), and by pytest with the seeds that were kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.book import read_source
from dondoc.engine.rulefile.folder import RuleFile
from dondoc.engine.rulefile.problems import ProblemSheet, Unread
from dondoc.notifications.delivery.answers import Phase, enhanced
from dondoc.notifications.delivery.outcome import Sent, Unknown, answered, printable
from dondoc.notifications.letter import verify
from dondoc.notifications.letter.mime import LetterRefused, Message, build
from dondoc.notifications.letter.render import LetterTooLarge, finish
from tests.fuzz.nights import night
from tests.support.sample_digests import digest, entry
from tests.unit.notifications.letter.test_letter_markup import ATTRIBUTES, TAGS, Page
from tests.unit.notifications.letter.test_mime_and_verify import PLAIN

_FILES = (
    *("ladders.yaml", "calendar.yaml", "indicators.yaml", "mail.yaml", "waivers.yaml"),
    *("here/rule.yaml", "here/rule.test.yaml"),
)


def rules(data: bytes) -> None:
    """A rule file of the kind that the first byte chooses: a value, or at least one problem in its place."""
    name = _FILES[data[0] % len(_FILES)] if data else _FILES[0]
    sheet = ProblemSheet(name)
    try:
        value = read_source(RuleFile(name, data[1:], sheet))
    except Unread:
        value = None
    assert value is not None or sheet.problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in sheet.problems)


def letter(data: bytes) -> None:
    """Texts from data in every place of a letter: shown and never obeyed, and the bytes pass the gate."""
    texts = [*data.decode("utf-8", "replace").split("\x1e"), "", "", ""]
    unit, title, document = (Text(text, text) for text in texts[:3])
    row = entry(title=title, short=title, unit=unit, evidence=document.vi, reports_to=unit, codes=(document.vi,))
    try:
        made = finish(digest(row, reader=unit, forwarder=unit, shared_with=(unit,)))
        message: Message = replace(
            PLAIN,
            subject=made.subject,
            sender_name=unit.vi,
            text=made.text,
            html=made.html,
            attachments=made.attachments,
        )
        raw = build(message)
    except (LetterRefused, LetterTooLarge):
        return
    verify.check(raw, message)
    page = Page(made.html)
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES


def mailserver(data: bytes) -> None:
    """What a mail server says, at any time: a printable line; only a 2xx to the dot has sent."""
    said = printable(data[2:].decode("utf-8", "surrogateescape"))
    assert said.isprintable()
    phase = list(Phase)[data[0] % len(Phase)] if data else Phase.CONNECT
    code = 200 + data[1] * 2 if len(data) > 1 else 200
    outcome = answered(phase, code, said)
    enhanced(said)
    assert isinstance(outcome, Sent) == (phase is Phase.DATA_SENT and code // 100 == 2)
    assert phase is Phase.DATA_SENT or not isinstance(outcome, Unknown)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "rules": rules,
    "letter": letter,
    "mailserver": mailserver,
    "night": night,
}
