"""A reader who opens the link of a letter and answers by its forms, over HTTP and without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import ProxyHandler, build_opener

_SECONDS = 30


class NoSuchButton(Exception):
    """The page has no link of these words, or no form."""


def answer(link: str, button: str, typed: Mapping[str, str]) -> str:
    """Opens a page, follows its button, fills in the form, looks it over and sends it; the words of the last page.

    Raises `NoSuchButton`, and `OSError` when the pages do not answer.
    """
    page = _Page(link)
    if button not in page.links:
        raise NoSuchButton(f"{button}: {', '.join(page.links)}")
    form = _Page(urljoin(page.address, page.links[button]))
    return form.sent(typed).sent({}).words


class _Page(HTMLParser):
    """A page as it was answered: its words, its links by their words, and the fields of its one form."""

    def __init__(self, address: str, typed: Mapping[str, str] | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.links: dict[str, str] = {}
        self._fields: dict[str, str] = {}
        self._action: str | None = None
        self._open: list[str] = []
        self._said: list[str] = []
        self._href = ""
        data = None if typed is None else urlencode(typed).encode()
        # The pages stand on this machine, whatever proxy the environment names.
        with build_opener(ProxyHandler({})).open(address, data, timeout=_SECONDS) as got:
            self.address: str = got.url
            self.feed(got.read().decode())

    @property
    def words(self) -> str:
        """Everything it says, on one line."""
        return " ".join(self._said)

    def sent(self, typed: Mapping[str, str]) -> _Page:
        """What is answered to its form, with these fields filled in."""
        if self._action is None:
            raise NoSuchButton(self.words)
        return _Page(urljoin(self.address, self._action), {**self._fields, **typed})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        if tag == "a":
            self._href = given.get("href", "")
        elif tag == "form":
            self._action = given.get("action", "")
        elif tag in ("input", "textarea"):
            self._fields[given.get("name", "")] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "style":
            return
        if inside == "a":
            self.links[" ".join(data.split())] = self._href
        self._said += data.split()
