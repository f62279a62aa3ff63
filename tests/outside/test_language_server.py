"""What an author sees in an editor: the YAML language server that editors run, with our own schemas."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from typer.testing import CliRunner

from dondoc.flows.cli.program import program

ROOT = Path(__file__).parents[2]
SERVER = (
    ROOT / ".venv" / "language-server" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
)
# `make test-outside` installs it; where npm's registry does not answer, that is said and these are not run.
pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(not SERVER.exists(), reason="yaml-language-server is not installed: NOT run"),
]
PACKS = sorted((ROOT / "rules").rglob("*.yaml"))
PACK = (ROOT / "rules" / "luc-nam" / "279-ubnd-ldtbxh.yaml").read_text("utf-8")
SECONDS = 60


@dataclass(slots=True)
class Editor:
    """One side of the language server protocol: requests in, answers and underlines out."""

    process: subprocess.Popen[bytes]
    folder: Path
    settings: dict[str, Any]
    underlined: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _asked: int = 0
    _opened: int = 0

    def greet(self) -> None:
        """The first words of the protocol; the server asks for the settings in return."""
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
        }
        self.ask("initialize", processId=None, rootUri=self.folder.as_uri(), capabilities=capabilities)
        self._send({"method": "initialized", "params": {}})

    def open(self, text: str, name: str = "") -> str:
        """Open a file of that text and wait until it was looked at; its address."""
        self._opened += 1
        uri = (self.folder / "rules" / (name or f"thu/{self._opened}.yaml")).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while uri not in self.underlined:
            self._hear(self._receive())
        return uri

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to a request."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while (notices_of := self._receive()).get("id") != self._asked or "method" in notices_of:
            self._hear(notices_of)
        return notices_of["result"]

    def at(self, method: str, before: str, after: str) -> Any:
        """The answer to a request about the place between two parts of a text."""
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
        uri = self.open(before + after)
        return self.ask(method, textDocument={"uri": uri}, position={"line": line, "character": column})

    def _hear(self, message: dict[str, Any]) -> None:
        """What the server says or asks of itself."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self.underlined[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            found = [self.settings.get(item.get("section")) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": found})
        elif "id" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while header := self.process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server fell silent"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor whose folder has the schemas; a server that hangs is ended, and the test with it."""
    folder = tmp_path_factory.mktemp("editor")
    assert CliRunner().invoke(program(), ["schema", "--write", str(folder / "schemas")]).exit_code == 0
    attached = json.loads((folder / "schemas" / "settings.json").read_text("utf-8"))["yaml.schemas"]
    schemas = {Path(path).as_uri(): files for path, files in attached.items()}
    yaml = {
        "schemas": schemas,
        "validate": True,
        "hover": True,
        "completion": True,
        "schemaStore": {"enable": False},
    }
    with subprocess.Popen(
        ["node", str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        limit = Timer(SECONDS, process.kill)
        limit.start()
        editor = Editor(process, folder, {"yaml": yaml})
        editor.greet()
        yield editor
        limit.cancel()
        process.kill()


def split(text: str, at: str) -> tuple[str, str]:
    """A text before and after the end of its first `at`."""
    end = text.index(at) + len(at)
    return text[:end], text[end:]


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_underlined_in_our_own_files(editor: Editor, path: Path) -> None:
    """Every file is looked at with the schema of its kind, and found right."""
    uri = editor.open(path.read_text("utf-8"), path.relative_to(ROOT / "rules").as_posix())
    assert editor.underlined[uri] == []


def test_a_key_of_a_rule_is_offered(editor: Editor) -> None:
    """The keys that the rule has not got yet, and no others."""
    before, after = split(PACK, "  report-round-1:\n")
    offered = editor.at("textDocument/completion", f"{before}    ", f"\n{after}")
    labels = {item["label"] for item in offered["items"]}
    assert {"assumes", "monitor", "ladder"} <= labels
    assert not {"title", "clause", "when", "quota"} & labels


def test_every_way_to_write_a_due_date_is_offered(editor: Editor) -> None:
    """Before its kind is known, the keys of all kinds."""
    before, after = split(PACK, "\n      overdue:")
    written = "\n        report: child-protection\n        due:\n          "
    offered = editor.at("textDocument/completion", before + written, "\n" + after.partition("\n")[2])
    assert {"before", "by", "every", "within"} <= {item["label"] for item in offered["items"]}


def test_a_key_is_explained_in_vietnamese_when_it_is_pointed_at(editor: Editor) -> None:
    """With the English below."""
    shown = editor.at("textDocument/hover", *split(PACK, "\n      overdue: {rep"))
    text = shown["contents"]["value"]
    assert "loại báo cáo phải nộp" in text
    assert text.index("loại báo cáo") < text.index("the kind of report that is due")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("obligation:", "obligaton:", "quy tắc chỉ có các khóa: title, short", id="a misspelt key"),
        pytest.param(
            "remind: [5 workdays", "remind: [5 days", "cần thời gian như «5 workdays»", id="a wrong unit"
        ),
        pytest.param(
            "issued: 2015-03-26", "issued: 2015-02-29", "cần ngày dạng YYYY-MM-DD", id="an impossible day"
        ),
        pytest.param("basis: text", "basis: txt", "cần một trong các từ: text, assumed", id="an unknown word"),
    ],
)
def test_a_slip_is_underlined_where_it_stands(editor: Editor, right: str, wrong: str, said: str) -> None:
    """In Vietnamese first, on the line of the slip."""
    assert right in PACK
    uri = editor.open(PACK.replace(right, wrong, 1))
    line = PACK[: PACK.index(right)].count("\n")
    assert [
        one["range"]["start"]["line"] for one in editor.underlined[uri] if one["message"].startswith(said)
    ] == [line]
