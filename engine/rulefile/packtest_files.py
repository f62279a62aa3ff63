"""The test files of a rule folder -> specs, or every problem of every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.packtest import PackFact, PackTest, PackTestFile
from dondoc.engine.domain.rulebook import AfterEvent, Condition, Derived, Overdue, Quota, Rule, RuleBook, Threshold
from dondoc.engine.errors import Problem, RulesRefused
from dondoc.engine.rulefile.book import read_source, units_named
from dondoc.engine.rulefile.folder import RuleFile, test_sources
from dondoc.engine.rulefile.problems import Unread, advice, shown


def load_tests(folder: Path, book: RuleBook) -> tuple[PackTestFile, ...]:
    """The test files of a folder, `NAME.test.yaml` beside `NAME.yaml`, in order of their names.

    `book` is what the folder's rule files say. Raises `RulesRefused` with every problem of every test file.
    """
    files = test_sources(folder)
    specs = []
    problems: list[Problem] = []
    for source in files:
        with suppress(Unread):
            spec = _spec(source)
            specs.append(spec)
            problems += _unknown_rules(spec, book)
            problems += _bases_left_out(spec, book)
            problems += _unread_facts(spec, book)
    problems += [problem for source in files for problem in source.sheet.problems]
    if problems:
        raise RulesRefused(tuple(sorted(problems)))
    return tuple(specs)


def _spec(source: RuleFile) -> PackTestFile:
    data, trials = read_source(source)
    return PackTestFile(source.sheet.file, source.stem, data, trials, units_named([source.sheet]))


def _unknown_rules(spec: PackTestFile, book: RuleBook) -> Iterator[Problem]:
    """Rules that a test names and its directive does not have, or that the test itself leaves out."""
    known = _rules_of(spec, book)
    for trial in spec.tests:
        for key, place in _rules_named(trial):
            file, line, column = _where(place)
            if key not in known:
                listed = ", ".join(sorted(known))
                hint = advice(key, known, Text(f"; hiện có: {listed}", f"; there are: {listed}"))
                yield Problem(
                    file,
                    line,
                    column,
                    "rule-unknown",
                    f"văn bản này không có quy tắc «{shown(key)}»{hint.vi}",
                    f"this directive has no rule '{shown(key)}'{hint.en}",
                )
            elif not trial.takes(key):
                yield Problem(
                    file,
                    line,
                    column,
                    "rule-left-out",
                    f"bài thử chờ quy tắc «{key}» mà «rules» của nó không kể quy tắc này",
                    f"the test expects something of rule '{key}', which its 'rules' leave out",
                )


def _bases_left_out(spec: PackTestFile, book: RuleBook) -> Iterator[Problem]:
    """Rules that take part without the rule they are derived from."""
    known = _rules_of(spec, book)
    for trial in spec.tests:
        for rule in (known[key] for key in trial.rules if key in known):
            base = rule.condition.of.rpartition("/")[2] if isinstance(rule.condition, Derived) else ""
            if base and not trial.takes(base):
                file, line, column = _where(trial.place)
                yield Problem(
                    file,
                    line,
                    column,
                    "base-left-out",
                    f"quy tắc «{_key(rule)}» tính từ «{base}»: kể thêm «{base}» ở «rules»",
                    f"rule '{_key(rule)}' is derived from '{base}': add '{base}' to 'rules'",
                )


def _rules_of(spec: PackTestFile, book: RuleBook) -> dict[str, Rule]:
    """The directive's rules, by their own keys."""
    return {_key(rule): rule for rule in book.rules.values() if rule.directive == spec.directive}


def _key(rule: Rule) -> str:
    return rule.id.rpartition("/")[2]


def _rules_named(trial: PackTest) -> Iterator[tuple[str, str]]:
    yield from ((rule, trial.place) for rule in trial.rules)
    yield from ((one.rule, one.place) for night in trial.nights for one in night.listed)


def _unread_facts(spec: PackTestFile, book: RuleBook) -> Iterator[Problem]:
    """Facts that no rule of the directive asks for: a slip of the pen, which would make the test mean nothing."""
    conditions = [rule.condition for rule in _rules_of(spec, book).values()]
    for fact in (fact for trial in spec.tests for fact in trial.facts):
        asked = set(_asked(fact, conditions))
        if fact.word not in asked:
            listed = ", ".join(sorted(asked))
            hint = advice(fact.word, asked, Text(f"; có: {listed}", f"; there are: {listed}") if asked else None)
            file, line, column = _where(fact.place)
            yield Problem(
                file,
                line,
                column,
                "fact-unread",
                f"không quy tắc nào của văn bản hỏi đến «{shown(fact.word)}»{hint.vi}",
                f"no rule of the directive asks for '{shown(fact.word)}'{hint.en}",
            )


def _asked(fact: PackFact, conditions: Iterable[Condition]) -> Iterator[str]:
    """What the conditions ask for in rows of the fact's sheet."""
    for condition in conditions:
        match fact.sheet, condition:
            case "submissions", Overdue(report=str(word)):
                yield word
            case "submissions" | "tasks", Overdue(task=str(word)):
                yield word
            case "activities", Quota(activity=word):
                yield word
            case "activities", Overdue(due=AfterEvent(event=word)):
                yield word
            case "readings", Threshold(indicator=word):
                yield word


def _where(place: str) -> tuple[str, int, int]:
    """File, line and column of a place."""
    file, line, column = place.rsplit(":", 2)
    return file, int(line), int(column)
