"""Observes the steps of a night: each is timed, logged, and a span of the trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from dondoc.flows.observe import log, tracing

_P = ParamSpec("_P")
_T = TypeVar("_T")
_taken: ContextVar[dict[str, float] | None] = ContextVar("taken", default=None)


@contextmanager
def timed() -> Iterator[Mapping[str, float]]:
    """Yields a mapping, filled meanwhile, of each step inside to its seconds, summed over repetitions."""
    taken: dict[str, float] = {}
    token = _taken.set(taken)
    try:
        yield taken
    finally:
        _taken.reset(token)


def step(name: str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """A decorator that makes a function the step of that name."""

    def marked(work: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(work)
        def watched(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            started = time.monotonic()
            with tracing.span(name, **{"dondoc.night": log.tonight()}):
                done = work(*args, **kwargs)
            seconds = time.monotonic() - started
            taken = _taken.get()
            if taken is not None:
                taken[name] = taken.get(name, 0.0) + seconds
            log.note("step", step=name, seconds=round(seconds, 3))
            return done

        return watched

    return marked
