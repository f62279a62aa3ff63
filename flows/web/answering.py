"""The pages of one case, step by step: the case, a form, the same looked over, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from dondoc.engine.cases.act_gate import LONGEST
from dondoc.engine.cases.offered_acts import OfferedAct
from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import ZONE, Text
from dondoc.flows.records.acts import ActRefused, CaseSeen
from dondoc.flows.web.case_facts import facts
from dondoc.flows.web.desk import LinkRefused, WebDesk
from dondoc.flows.web.filled_in import FilledIn, NotADay
from dondoc.flows.web.pages import page, refusal
from dondoc.notifications.case_links import Capability, seal, sealed
from dondoc.notifications.wording import web_pages
from dondoc.notifications.wording.act_forms import FORMS, ActForm

# A page that lies open over midnight can still be sent.
_LOOKED_OVER_FOR = timedelta(days=1)


def case(desk: WebDesk, token: str, language: str, said: str) -> Response:
    """The case's page; `said` is the number of what was just recorded (empty: nothing). Raises as `opened`."""
    holder, seen = desk.opened(token)
    every = (*seen.told, *seen.taken_back)
    told = [(act, text) for act, text in every if str(act.number) == said and act.office == holder.office]
    values = {
        **_head(seen),
        "offers": [(_href(token, one, language), _button(one), FORMS[one.kind].hint) for one in _in_order(seen)],
        "recorded": (told[0][0], web_pages.sentence(told[0][1])) if told else None,
    }
    return page("case", language, values, turning=_turning(language, said=said))


def _in_order(seen: CaseSeen) -> list[OfferedAct]:
    """What is offered and has a form, in the order of the forms."""
    places = {kind: place for place, kind in enumerate(FORMS)}
    return sorted((one for one in seen.offered if one.kind in places), key=lambda one: places[one.kind])


def form(desk: WebDesk, token: str, language: str, kind: str, given: Mapping[str, str]) -> Response:
    """The form of an act, empty or as it was typed before. Raises as `opened`."""
    _, seen = desk.opened(token)
    typed = _typed(seen, kind, given)
    if typed is None:
        return refusal("not-offered", language, HTTPStatus.CONFLICT, f"../{token}{_query(lang=language)}")
    turning = "" if given.get("edit") else _turning(language, about=typed.about)
    return _form(seen, token, language, typed, turning=turning)


def review(desk: WebDesk, token: str, language: str, kind: str, given: Mapping[str, str]) -> Response:
    """What was typed, as the sentence that would be recorded; nothing is. Raises as `opened`."""
    holder, seen = desk.opened(token)
    typed = _typed(seen, kind, given)
    if typed is None:
        return refusal("not-offered", language, HTTPStatus.CONFLICT, f"../{token}{_query(lang=language)}")
    today = desk.clock().astimezone(ZONE).date()
    try:
        tried = desk.said(typed.said(holder.case, holder.office, today, seen.latest), trial=True)
    except (NotADay, ActRefused) as refused:
        return _form(seen, token, language, typed, _fault(desk, holder, refused))
    content = typed.content(today.isoformat(), str(seen.latest))
    values = {
        **_head(seen),
        "button": _button(OfferedAct(typed.kind, int(typed.about) if typed.about else None)),
        "told": web_pages.sentence(tried.text),
        "effect": FORMS[typed.kind].effect(seen.case.ladder.answers),
        "content": content,
        "seal": seal(token, content, desk.links.keys),
        "action": _action(typed, language),
    }
    return page("review", language, values)


def record(desk: WebDesk, token: str, language: str, given: Mapping[str, str]) -> Response:
    """Records what was looked over, at most once however often it is sent. Raises as `opened`."""
    holder, seen = desk.opened(token)
    back = f"../{token}{_query(lang=language)}"
    kind = next((one for one in ActKind if one.value == given.get("kind")), None)
    if kind is None:
        return refusal("not-looked-over", language, HTTPStatus.CONFLICT, back)
    typed = FilledIn.of(kind, given)
    content = typed.content(given.get("on", ""), given.get("seen", ""))
    genuine = sealed(given.get("seal", ""), token, content, desk.links.keys)
    today = desk.clock().astimezone(ZONE).date()
    if not genuine or today - date.fromisoformat(given["on"]) > _LOOKED_OVER_FOR:
        desk.tried(LinkRefused("not-looked-over", holder))
        return refusal("not-looked-over", language, HTTPStatus.CONFLICT, back)
    said = typed.said(holder.case, holder.office, date.fromisoformat(given["on"]), int(given["seen"]))
    try:
        done = desk.said(said, trial=False)
    except ActRefused as refused:
        return _form(seen, token, language, typed, _fault(desk, holder, refused))
    return RedirectResponse(
        f"../{token}{_query(said=str(done.number), lang=language)}", HTTPStatus.SEE_OTHER, dict(_NOT_KEPT)
    )


_NOT_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def _typed(seen: CaseSeen, kind: str, given: Mapping[str, str]) -> FilledIn | None:
    """What was typed into a form that is offered; None: it is not offered (any more)."""
    found = next((one for one in FORMS if one.value == kind), None)
    if found is None:
        return None
    typed = FilledIn.of(found, given)
    offer = OfferedAct(found, int(typed.about) if typed.about else None)
    # A page names the units to choose from; another one was not sent by it.
    chosen = not typed.to or (FORMS[found].to is not None and typed.to in dict(seen.below))
    return typed if offer in seen.offered and chosen else None


def _form(
    seen: CaseSeen, token: str, language: str, typed: FilledIn, fault: Text | None = None, *, turning: str = ""
) -> Response:
    values = {
        **_head(seen),
        "button": _button(OfferedAct(typed.kind, int(typed.about) if typed.about else None)),
        "form": FORMS[typed.kind],
        "typed": typed,
        "fault": fault,
        "longest": LONGEST,
        "units": seen.below,
        "action": _action(typed, language),
        "back": f"../{token}{_query(lang=language)}",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page("form", language, values, status, turning=turning)


def _fault(desk: WebDesk, holder: Capability, refused: NotADay | ActRefused) -> Text:
    """What the page says of what was typed."""
    if isinstance(refused, NotADay):
        desk.tried(LinkRefused("not-a-day", holder))
        return web_pages.not_a_day(str(refused))
    return web_pages.ON_A_PAGE.get(refused.why, refused.said)


def _head(seen: CaseSeen) -> dict[str, Any]:
    return {"facts": facts(seen), "office": seen.office}


def _button(one: OfferedAct) -> Text:
    if one.about is not None:
        return web_pages.take_back(one.about)
    said: ActForm = FORMS[one.kind]
    return said.button


def _href(token: str, one: OfferedAct, language: str) -> str:
    about = "" if one.about is None else str(one.about)
    return f"{token}/{one.kind}{_query(about=about, lang=language)}"


def _action(typed: FilledIn, language: str) -> str:
    return f"{typed.kind}{_query(about=typed.about, lang=language)}"


def _turning(language: str, **given: str) -> str:
    """The query of the same page in the other language, which it names."""
    other = {"lang": web_pages.OTHER_LANGUAGE[language][0]}
    return f"?{urlencode(other | {name: value for name, value in given.items() if value})}"


def _query(**given: str) -> str:
    """A query of what is not empty; Vietnamese needs no word."""
    said = {name: value for name, value in given.items() if value and (name, value) != ("lang", "vi")}
    return f"?{urlencode(said)}" if said else ""
