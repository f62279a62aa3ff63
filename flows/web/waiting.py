"""The operator's desk as a page: how the service stands, and what waits for a person, each with what to type."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.pages import page, refusal
from dondoc.flows.web.peer import PEER
from dondoc.notifications.morning import Need
from dondoc.notifications.wording import mornings, web_pages


def waiting(desk: WebDesk, language: str) -> Response:
    """The page. Raises `RulesRefused`, `CalendarUncovered` and a `DatabaseFault`."""
    other, stands = web_pages.OTHER_LANGUAGE[language][0], desk.morning()
    lines = tuple(mornings.lines(stands)) if stands else ()
    values = {
        "items": desk.waiting(),
        "headline": mornings.headline(stands) if stands else web_pages.WAITING,
        "lines": lines,
        # That nothing waits is said where no letter needs a person either.
        "needed": any(line.need is Need.ACT for line in lines),
        "sources": tuple(map(mornings.source, stands.sources)) if stands else (),
        "needs": {need.name: said for need, said in mornings.NEEDS.items()},
        "sources_title": mornings.SOURCES,
    }
    return page("waiting", language, values, turning=f"?{urlencode({'lang': other})}")


def admitted(operators: DeskSettings, request: Request) -> bool:
    """Whether a request is the operator's: a proxy has signed him in, or he has the token."""
    named = request.headers.getlist(operators.header) if operators.header else []
    return operators.admits(request.scope.get(PEER, ""), named, request.headers.getlist("authorization"))


def not_signed_in(operators: DeskSettings, language: str) -> Response:
    """What anybody else sees; a browser asks for the token where there is one."""
    if not operators.token:
        return refusal("not-signed-in", language, HTTPStatus.FORBIDDEN)
    made = refusal("not-signed-in", language, HTTPStatus.UNAUTHORIZED)
    made.headers["WWW-Authenticate"] = 'Basic realm="dondoc", charset="UTF-8"'
    return made
