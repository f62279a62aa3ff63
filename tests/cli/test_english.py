"""`--lang en`: a command speaks English throughout, and says no less than it does in Vietnamese."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.engine.domain.english_half import english, is_vietnamese
from dondoc.engine.domain.model import Text
from dondoc.flows.cli import register
from dondoc.flows.cli.language import is_english
from dondoc.flows.cli.program import _COMMANDS, program
from tests.support.cli_office import Office
from tests.support.town import EXAMPLES, ROOT, rules

# What is said of a service that has judged two nights and sent nothing, and of a call that is wrong.
COMMANDS = (
    "import examples",
    "import nowhere",
    "nightly --plain --no-catch-up --as-of 2015-04-20",
    "nightly --plain --no-catch-up --as-of 2015-05-07",
    "nightly --plain --as-of 2015-01-01",
    "deliver --plain",
    "status",
    "doctor",
    "outbox list",
    "outbox retry zzz",
    "outbox release 2015-04-20",
    "sources",
    "pull",
    "waivers",
    "statistics",
    "audit verify",
    "audit list --last 5",
    "inherit list",
    "held ubnd.baodai.lucnam@example.vn",
    "held nobody@example.vn",
    "form submissions --within ln.ubnd_huyen",
    "withdraw submissions nothing --basis 12/CV",
    "case ack NOBODY-0001",
    "case ack LN15-0002",
    "case explain NOBODY-0001 --until 2015-06-01",
    "case extend NOBODY-0001",
    "case extend NOBODY-0001 --until 2015-06-01",
    "case take-back NOBODY-0001 1",
    "case done LN15-0002 --document 12/BC-UBND",
    "case confirm NOBODY-0001",
    "case demand NOBODY-0001 --by ln.ubnd_huyen",
    "case close NOBODY-0001 --by ln.ubnd_huyen --document 12/BC-UBND",
    "case reopen NOBODY-0001 --by ln.ubnd_huyen --words flood",
    "case not-ours NOBODY-0001",
    "case delegate NOBODY-0001 --to x",
    "case reassign NOBODY-0001",
    "case reassign NOBODY-0001 --to ln.ubnd_huyen --document 12/UBND --date 2015-04-21",
    "case import nowhere.csv",
    "case revoke NOBODY-0001 --by ln.ubnd_huyen",
    "inherit import nowhere.csv",
    "replies list",
    "replies read",
    "replies confirm 9",
    "replies dismiss 9",
    "desk",
    "case show LN15-0002",
    "outbox drop 2015-04-20",
    "outbox arrived zzz",
    "audit export log.jsonl",
    "inherit confirm nothing --to ln.ubnd_huyen --by 12/QD",
    "inherit close nothing --by 12/QD",
    "explain NOBODY-0001",
    "explain LN15-0002",
    "explain LN15-0002 --on 2015-05-21",
    "why-not nobody --on 2015-04-20",
    "why-not ln.huyen_uy --on 2015-05-07",
    "why-not ln.ubnd_xa.bao_dai --on 2015-05-21",
    "preview 279-ubnd-ldtbxh/report-round-1 --unit ln.ubnd_xa.bao_dai",
    "preview ln.huyen_uy",
    "register",
    "register --status waiting --csv sheet.csv",
    "new rules/luc-nam/512-cv.yaml",
    "forget nobody@example.vn --basis 12/CV",
    "backup saved.db",
    "restore saved.db",
    "retain --dry-run",
    "retain",
    "check",
    "check --data examples",
    "fmt",
    "schema",
    "init elsewhere",
    "board --out pages",
)
# These take some seconds each.
SLOW = (
    "forecast --as-of 2015-04-19 --days 5",
    "backtest --from 2015-04-13 --to 2015-04-25",
    "test --rule 279-ubnd-ldtbxh/report-round-1",
    "country --folder land",
)
# They do not end, take a minute, or print what a shell reads.
NOT_TYPED = {"serve", "web", "demo", "completion"}


@pytest.mark.parametrize(
    ("said", "half"),
    [
        ("Không có gì. (Nothing.)", "Nothing."),
        ("rules/a.yaml:3:5: không đọc được (cannot be read) [file]", "rules/a.yaml:3:5: cannot be read [file]"),
        ("7 thư sẽ gửi lại (letters are sent again).", "7 letters are sent again."),
        ("ok; thiếu 3 đêm (3 nights missing)", "ok; 3 nights missing"),
        ("UBND xã A (ln.a) không có hộp thư (ln.a has no mailbox)", "ln.a has no mailbox"),
        ("Chỉ tiếng Việt, không có gì khác", "Chỉ tiếng Việt, không có gì khác"),
        ("only English (as it is)", "only English (as it is)"),
        ("một (one; of (two))\nhài (two)", "one; of (two)\ntwo"),
        ("chưa đóng (", "chưa đóng ("),
    ],
)
def test_the_english_half_of_a_line(said: str, half: str) -> None:
    """What is the same in both languages stays before it: places, numbers, clauses without Vietnamese."""
    assert english(said) == half


def names() -> list[str]:
    """What stands in data and in rules in Vietnamese alone, or in the name of an office, the longest first."""
    book = rules()
    found = {row[key] for row in _rows("names.csv") for key in ("name", "name_en", "short") if row.get(key)}
    found |= {one.number for one in book.directives.values() if one.number}
    found |= {row["document"] for row in _rows("submissions.csv") if row["document"]}
    found |= {rule.clause for rule in book.rules.values() if is_vietnamese(rule.clause)}
    entries = [entry for one in book.directives.values() for entry in one.register]
    found |= {words for entry in entries for words in (entry.who, entry.clause) if is_vietnamese(words)}
    titles: Iterable[Text] = [rule.title for rule in book.rules.values()]
    found |= {title.vi for title in titles} | {one.title.vi for one in book.directives.values()}
    return sorted(found, key=len, reverse=True)


def _rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(said: str) -> set[str]:
    """Every number of two digits or more, without points and noughts before it."""
    found = re.findall(r"\d[\d.,]*", said)
    return {plain for one in found if len(plain := re.sub(r"[.,]", "", one).lstrip("0")) > 1}


def vietnamese(typed: str, data: Iterable[str]) -> list[str]:
    """What of a command's English output is Vietnamese, beside names; a previewed letter speaks for itself."""
    words = tuple(typed.split())
    said = CliRunner().invoke(program(words), [*words, "--lang", "en"])
    assert said.exit_code in range(5), said.output
    bare = said.stderr if words[0] == "preview" else said.output
    for name in data:
        bare = bare.replace(name, "")
    return [line for line in bare.splitlines() if is_vietnamese(line) and not line.startswith("subject: ")]


