"""The phrases of answers, Vietnamese and English; all of them of folded text, without accents and capitals.

No phrase reaches beyond its sentence, and what lies between its words is bounded, so that no text takes long.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Meaning(StrEnum):
    """What an answer says. `done`: it was handed in; `not-ours`: another office is responsible."""

    DONE = "done"
    KNOWN = "acknowledged"
    EXPLAINED = "explained"
    ASKED = "extension-asked"
    GRANTED = "extension-granted"
    REFUSED = "extension-refused"
    TAKEN_BACK = "taken-back"
    NOT_OURS = "not-ours"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


_LATER = (
    r"(?:gia han|lui (?:han|thoi han|thoi gian|den|toi|sang)|hoan (?:den|toi|sang|nop|bao cao)|"
    r"(?:keo dai|them) thoi (?:gian|han)|extension|extend(?:ing)?|more time|postpone(?:ment)?)"
)
_ASK = r"(?:xin|de nghi|kinh mong|mong|kien nghi|request|requests|ask|asks|asking|would like|please|need|needs)"
_YES = (
    r"(?:dong y|chap thuan|chap nhan|thong nhat|nhat tri|cho phep|approve|approves|approved|agree|agrees|agreed|"
    r"grant|grants|granted)"
)
_NO = (
    r"(?:khong (?:dong y|chap thuan|chap nhan|thong nhat|nhat tri|cho phep|cho)|tu choi|"
    r"(?:do not|don't|does not|not|cannot) (?:approve|agree|grant|accept)|not (?:approved|granted|agreed)|"
    r"refuse|refuses|refused|decline|declines|declined)"
)
_NEAR = r"[^.;!?\n]{0,60}?"
_PROMISE = (
    r"cam ket|xin hen|hen|hua|se (?:nop|gui|hoan thanh|bao cao|xong|thuc hien xong|trinh)|promise|promises|commit|"
    r"undertake|will (?:send|submit|finish|complete|report|deliver|be (?:done|sent|finished|submitted))"
)
_REASON = r"giai trinh|giai thich|ly do|nguyen nhan|explanation|explain|reason|because"

_ASKING, _REFUSING = _words(f"{_ASK}{_NEAR}{_LATER}"), _words(f"{_NO}{_NEAR}{_LATER}")
# A bare "cho" grants where it begins a sentence; elsewhere it is half of "xin cho", "để cho".
_GRANTING = re.compile(
    rf"(?<!\w)(?:{_YES}{_NEAR}{_LATER}|extension (?:is )?(?:granted|approved))(?!\w)"
    rf"|(?:^|(?<=\n))cho (?:phep )?{_LATER}(?!\w)"
)
_OTHERS = {
    Meaning.NOT_OURS: _words(
        r"khong (?:thuoc|phai)(?: la)?(?: ve)? (?:trach nhiem|tham quyen|nhiem vu|viec|dia ban|pham vi|chuc nang|"
        r"linh vuc|cua)|gui (?:nham|sai|lon)|(?:nham|sai) (?:dia chi|don vi|co quan|noi nhan)|"
        r"not (?:our|ours|within our|under our)(?: responsibility)?|not responsible|"
        r"wrong (?:address|office|recipient|unit)"
    ),
    Meaning.DONE: _words(
        r"da (?:gui|nop|bao cao|hoan thanh|trinh|ban hanh|phat hanh|thuc hien xong|co bao cao)|"
        r"(?:have|has|had|was|were|been|already|we) (?:sent|submitted|reported|completed|handed in)|sent|submitted"
    ),
    Meaning.EXPLAINED: _words(f"{_REASON}|{_PROMISE}"),
    Meaning.TAKEN_BACK: _words("rut lai|take back|takes back|taking back|withdraw|withdraws"),
    Meaning.KNOWN: _words(
        r"da (?:biet|ro|nam|nam duoc|tiep thu|tiep nhan|ghi nhan)|acknowledge|acknowledges|acknowledged|noted|"
        r"we know|we are aware"
    ),
}
# Whoever asks for more time, or says that it is not his, gives a reason as well.
_WITH_A_REASON = frozenset({Meaning.ASKED, Meaning.REFUSED, Meaning.GRANTED, Meaning.NOT_OURS, Meaning.TAKEN_BACK})

PROMISE, REASON = _words(_PROMISE), _words(_REASON)
DENYING = re.compile(r"(?<!\w)(?:chua|khong|dung|not|never|haven't|hasn't|didn't)(?: \w+)? $")
CONDITION = _words("neu|gia su|co the|co le|du kien|khoang|if|unless|might|perhaps|probably|expected|expects?")
QUESTION = re.compile(r"\?|(?<!\w)(?:co duoc khong|duoc khong a|phai khong|hay khong)(?!\w)")
STOPS = ("\n", ". ", "; ", "! ")
BEFORE = re.compile(r"(?<!\w)(?:truoc(?: ngay)?|before) $")
UNTIL = re.compile(
    r"(?<!\w)(?:den|toi|cham nhat(?: la)?|truoc|vao|until|till|to|by|before|on)(?: het| cuoi)?(?: ngay)? $"
)
# The number of a document: 123/BC-UBND, 45/2026/QĐ-UBND. Of the text as it was written.
_NAMED = r"\d{1,6}(?:/\d{4})?/[A-Za-zĐđ][A-Za-zĐđ0-9]*(?:[-&.][A-Za-zĐđ0-9]+){0,6}"
DOCUMENT = re.compile(rf"(?<![\w/.-])({_NAMED})(?![\w/])")
OF_A_DOCUMENT = re.compile(rf"(?<![\w/.-]){_NAMED},? ?(?:(?:ky |ban hanh )?ngay|dated|of|on)? ?$")
NUMBER = re.compile(r"(?<![\w/.-])(\d{1,9})(?![\w/-])")
COURTESY = re.compile(
    r"(?:kinh gui|kinh thua|dear|hello|hi|xin chao|chao|thua)\b.{0,120}|"
    r"(?:cam on|xin cam on|xin chan thanh cam on|thank you|thanks|many thanks)\b.{0,40}"
)


def meanings(plain: str) -> dict[Meaning, re.Match[str]]:
    """Every meaning that some folded words may have, with its place in them, the weightiest first."""
    found = dict(_of_a_limit(plain))
    for meaning, pattern in _OTHERS.items():
        if (match := pattern.search(plain)) is not None:
            found[meaning] = match
    # Who says more than that it is known says nothing more by that.
    if len(found) > 1:
        found.pop(Meaning.KNOWN, None)
    if found.keys() & _WITH_A_REASON and not PROMISE.search(plain):
        found.pop(Meaning.EXPLAINED, None)
    return found


def _of_a_limit(plain: str) -> list[tuple[Meaning, re.Match[str]]]:
    """At most one: "đề nghị đồng ý cho lùi hạn" asks, "đồng ý với đề nghị lùi hạn" grants."""
    if (refusing := _REFUSING.search(plain)) is not None:
        return [(Meaning.REFUSED, refusing)]
    said = [
        (meaning, match)
        for meaning, pattern in ((Meaning.ASKED, _ASKING), (Meaning.GRANTED, _GRANTING))
        if (match := pattern.search(plain)) is not None
    ]
    return sorted(said, key=lambda one: one[1].start())[:1]
