"""A letter leaves by SMTP, its reader opens the link, asks for a later limit, and the next nights know it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from dondoc.engine.store.db.database import connect
from dondoc.flows.night import steps
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.server import served
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Mail, Stage, flat, mail_to
from tests.support.town import ROOT, at, only
from tests.support.web_pages import BASE, LINKS, ROUND_1, get

LINK = re.compile(rf"{re.escape(BASE)}/c/\S+")


def links_of(mail: Mail) -> list[str]:
    """The links in the text of a mail; the same stand in its HTML."""
    found = LINK.findall(mail.text)
    assert set(found) == set(re.findall(rf'href="({re.escape(BASE)}/c/[^"]+)"', mail.html))
    return found


def night(stage: Stage, day: str) -> list[Mail]:
    """A night with links, and the mails of its morning."""
    as_of = date.fromisoformat(day)
    for plan in steps.plan_nights(stage.engine, as_of, catch_up=False):  # type: ignore[union-attr]
        stage.reports[as_of] = steps.judge_night(stage.engine, stage.book, plan, links=LINKS)
    stage.delivered(as_of)
    return stage.mails(as_of)


def test_from_the_letter_to_the_new_limit(tmp_path: Path) -> None:
    """The commune asks, the district grants, both on their own page; who knew reads both, and nothing climbs."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(engine)
    now = at("2015-04-20T08:12")
    with (
        Mailsink(tmp_path / "mails") as sink,
        served(WebDesk(engine, ROOT / "rules", LINKS, lambda: now)) as root,
    ):
        stage = Stage.set(engine, sink)
        stage.book = only(stage.book, ROUND_1)
        (link,) = links_of(mail_to(night(stage, "2015-04-20"), "ubnd.baodai.lucnam"))
        form = get(link.replace(BASE, root)).follow("Xin lùi hạn")
        done = form.send(until="2015-05-15", words="Chờ số liệu của thôn").send()
        assert "Đã ghi nhận, số 1" in done.words

        asked = "ngày 20/04/2015, UBND xã Bảo Đài xin lùi hạn đến hết ngày 15/05/2015: «Chờ số liệu của thôn»"
        mails = night(stage, "2015-05-07")
        (district,) = [mail for mail in mails if mail.to.startswith("ubnd.lucnam@") and asked in flat(mail)]
        now = at("2015-05-07T09:00")
        granted = [get(one.replace(BASE, root)) for one in links_of(district)]
        (page,) = [one for one in granted if "UBND xã Bảo Đài" in one.words]
        page.follow("Cho lùi hạn").send(until="2015-05-15", document="9/UBND-VP").send()

        told = flat(mail_to(night(stage, "2015-05-08"), "ubnd.baodai.lucnam"))
        assert "cho lùi hạn đến hết ngày 15/05/2015 (văn bản 9/UBND-VP)" in told
        assert "hạn đầu tiên: hết ngày 19/04/2015" in told
    engine.dispose()
