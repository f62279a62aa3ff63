"""TCVN3 (ABC) and VNI: Vietnamese of the fonts before Unicode, recognised in text and converted when asked for.

Such text looks like Western letters ("x· T©n TiÕn", "xaõ Taân Tieán"), whatever file holds it. It is recognised by
words that are no Vietnamese as they stand, and are once they are converted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Legacy(StrEnum):
    """An encoding of letters by a font."""

    TCVN3 = "tcvn3"
    VNI = "vni"


_CODES = (
    *range(0xA1, 0xAF),
    *(0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCE, 0xCF),
    *range(0xD0, 0xD9),
    *(0xDC, 0xDD, 0xDE, 0xDF, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEE),
    *(0xEF, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
)
_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = {chr(code): letter for code, letter in zip(_CODES, _LETTERS, strict=True)}

_PLAIN_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_ROOFED = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BOWED = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}


def _vni() -> dict[str, str]:
    bases = {**{base: base for base in "aeouy"}, "ô": "ơ", "ö": "ư"}
    made = {key + mark: base + tone for key, base in bases.items() for mark, tone in _PLAIN_TONES.items()}
    made |= {base + mark: f"{base}\u0302{tone}" for base in "aeo" for mark, tone in _ROOFED.items()}
    made |= {f"a{mark}": f"a\u0306{tone}" for mark, tone in _BOWED.items()}
    made |= {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    lower = {key: unicodedata.normalize("NFC", letter) for key, letter in made.items()}
    upper = {key.upper(): letter.upper() for key, letter in lower.items()}
    # The mark of a capital may be written small.
    mixed = {key[0].upper() + key[1:]: letter.upper() for key, letter in lower.items()}
    return mixed | upper | lower


_VNI = _vni()
_TABLES: Mapping[Legacy, tuple[Mapping[str, str], re.Pattern[str]]] = {
    code: (table, re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True)))))
    for code, table in ((Legacy.TCVN3, _TCVN3), (Legacy.VNI, _VNI))
}

_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_WORD = re.compile(r"[^\s\d,.;:/()\-\"'“”«»!?\[\]_+*=]+")
# A syllable without its tone: what begins it, and vowels that may, or may not, be followed by a consonant.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?:(?:uyê|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uơ|uy|ươ|[aăâeêioôơuưy])(?:ch|ng|nh|[cmnpt])?"
    r"|iêu|yêu|oai|oao|oay|oeo|uây|uôi|ươi|ươu|uya|uyu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu)"
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Vowels of which the last bears no tone.
_FALLING = re.compile(r"(?:ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|ưa|ưi|ưu)$")
# In "giá" and "quá" what looks like the first vowel belongs to the consonant.
_ONSET = re.compile(r"(?:gi|qu)(?=[aăâeêioôơuưy])")
# How many different words make it certain; one alone may be a name from elsewhere.
ENOUGH = 2


def converted(text: str, code: Legacy) -> str:
    """The text in Unicode; what the encoding does not use stays."""
    table, pattern = _TABLES[code]
    made = pattern.sub(lambda found: table[found[0]], text)
    # Fonts of capitals use the codes of small letters.
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return made.upper() if len(plain) > 1 and all(letter.isupper() for letter in plain) else made


def is_unicode(text: str) -> bool:
    """Whether a text has letters of Vietnamese that only Unicode has, so that converting would spoil it."""
    return _UNICODE.search(text) is not None


def recognised(texts: Iterable[str]) -> Legacy | None:
    """The encoding that some texts are really in; None: they show no sign of one."""
    seen: dict[Legacy, set[str]] = {code: set() for code in Legacy}
    for text in texts:
        if text.isascii():
            continue
        for code in signs(text, seen):
            if len(seen[code]) >= ENOUGH:
                return code
    return None


def signs(text: str, seen: Mapping[Legacy, set[str]]) -> Iterable[Legacy]:
    """Adds to `seen` the words of a text that are Vietnamese only in an encoding; the encodings of any of them."""
    for word in _WORD.findall(text):
        # A sign such as © alone is no word.
        if word.isascii() or not any(letter.isascii() for letter in word) or is_syllable(word):
            continue
        for code in Legacy:
            made = converted(word, code)
            if made != word and is_syllable(made):
                seen[code].add(word)
                yield code


def is_syllable(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable, with one tone, in the place where it is written."""
    marked = unicodedata.normalize("NFD", word.lower())
    tones = [place for place, letter in enumerate(marked) if letter in _TONES]
    plain = unicodedata.normalize("NFC", "".join(letter for letter in marked if letter not in _TONES))
    if len(tones) > 1 or _SYLLABLE.fullmatch(plain) is None:
        return False
    rhyme = _ONSET.sub("", plain, count=1) if _ONSET.match(plain) else plain
    return not (tones and tones[0] == len(marked) - 1 and _FALLING.search(rhyme))
