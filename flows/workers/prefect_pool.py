"""Shares decided by the workers of a Prefect work pool: the flow that each runs, and how a night starts it.

A share is sent as the parameter of a flow run; the ids come back as its artifact, which is removed once it is
read. Nothing is written to a worker's disk. The next night removes the artifact of a worker that finished after
its night had stopped waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect import flow
from prefect.artifacts import Artifact
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterType,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import TERMINAL_STATES, FlowRun, StateType, WorkerStatus
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Cancelled
from pydantic import TypeAdapter

from dondoc.engine.domain.model import Text
from dondoc.engine.kinds.shapes import Shape
from dondoc.engine.store.matching.evaluate import Decisions, Range
from dondoc.engine.store.matching.shares import NoWorkers, Share, Unanswered
from dondoc.flows.config.partitions import Executor, Partitions
from dondoc.flows.workers.share import ShareRefused, ShareResult, deadline, decided_here, release

# The server returns at most this many flow runs per request.
_MOST = 200
_LOOK_SECONDS = 1.0
_KIND = "share"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A share as JSON carries it: each shape once, and ranges as (number of the shape, low, high)."""

    shapes: tuple[Shape, ...]
    ranges: tuple[tuple[int, int, int], ...]
    rules: Mapping[str, int]
    cutoff: datetime
    snapshot: str
    release: str

    def share(self) -> Share:
        """The share that was packed."""
        parts = tuple(Range(self.shapes[n], low, high) for n, low, high in self.ranges)
        return Share(parts, self.rules, self.cutoff, self.snapshot)


_PARCEL, _ANSWER = TypeAdapter(Parcel), TypeAdapter(ShareResult)


def packed(share: Share) -> Parcel:
    """A share ready to be sent as JSON."""
    shapes = {part.shape.name: part.shape for part in share.parts}
    number = {name: n for n, name in enumerate(shapes)}
    ranges = tuple((number[part.shape.name], part.low, part.high) for part in share.parts)
    return Parcel(tuple(shapes.values()), ranges, share.rules, share.cutoff, share.snapshot, release())


@flow(name="decide-share")
def decide_share(parcel: Parcel) -> None:
    """What a worker runs, on the database that its own environment names. Raises `ShareRefused`."""
    found = decided_here(parcel.share(), parcel.release)
    if isinstance(found, str):
        raise ShareRefused(found)
    Artifact(type=_KIND, data=_ANSWER.dump_python(found, mode="json")).create()


def of(partitions: Partitions) -> WorkPool | None:
    """The work pool that the settings name, if they name one."""
    return WorkPool(partitions.where) if partitions.kind is Executor.PREFECT else None


@dataclass(frozen=True, slots=True)
class WorkPool:
    """The pool of that name; a `RemoteExecutor` of `engine.store.matching.shares`."""

    name: str

    def __call__(self, cut: Callable[[int], Sequence[Share]], /) -> Iterator[Decisions | Unanswered]:
        """Cuts as many shares as there are workers and has each decided in a flow run."""
        with get_client(sync_client=True) as client:
            workers = self._online(client)
            shares = cut(min(workers, _MOST))
            until = deadline(sum(share.ids() for share in shares), len(shares))
            deployment = client.create_deployment(
                client.create_flow_from_name(decide_share.name),
                self.name,
                work_pool_name=self.name,
                entrypoint="dondoc.flows.workers.prefect_pool.decide_share",
            )
            _sweep(client, deployment)
            waiting, refused = _begun(client, deployment, shares)
            yield from refused
            yield from _collected(client, waiting, until)

    def _online(self, client: SyncPrefectClient) -> int:
        """How many workers are online; raises `NoWorkers` when none is."""
        try:
            client.read_work_pool(self.name)
        except ObjectNotFound:
            raise NoWorkers(
                Text(
                    f"không có work pool «{self.name}»; lập: prefect work-pool create --type process {self.name}",
                    f"there is no such pool; create it: prefect work-pool create --type process {self.name}",
                )
            ) from None
        found = client.read_workers_for_work_pool(self.name)
        online = sum(worker.status is WorkerStatus.ONLINE for worker in found)
        if not online:
            raise NoWorkers(
                Text(
                    f"work pool «{self.name}» không có worker nào; mở: prefect worker start --pool {self.name}",
                    f"the pool has no worker; start one: prefect worker start --pool {self.name}",
                )
            )
        return online


def _sweep(client: SyncPrefectClient, deployment: UUID) -> None:
    """Removes the artifacts for nights that have stopped waiting; never one that a night still waits for."""
    ended = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(TERMINAL_STATES - {StateType.COMPLETED})))
    for late in client.read_artifacts(
        artifact_filter=ArtifactFilter(type=ArtifactFilterType(any_=[_KIND])),
        flow_run_filter=FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment]), state=ended),
    ):
        client.delete_artifact(late.id)


def _begun(
    client: SyncPrefectClient, deployment: UUID, shares: Sequence[Share]
) -> tuple[dict[UUID, Share], list[Unanswered]]:
    """A flow run for each share; and the shares that the server refuses, such as one with too long a parameter."""
    begun, refused = dict[UUID, Share](), list[Unanswered]()
    for share in shares:
        parcel = _PARCEL.dump_python(packed(share), mode="json")
        try:
            run = client.create_flow_run_from_deployment(deployment, parameters={"parcel": parcel})
        except PrefectHTTPStatusError as error:
            said = f"HTTP {error.response.status_code}"
            refused.append(
                Unanswered(share, Text(f"máy chủ Prefect không nhận: {said}", f"Prefect refused: {said}"))
            )
        else:
            begun[run.id] = share
    return begun, refused


def _collected(
    client: SyncPrefectClient, waiting: dict[UUID, Share], until: float
) -> Iterator[Decisions | Unanswered]:
    """Each share as it is decided; when the time is over the others are cancelled and yielded as `Unanswered`."""
    while waiting:
        asked = FlowRunFilter(id=FlowRunFilterId(any_=list(waiting)))
        for run in client.read_flow_runs(flow_run_filter=asked):
            if run.state is not None and run.state.is_final():
                yield _became(client, run, waiting.pop(run.id))
        if time.monotonic() > until:
            break
        if waiting:
            time.sleep(_LOOK_SECONDS)
    for run_id, share in waiting.items():
        client.set_flow_run_state(run_id, Cancelled(message="đêm đã tự làm (the night did it itself)"), force=True)
        yield Unanswered(share, Text("worker Prefect không xong trong thời hạn", "a Prefect worker took too long"))


def _became(client: SyncPrefectClient, run: FlowRun, share: Share) -> Decisions | Unanswered:
    """The result of a flow run that has ended."""
    if run.state is None or not run.state.is_completed():
        said = run.state.message if run.state else None
        return Unanswered(share, Text(f"worker Prefect hỏng: {said}", "a Prefect worker failed"))
    asked = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    answers = client.read_artifacts(artifact_filter=asked)
    for answer in answers:
        client.delete_artifact(answer.id)
    try:
        (answer,) = answers
        return _ANSWER.validate_json(str(answer.data)).decided()
    except ValueError:
        # No artifact, or a truncated one: the server's database may have been cleaned up meanwhile.
        return Unanswered(share, Text("worker Prefect không để lại kết quả", "a Prefect worker left no answer"))
