"""The pages behind the links of letters, and the desk: routes, limits, and how requests are answered.

A GET changes nothing. Sending a form leads to a page that repeats it in a sentence, and only sending that one
records anything, once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dondoc.engine.errors import DonDocError
from dondoc.engine.store.db.faults import DBAPIError
from dondoc.flows.observe import log
from dondoc.flows.web import answering, waiting
from dondoc.flows.web.allowance import Allowance
from dondoc.flows.web.body import BodyRefused, fields
from dondoc.flows.web.desk import LinkRefused, WebDesk
from dondoc.flows.web.pages import HEADERS, refusal
from dondoc.notifications.case_links import ALIVE, PLACE
from dondoc.notifications.wording.web_pages import OTHER_LANGUAGE

# An office of government has one address for hundreds of desks.
_EACH_PLACE = 300, 300.0
_EACH_LINK = 30, 6.0
_Answer = Callable[[Request], Awaitable[Response]]


def app(desk: WebDesk) -> Starlette:
    """The application; every path stands under the prefix of the base address as well as at the root."""
    pages = _Pages(desk)
    routes = []
    for prefix in dict.fromkeys(("", desk.links.prefix)):
        place = f"{prefix}/{PLACE}/{{token}}"
        routes += [
            Route(f"{prefix}/alive", pages.alive),
            Route(f"{prefix}/desk", pages.answered(pages.waiting), methods=["GET"]),
            Route(place, pages.answered(pages.case), methods=["GET"]),
            Route(f"{place}/record", pages.answered(pages.record), methods=["POST"]),
            Route(f"{place}/{{kind}}", pages.answered(pages.form), methods=["GET", "POST"]),
        ]
    made = Starlette(routes=routes, exception_handlers={HTTPException: pages.unknown})
    # It would lead to an address made of what the request says of its host.
    made.router.redirect_slashes = False
    return made


class _Pages:
    """The answers, with what they share: the desk and how often each place and link may ask."""

    def __init__(self, desk: WebDesk) -> None:
        self.desk = desk
        self.places, self.links = Allowance(*_EACH_PLACE), Allowance(*_EACH_LINK)

    async def alive(self, _request: Request) -> Response:
        """Says that the pages stand here, and nothing else; for a monitor and for `dondoc doctor`."""
        return PlainTextResponse(ALIVE, headers=dict(HEADERS))

    async def unknown(self, request: Request, raised: Exception) -> Response:
        """Any other address or method."""
        status = HTTPStatus(raised.status_code) if isinstance(raised, HTTPException) else HTTPStatus.NOT_FOUND
        return refusal("not-found", _language(request), status)

    def answered(self, answer: _Answer) -> _Answer:
        """An answer whatever happens: a refusal or a fault becomes a page that says what to do."""

        async def safely(request: Request) -> Response:
            language = _language(request)
            try:
                if not self._may_ask(request):
                    return refusal("too-many", language, HTTPStatus.TOO_MANY_REQUESTS)
                return await answer(request)
            except BodyRefused as refused:
                return refusal("bad-request", language, refused.status)
            except LinkRefused as refused:
                return await self._refused(request, refused)
            except (DonDocError, DBAPIError, OSError) as fault:
                log.note("web", fault=type(fault).__name__, where=_place(fault))
                return refusal("not-now", language, HTTPStatus.SERVICE_UNAVAILABLE)
            except Exception as fault:  # noqa: BLE001 - any fault, and nobody sees more of it than this
                log.note("web", fault=type(fault).__name__, where=_place(fault))
                return refusal("not-now", language, HTTPStatus.INTERNAL_SERVER_ERROR)

        return safely

    def _may_ask(self, request: Request) -> bool:
        now = self.desk.clock()
        place = request.client.host if request.client else ""
        token = request.path_params.get("token", "")
        return self.places.takes(place, now) and (request.method != "POST" or self.links.takes(token, now))

    async def _refused(self, request: Request, refused: LinkRefused) -> Response:
        """Opening a link that does not hold is a line of the service's log; saying something by it is an event."""
        log.note("web", refused=refused.why)
        if request.method == "POST":
            await run_in_threadpool(self.desk.tried, refused)
        status = HTTPStatus.GONE if refused.holder else HTTPStatus.NOT_FOUND
        # Whoever made a link up is not told what is wrong with it.
        why = refused.why if refused.holder else "no-link"
        return refusal(why, _language(request), status)

    async def waiting(self, request: Request) -> Response:
        """What waits for a person, for those who run the service."""
        operators, language = self.desk.operators, _language(request)
        if operators is None:
            return refusal("not-found", language, HTTPStatus.NOT_FOUND)
        if not waiting.admitted(operators, request):
            log.note("web", refused="desk")
            return waiting.not_signed_in(operators, language)
        return await run_in_threadpool(waiting.waiting, self.desk, language)

    async def case(self, request: Request) -> Response:
        """What the case is, what was said, and what the office may say."""
        said = request.query_params.get("said", "")
        token, language = request.path_params["token"], _language(request)
        return await run_in_threadpool(answering.case, self.desk, token, language, said)

    async def form(self, request: Request) -> Response:
        """The form of an act; sent, it is looked over."""
        token, kind, language = request.path_params["token"], request.path_params["kind"], _language(request)
        if request.method != "POST":
            about = {"about": request.query_params.get("about", "")}
            return await run_in_threadpool(answering.form, self.desk, token, language, kind, about)
        given = await fields(request.headers.get("content-type", ""), request.receive)
        language = _spoken(given.get("lang", ""))
        step = answering.form if given.get("edit") else answering.review
        return await run_in_threadpool(step, self.desk, token, language, kind, given)

    async def record(self, request: Request) -> Response:
        """Records what was looked over, and leads back to the case."""
        given = await fields(request.headers.get("content-type", ""), request.receive)
        language = _spoken(given.get("lang", ""))
        return await run_in_threadpool(answering.record, self.desk, request.path_params["token"], language, given)


def _place(fault: Exception) -> str:
    """File and line where a fault arose; its text may repeat what somebody wrote."""
    last = extract_tb(fault.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _language(request: Request) -> str:
    return _spoken(request.query_params.get("lang", ""))


def _spoken(word: str) -> str:
    return word if word in OTHER_LANGUAGE else "vi"