def test_every_command_speaks_english_throughout(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter that only Vietnamese has, but in names and titles; in a table wide enough to hold them whole."""
    monkeypatch.chdir(office.folder)
    monkeypatch.setattr(register, "_WIDTH", 1000)
    data = names()
    # What changes something is typed in English first, and in Vietnamese as what was done already.
    assert {typed: lines for typed in COMMANDS if (lines := vietnamese(typed, data))} == {}


@pytest.mark.long
@pytest.mark.parametrize("typed", SLOW)
def test_slow_commands_speak_english_too(office: Office, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """As those above."""
    office.holds_the_examples()
    monkeypatch.chdir(office.folder)
    assert vietnamese(typed, names()) == []


LOOKING = (
    *("status", "doctor", "waivers", "sources", "statistics", "statistics --tasks directive"),
    *("explain LN15-0001", "why-not ln.huyen_uy --on 2015-04-20"),
)


def _says_as_much(typed: str) -> None:
    words = tuple(typed.split())
    vi, en = (CliRunner().invoke(program(words), [*words, "--lang", lang]).output for lang in ("vi", "en"))
    # The seconds of a clock, and what is free on a disk, differ from one run to the next.
    still = [line for line in vi.splitlines() if not re.search(r"\d\d:\d\d:\d\d| MB ", line)]
    assert still, typed
    assert _numbers("\n".join(still)) <= _numbers(en), typed


def test_what_looks_says_as_much_in_english(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number of the Vietnamese output is in the English one."""
    office.holds_the_examples()
    monkeypatch.chdir(office.folder)
    night = ("nightly", "--plain", "--no-catch-up", "--as-of", "2015-04-20")
    CliRunner().invoke(program(night), night)
    for typed in LOOKING:
        _says_as_much(typed)


@pytest.mark.long
@pytest.mark.parametrize("typed", SLOW[:2])
def test_what_plays_says_as_much_in_english(office: Office, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """The letters to come, and the past once more."""
    office.holds_the_examples()
    monkeypatch.chdir(office.folder)
    _says_as_much(typed)


def test_the_setting_is_the_language_of_every_command(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the file or the environment; the option wins."""
    monkeypatch.chdir(office.folder)

    def said(*more: str) -> str:
        return CliRunner().invoke(program(("waivers",)), ["waivers", *more]).output

    office.holds_the_examples()
    assert said() == "0 mục trong waivers.yaml.\n"
    Path("dondoc.toml").write_text('lang = "en"\n', "utf-8")
    assert said() == "0 entries in waivers.yaml.\n"
    assert said("--lang", "vi") == "0 mục trong waivers.yaml.\n"
    monkeypatch.setenv("DONDOC_LANG", "vi")
    assert said() == "0 mục trong waivers.yaml.\n"


@pytest.mark.parametrize("typed", ["waivers --lang en", "check --lang en", "waivers --lang en --no-such-option"])
def test_a_language_ends_with_its_command(typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What speaks after it in the same process, such as a demonstration or a test, has its own."""
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(program(typed.split()), typed.split())
    assert not is_english()


def test_no_command_is_forgotten() -> None:
    """A new one is typed in English too, or its reason stands beside `NOT_TYPED`."""
    typed = {name for name in _COMMANDS if any(f"{one} ".startswith(f"{name} ") for one in (*COMMANDS, *SLOW))}
    assert set(_COMMANDS) - typed == NOT_TYPED


def test_every_command_has_the_option() -> None:
    """Also those that have their own."""
    helped = CliRunner().invoke(program(("status",)), ["status", "--help"])
    assert "--lang" in helped.output
    assert (ROOT / "flows" / "cli" / "language.py").is_file()
