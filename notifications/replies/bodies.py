"""The text of a mail's parts: bytes of any charset, fonts from before Unicode, and HTML."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from dondoc.engine.sources.formats.legacy_vietnamese import converted, is_unicode, recognised

# No answer is longer; what comes after is quoted, or meant to take time.
LONGEST_TEXT, LONGEST_PAGE = 100_000, 400_000
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LETTERS = re.compile(
    r"utf-(?:16|32)(?:le|be)?|windows-125[0-8]|iso-8859-(?:[1-9]|1[03-6])|koi8-[ru]|gb18030|big5"
)
_BREAKING = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "blockquote",
        "ul",
        "ol",
        "pre",
        "hr",
        "section",
        "article",
    ]
)
_UNSEEN = frozenset(("style", "script", "head", "title", "template"))
# No sign < stands in an attribute, so that each is looked at once.
_TAG = re.compile(
    r"<(?:[!?][^<>]*|(?P<closing>/?)(?P<name>[A-Za-z][\w:-]*)(?P<more>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+))>"
)
_MARK = re.compile(r"(?:class|id)\s*=\s*(\"[^\"]*\"|'[^']*'|\S+)")
_EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_QUOTING = re.compile("gmail_quote|yahoo_quoted|moz-cite-prefix|zmail_extra|gmail_signature")
# Below these of Outlook everything is quoted; in its plain text a line of this kind says the same.
_LAST = re.compile("divrplyfwdmsg|appendonsend")
_LAST_LINE = f"\n{'_' * 32}\n"


def decoded(raw: bytes, charset: str) -> str:
    """The text of some bytes: UTF-8 where they are, else the charset that is named, else Western letters.

    Text of TCVN3 and VNI fonts is converted. The result is NFC, with nothing invisible in it.
    """
    text = _text(raw, charset)
    # Half a Vietnamese letter of windows-1258 follows the letter that it belongs to.
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text).replace("\0", ""))[:LONGEST_TEXT]
    if not is_unicode(text) and (font := recognised([text])) is not None:
        text = converted(text, font)
    return text


def _text(raw: bytes, charset: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Python knows codecs that are no letters, and slow ones.
        return raw.decode(charset if _LETTERS.fullmatch(charset) else "windows-1252", "replace")


def of_page(page: str) -> str:
    """The text of an HTML page that a person sees, without what mail programs mark as quoted or as a signature.

    Python's own reader takes minutes for some pages of a few hundred kilobytes; this one goes over a page once.
    """
    reader = _Reader(page[:LONGEST_PAGE])
    lines = (" ".join(line.split()) for line in reader.text().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST_TEXT]


class _Reader:
    """Collects the text of a page; `_hidden` is how deep inside something quoted the reader is."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._found: list[str] = []
        self._hidden = 0

    def text(self) -> str:
        """All of it, with a line end where the page has one."""
        place = 0
        while (tag := self._page.find("<", place)) >= 0:
            self._say(self._page[place:tag])
            place = self._after(tag)
            # What is opened there and never closed is not seen either.
            if place < 0:
                break
        else:
            self._say(self._page[place:])
        return "".join(self._found)

    def _after(self, place: int) -> int:
        """The place behind what begins with the sign < there; negative: there is no more."""
        if self._page.startswith("<!--", place):
            end = self._page.find("-->", place)
            return end + 3 if end >= 0 else end
        found = _TAG.match(self._page, place)
        if found is None:
            self._say("<")
            return place + 1
        name = (found["name"] or "").lower()
        if found["closing"]:
            self._closes(name)
        elif name in _UNSEEN:
            ends = re.compile(f"</{name}", re.IGNORECASE).search(self._page, found.end())
            return ends.start() if ends else -1
        elif name:
            self._opens(name, found["more"].lower())
        return found.end()

    def _opens(self, name: str, more: str) -> None:
        marks = " ".join(_MARK.findall(more))
        if not self._hidden and _LAST.search(marks):
            self._found.append(_LAST_LINE)
        if name in _EMPTY:
            self._break(name)
        elif self._hidden or name == "blockquote" or _QUOTING.search(marks):
            self._hidden += 1
        else:
            self._break(name)

    def _closes(self, name: str) -> None:
        if self._hidden and name not in _EMPTY:
            self._hidden -= 1
        else:
            self._break(name)

    def _break(self, name: str) -> None:
        if name in _BREAKING and not self._hidden:
            self._found.append("\n")

    def _say(self, text: str) -> None:
        """Text; line ends in the source are spaces on the page."""
        if not self._hidden:
            self._found.append(unescape(text).replace("\n", " ").replace("\r", " "))
