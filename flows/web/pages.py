"""The pages as HTML, and the headers that go with each; the templates hold markup and no words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from dondoc.engine.domain.model import Text
from dondoc.notifications.wording import labels, web_pages

_TEMPLATES = Environment(
    loader=PackageLoader("dondoc.flows.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = (Path(__file__).parent / "templates" / "page.css").read_text("utf-8")
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
# Nothing is loaded, run, framed, kept or passed on; what a form holds goes back to where it came from.
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def page(
    name: str, language: str, values: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK, *, turning: str = ""
) -> HTMLResponse:
    """A page of a template in "vi" or "en"; `turning` is the query of the same page in the other language."""

    def say(text: Text) -> str:
        return text.in_(language)

    html = _TEMPLATES.get_template(f"{name}.html.j2").render(
        **values,
        say=say,
        language=language,
        other=web_pages.OTHER_LANGUAGE[language],
        turning=turning,
        words=web_pages,
        labels=labels,
        style=Markup(_STYLE),  # noqa: S704 - a file of ours
    )
    return HTMLResponse(html, status, dict(HEADERS))


def refusal(why: str, language: str, status: HTTPStatus, back: str = "") -> HTMLResponse:
    """A page that says what cannot be done, and what to do; `back` is where it leads (empty: nowhere)."""
    title, what = web_pages.REFUSALS[why]
    return page("refusal", language, {"title": title, "what": what, "back": back}, status)
