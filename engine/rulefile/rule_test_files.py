"""Loads the test files of a rule folder, or every problem of every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rule_tests import RuleTest, RuleTestFact, RuleTestFile
from dondoc.engine.domain.rulebook import Condition, Derived, Rule, RuleBook
from dondoc.engine.errors import Problem, RulesRefused
from dondoc.engine.kinds import kind_of
from dondoc.engine.rulefile.book import read_source, units_named
from dondoc.engine.rulefile.folder import RuleFile, test_sources
from dondoc.engine.rulefile.problems import Unread, advice, shown


def load_tests(folder: Path, book: RuleBook) -> tuple[RuleTestFile, ...]:
    """The test files of a folder, `NAME.test.yaml` beside `NAME.yaml`, in order of their names.

    `book` is the rule book of the folder. Raises `RulesRefused` with every problem of every test file.
    """
    files = test_sources(folder)
    test_files = []
    problems: list[Problem] = []
    for source in files:
        with suppress(Unread):
            test_file = _test_file(source)
            test_files.append(test_file)
            problems += _unknown_rules(test_file, book)
            problems += _bases_left_out(test_file, book)
            problems += _unread_facts(test_file, book)
    problems += [problem for source in files for problem in source.sheet.problems]
    if problems:
        raise RulesRefused(tuple(sorted(problems)))
    return tuple(test_files)


def _test_file(source: RuleFile) -> RuleTestFile:
    data, tests = read_source(source)
    return RuleTestFile(source.sheet.file, source.stem, data, tests, units_named([source.sheet]))


def _unknown_rules(test_file: RuleTestFile, book: RuleBook) -> Iterator[Problem]:
    """Rules that a test names and its directive does not have, or that the test itself leaves out."""
    known = _rules_of(test_file, book)
    for test in test_file.tests:
        for key, place in _rules_named(test):
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
            elif not test.takes(key):
                yield Problem(
                    file,
                    line,
                    column,
                    "rule-left-out",
                    f"bài thử chờ quy tắc «{key}» mà «rules» của nó không kể quy tắc này",
                    f"the test expects a case or letter of rule '{key}', which its 'rules' leave out",
                )


def _bases_left_out(test_file: RuleTestFile, book: RuleBook) -> Iterator[Problem]:
    """Rules that take part without the rule they are derived from."""
    known = _rules_of(test_file, book)
    for test in test_file.tests:
        for rule in (known[key] for key in test.rules if key in known):
            base = rule.condition.of.rpartition("/")[2] if isinstance(rule.condition, Derived) else ""
            if base and not test.takes(base):
                file, line, column = _where(test.place)
                yield Problem(
                    file,
                    line,
                    column,
                    "base-left-out",
                    f"quy tắc «{_key(rule)}» tính từ «{base}»: kể thêm «{base}» ở «rules»",
                    f"rule '{_key(rule)}' is derived from '{base}': add '{base}' to 'rules'",
                )


def _rules_of(test_file: RuleTestFile, book: RuleBook) -> dict[str, Rule]:
    """The directive's rules, by their keys."""
    return {_key(rule): rule for rule in book.rules.values() if rule.directive == test_file.directive}


def _key(rule: Rule) -> str:
    return rule.id.rpartition("/")[2]


def _rules_named(test: RuleTest) -> Iterator[tuple[str, str]]:
    yield from ((rule, test.place) for rule in test.rules)
    yield from ((one.rule, one.place) for one in test.waivers)
    yield from ((one.rule, one.place) for one in test.acts)
    yield from ((one.rule, one.place) for night in test.nights for one in night.listed)


def _unread_facts(test_file: RuleTestFile, book: RuleBook) -> Iterator[Problem]:
    """Facts that no rule of the directive demands: a typing mistake, with which the test would check nothing."""
    conditions = [rule.condition for rule in _rules_of(test_file, book).values()]
    for fact in (fact for test in test_file.tests for fact in test.facts):
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
                f"no rule of the directive demands '{shown(fact.word)}'{hint.en}",
            )


def _asked(fact: RuleTestFact, conditions: Iterable[Condition]) -> Iterator[str]:
    """The words that the conditions read in rows of the fact's sheet."""
    for condition in conditions:
        yield from (word for sheet, word in kind_of(condition).reads(condition) if sheet == fact.sheet)


def _where(place: str) -> tuple[str, int, int]:
    """The file, line and column of a place."""
    file, line, column = place.rsplit(":", 2)
    return file, int(line), int(column)
