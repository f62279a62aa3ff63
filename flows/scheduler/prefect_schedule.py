"""`dondoc serve`: nights and deliveries on the schedule of a Prefect server, and what today has missed.

A deployment on the server says when. What runs is the flow of this program and nothing that the server says,
because on a server without a login anybody may change a deployment.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.states import Cancelled, Crashed

from dondoc.flows.scheduler.hours import EVERY, REPLIES_CRON, RETENTION_CRON, ZONE_NAME, Hours
from dondoc.flows.scheduler.prefect_flows import TAGS, deliver, nightly, replies, retain

_log = logging.getLogger("dondoc.schedule")
_UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING, StateType.PAUSED]
_LOOK = timedelta(minutes=1)
# As the units of systemd do: the first try, and three more a quarter of an hour apart.
_TRIES = 4

Missing = Callable[[datetime], date | None]


def serve_forever(hours: Hours, missing: Missing, *, removing: bool, listening: bool) -> None:
    """Runs the flows at their hours, one run of each at a time, until SIGTERM or Ctrl+C.

    `missing` names, for an instant, the night that should have been judged by then and was not. `removing`: the
    service may remove what is older than its time. `listening`: a mailbox for answers is set.
    """
    # Prefect's temporary folder has a fixed name and would belong to the first user who served on this machine.
    with tempfile.TemporaryDirectory(prefix="dondoc-") as own:
        tempfile.tempdir = own
        asyncio.run(_serve(hours, missing, removing=removing, listening=listening))


async def _serve(hours: Hours, missing: Missing, *, removing: bool, listening: bool) -> None:
    began = datetime.now(UTC)
    stopped = asyncio.Event()
    _when_asked_to_end(stopped.set)
    # Each its own runner, so that of each flow one run goes on at a time, and a long night stops no delivery. The
    # limit is this process's: one of the server's would stay taken after a power cut.
    nights = Runner(name="nightly", limit=1, pause_on_shutdown=False)
    letters = Runner(name="deliver", limit=1, pause_on_shutdown=False)
    night = await nights.aadd_flow(
        nightly, name="nightly", schedule=Cron(hours.night_cron, timezone=ZONE_NAME), tags=TAGS
    )
    mornings = [Cron(cron, timezone=ZONE_NAME) for cron in hours.delivery_crons]
    morning = await letters.aadd_flow(
        deliver, name="deliver", schedules=mornings, tags=TAGS, parameters={"in_hours": True}
    )
    known = [night, morning]
    if removing:
        # With the nights, so that neither begins while the other runs.
        weekly = Cron(RETENTION_CRON, timezone=ZONE_NAME)
        known.append(await nights.aadd_flow(retain, name="retain", schedule=weekly, tags=TAGS))
    runners = [nights, letters]
    if listening:
        # A mailbox that is slow to answer holds up no letter.
        answers = Runner(name="replies", limit=1, pause_on_shutdown=False)
        often = Cron(REPLIES_CRON, timezone=ZONE_NAME)
        known.append(await answers.aadd_flow(replies, name="replies", schedule=often, tags=TAGS))
        runners.append(answers)
    await _end_earlier(known, began)
    if began in hours.sending:
        await _run(morning)
    async with asyncio.TaskGroup() as group:
        running = {runner: group.create_task(runner.start()) for runner in runners}
        catching_up = group.create_task(_Missed(night, missing).make_up())
        # Each runner has put a handler of its own on SIGTERM as its first step, and Prefect's would stop only one.
        await asyncio.sleep(0)
        _when_asked_to_end(stopped.set)
        await stopped.wait()
        catching_up.cancel()
        for runner, task in running.items():
            if runner.started:
                await runner.astop()
            else:
                task.cancel()


def _when_asked_to_end(do: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, do)


async def _end_earlier(deployments: list[UUID], began: datetime) -> None:
    """Ends what an earlier process left: a run that died with it, and runs that came due while nobody served.

    Run one by one they would judge nights that one run makes up together.
    """
    async with get_client() as client:
        for run in await _due(deployments, began):
            left = Cancelled if run.state_type is StateType.SCHEDULED else Crashed
            await client.set_flow_run_state(run.id, left(message="dondoc serve started again"), force=True)


async def _due(deployments: list[UUID], now: datetime) -> list[FlowRun]:
    """The runs that should have begun by now and have not ended."""
    async with get_client() as client:
        return await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=deployments)),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED)),
                expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": now}),
            ),
        )


async def _run(deployment: UUID, **parameters: str) -> None:
    """Asks for a run now."""
    async with get_client() as client:
        await client.create_flow_run_from_deployment(deployment, parameters=parameters)


@dataclass(slots=True)
class _Missed:
    """Makes up the night that is missing: at the start, after a fault, and when the schedule itself failed."""

    deployment: UUID
    missing: Missing
    tries: Counter[date] = field(default_factory=Counter)
    last: datetime | None = None

    async def make_up(self) -> None:
        """Looks every minute, until it is cancelled."""
        while True:
            try:
                await self._look(datetime.now(UTC))
            except Exception as error:  # noqa: BLE001 - whatever is away now may be there in a minute
                _log.warning("chưa xem được đêm nào còn thiếu (cannot look for a missing night): %s", error)
            await asyncio.sleep(_LOOK.total_seconds())

    async def _look(self, now: datetime) -> None:
        night = await asyncio.to_thread(self.missing, now)
        if night is None or self.tries[night] >= _TRIES:
            return
        if self.last is not None and now < self.last + EVERY:
            return
        if await _due([self.deployment], now):
            return
        self.tries[night] += 1
        self.last = now
        await _run(self.deployment, as_of=night.isoformat())
