"""Chromium without a window, driven over its own protocol: pages as wide as a telephone, clicks, pictures."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

AXE = Path(__file__).parents[2] / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
_QUIET = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
)


@dataclass
class Tab:
    """One page of the browser."""

    socket: ClientConnection
    _asked: int = field(default=0, init=False)

    def ask(self, method: str, **parameters: Any) -> Any:
        """What the browser answers to a command of its protocol."""
        self._asked += 1
        self.socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv(timeout=60))
            if answer.get("id") == self._asked:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, address: str) -> None:
        """Goes to an address."""
        self.ask("Page.navigate", url=address)
        self.settled()

    def settled(self) -> None:
        """Waits until a page has been loaded."""
        deadline = time.monotonic() + 30
        time.sleep(0.2)
        while self.run("document.readyState") != "complete":
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def run(self, code: str) -> Any:
        """The value of an expression in the page; for the test, since pages run none of their own."""
        answer = self.ask("Runtime.evaluate", expression=code, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, words: str) -> None:
        """Clicks the link or button with these words, where it stands."""
        place = self.run(
            f"""(() => {{
  const one = [...document.querySelectorAll('a,button')].find(e => e.innerText.trim() === {json.dumps(words)});
  one.scrollIntoView({{block: 'center'}});
  const box = one.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}})()"""
        )
        touch = {"x": place[0], "y": place[1], "button": "left", "buttons": 1, "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, **touch)
        self.settled()

    def type(self, name: str, text: str) -> None:
        """Types into a field."""
        self.run(f"document.getElementById({json.dumps(name)}).focus()")
        self.ask("Input.insertText", text=text)

    def promised(self, code: str) -> Any:
        """The value that an expression of the page promises."""
        answer = self.ask("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def violations(self, *without: str) -> list[list[str]]:
        """What axe, the checker of accessibility audits, finds with all rules but some; nothing where it is not.

        `make test-outside` installs it; where npm's registry does not answer, that is said.
        """
        if not AXE.exists():
            return []
        self.run(f"{AXE.read_text('utf-8')}; 0")
        found = "r => r.violations.map(v => [v.id, v.nodes[0].html.slice(0, 100)])"
        rules = json.dumps({rule: {"enabled": False} for rule in without})
        said: list[list[str]] = self.promised(f"axe.run({{rules: {rules}}}).then({found})")
        return said

    def scheme(self, name: str) -> None:
        """Asks for dark or light pages."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, file: Path) -> None:
        """The whole page as a PNG."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(b64decode(shot["data"]))


@contextmanager
def telephone(folder: Path, width: int = 390, height: int = 844) -> Iterator[Tab]:
    """A browser with a window as wide as a telephone's, as long as the context is open."""
    profile = folder / "profile"
    browser = subprocess.Popen(
        ["chromium", *_QUIET, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with connect(_page(profile / "DevToolsActivePort"), max_size=None) as socket:
            tab = Tab(socket)
            tab.ask("Page.enable")
            tab.ask(
                "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=True
            )
            yield tab
    finally:
        browser.terminate()
        browser.wait(30)


def _page(file: Path) -> str:
    """The address of the browser's first page."""
    deadline = time.monotonic() + 60
    while not (file.is_file() and file.read_text().count("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    port = file.read_text().splitlines()[0]
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            pages = [one for one in json.load(answer) if one["type"] == "page"]
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        assert time.monotonic() < deadline
        time.sleep(0.2)
