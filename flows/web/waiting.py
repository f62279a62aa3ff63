"""The operator's desk as a page: what waits for a person, with the command to type beside each."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.pages import page, refusal
from dondoc.flows.web.peer import PEER
from dondoc.notifications.wording import web_pages


def waiting(desk: WebDesk, language: str) -> Response:
    """The page. Raises `RulesRefused` and a `DatabaseFault`."""
    other = web_pages.OTHER_LANGUAGE[language][0]
    return page("waiting", language, {"items": desk.waiting()}, turning=f"?{urlencode({'lang': other})}")


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
