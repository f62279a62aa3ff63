"""What every kind of rule must say of itself. mypy checks each kind against these protocols in the registry.

A kind is asked once for a rule or a batch. `Kind` is what all of them answer; a `DirectKind` is judged on facts, a
`DerivedKind` on the findings of another rule, in the second pass.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from dondoc.engine.domain.demand import Demand
from dondoc.engine.domain.forms import FormRow
from dondoc.engine.domain.model import Asked, Case, Finding, MissedParts, Task
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Condition, Derived, Direct, Rule, RuleBook
from dondoc.engine.domain.terms import Outcome, Scope, SheetKind, SourceKind, TaskKind
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.kinds.limits import Asking, InForce, Occasions
from dondoc.engine.kinds.samples import SampleBreach, Sampling
from dondoc.engine.kinds.second_pass import Derivation, DerivedCount, PartsTonight, PartVerdict
from dondoc.engine.kinds.shapes import Shape

OfAny_contra = TypeVar("OfAny_contra", bound=Condition, contravariant=True)
OfDirect_contra = TypeVar("OfDirect_contra", bound=Direct, contravariant=True)
OfDerived_contra = TypeVar("OfDerived_contra", bound=Derived, contravariant=True)


class Kind(Protocol[OfAny_contra]):
    """What every kind says of its conditions, its tasks and their findings."""

    def reads(self, condition: OfAny_contra, /) -> Iterable[tuple[SheetKind, str]]:
        """The words that it reads, each with the sheet of data that holds rows of it; none for a derived one."""

    def judged_since(self, condition: OfAny_contra, /) -> date | None:
        """The day on or after which a period must begin to be judged; None: the directive alone decides."""

    def is_shared(self, condition: OfAny_contra, /) -> bool:
        """Whether the units of a rule carry each of its demands together."""

    def asks_each(self, condition: OfAny_contra, /) -> bool:
        """Whether it demands the same of each unit, so that the units can be counted together."""

    def has_periods(self, condition: OfAny_contra, /) -> bool:
        """Whether its demands come in periods, so that consecutive ones can be counted."""

    def number_of(self, condition: OfAny_contra, task: Task, occasions: Occasions, /) -> int:
        """The number of a task's period; consecutive periods have consecutive numbers.

        Raises `ValueError` without periods; the loader allows no streak of such a rule.
        """

    def is_reachable(self, condition: OfAny_contra, in_force: InForce, occasions: Occasions, /) -> bool:
        """Whether any night can judge it, as its directive is in force; True for an unknown occasion."""

    def goes_on(self, condition: OfAny_contra, occasions: Occasions, on: date, /) -> bool:
        """Whether it demands anything after a day; False for a derived one, which follows its base rule."""

    def likeness(self, condition: OfAny_contra, /) -> Hashable:
        """A key that is equal for two conditions with the same demand: all that decides, except how much."""

    def how_much(self, condition: OfAny_contra, /) -> int:
        """How much it demands, where who does more always does less too; 0 where no demand includes another."""

    def calm(self, condition: OfAny_contra, task: TaskKind, /) -> int:
        """For how many working days such a task must stay in order before its closing is told; 0: told at once."""

    def asked(self, condition: OfAny_contra, /) -> Asked | None:
        """What it asks for, as numbers that an edit of the rule changes; None where it asks for none."""

    def misses(self, finding: Finding, asked: Asked, /) -> bool:
        """Whether a finding that is met would not be, if its rule asked for this as it did before an edit."""

    def covers(self, condition: OfAny_contra, /) -> bool:
        """Whether its notice replaces those of the parts that it counts (decision 37)."""

    def is_derived(self) -> bool:
        """Whether it is judged on the findings of another rule."""

    def is_counted(self, task: TaskKind, /) -> bool:
        """Whether such a task is one of the done, late and open ones that a letter counts (decision 50)."""

    def is_measured(self, task: TaskKind, /) -> bool:
        """Whether such a task is measured on a living unit: heirs do not take it over, they have their own."""

    def is_never_made_up(self, task: TaskKind, /) -> bool:
        """Whether a missed one is missed for good: only a later one that is met closes its case (decision 11)."""

    def is_superseded(self, finding: Finding, /) -> bool:
        """Whether a newer missed period of the same rule and unit stands for this one (decision 11)."""

    def is_finished(self, finding: Finding, case: Case | None, /) -> bool:
        """Whether a task with this finding and this case (None: it has none) needs no further judging."""

    def how_ended(self, finding: Finding, /) -> str:
        """How a task that is finished with this finding ended, for counting; "" where nothing is counted by it."""

    def ended_as(self, ended: str, /) -> PartVerdict:
        """How a rule derived from it counts a finished task of it, by how that ended."""

    def outcome(self, finding: Finding, /) -> Outcome:
        """How a finding that is met closes a case."""

    def is_worse_with_time(self, task: TaskKind, /) -> bool:
        """Whether such a task gets worse by being open longer; an indicator does only by its figure."""

    def is_worse(self, finding: Finding, before: int, now: int, /) -> bool:
        """Whether a case in breach is worse with the value `now` than it was with `before` (decision 30)."""


class DirectKind(Kind[OfDirect_contra], Protocol[OfDirect_contra]):
    """A kind that is judged on facts, by what it compiles to."""

    def demands(self, condition: OfDirect_contra, asking: Asking, /) -> Iterator[Demand]:
        """The demands of a rule near a night. Raises `CalendarUncovered` where a limit cannot be counted."""

    def horizon(self, condition: OfDirect_contra, calendar: WorkCalendar, as_of: date, /) -> date:
        """The latest last day of the demands that a night makes: far enough for every reminder to come in time."""

    def period_key(self, condition: OfDirect_contra, subject: str, /) -> str:
        """The key of the period, or the day, in the subject of one of its tasks; empty where it names none."""

    def trigger(self, condition: OfDirect_contra, /) -> str | None:
        """The activity after which its limit is counted; None: it has another limit."""

    def assigned(self, condition: OfDirect_contra, /) -> str | None:
        """The kind of assigned tasks that it judges; None: it makes its demands itself."""

    def for_heirs(self, condition: OfDirect_contra, scope: Scope, /) -> Direct:
        """The condition as it binds heirs that carry the demands of an ended unit in this way."""

    def shapes(
        self, rules: Sequence[tuple[Rule, OfDirect_contra]], calendars: Mapping[str, WorkCalendar], as_of: date, /
    ) -> Iterator[Shape]:
        """What its rules in force compile to. Raises `CalendarUncovered` where reminders cannot be counted."""

    def absence(self, condition: OfDirect_contra, task: TaskKind, /) -> tuple[SourceKind, str] | None:
        """What is missing where such a task is in breach: a kind of facts and their word; None: nothing is."""

    def form_rows(
        self, condition: OfDirect_contra, demand: Demand, book: RuleBook, chart: OrgChart, on: date, /
    ) -> Iterator[tuple[str, FormRow]]:
        """The rows that a demand puts on the forms of a day, each with its unit."""

    def samples(self, condition: OfDirect_contra, sampling: Sampling, /) -> Iterator[SampleBreach] | None:
        """Invented facts that put a rule in breach; None where it is enough that a demand is not met."""

    def meeting(self, demand: Demand, /) -> tuple[SheetKind, Mapping[str, Any]] | None:
        """The row of an import sheet that meets a demand in time, without its unit; None: it has no last day."""

    def nothing_done(self) -> str:
        """What is said in Vietnamese of a demand for which there is nothing."""


class DerivedKind(Kind[OfDerived_contra], Protocol[OfDerived_contra]):
    """A kind that is judged on the findings of its base rule: it counts them, and durable_rules decides."""

    def fits(self, base: Kind[Any], condition: Condition, /) -> bool:
        """Whether a rule of another kind, with that condition, can be its base rule."""

    def demands(
        self, condition: OfDerived_contra, parts: Iterable[Demand], asking: Asking, base: Rule, /, *, shared: bool
    ) -> Iterator[Demand]:
        """Its demands, from those of its base rule; `shared`: units carry those together."""

    def by_subject(self) -> bool:
        """Whether each of its tasks counts the base rule's tasks of its own subject, and is over when they are."""

    def counts(
        self, condition: OfDerived_contra, tasks: Iterable[Task], night: PartsTonight, /
    ) -> Iterator[DerivedCount]:
        """The counts of its open tasks; none for a task of which nothing is known."""

    def counted(self, condition: OfDerived_contra, parts: MissedParts, /) -> Mapping[str, int]:
        """The fields of its fact that the parts of a finding show."""

    def derivation(self, condition: OfDerived_contra, /) -> Derivation:
        """What it compiles to: the definition that decides on its counts."""
