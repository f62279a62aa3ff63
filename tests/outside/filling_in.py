"""Fills a form in as a clerk does in LibreOffice, and saves it there; run by the Python that LibreOffice knows.

    python3 filling_in.py SOURCE TARGET 'JSON of [sheet, place, text]...'

An empty text leaves the cell as it is. Prints as JSON what each cell shows afterwards, whether one may type there,
and where the choices of its drop-down stand.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_PIPE = f"dondoc-{time.time_ns()}"
_XLSX = "Calc MS Excel 2007 XML"


def prop(name: str, value: object) -> PropertyValue:
    """One named argument."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def desktop() -> object:
    """LibreOffice's desktop, once it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={_PIPE};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("LibreOffice does not answer")


def main(source: str, target: str, entries: str) -> None:
    """Opens, types, saves, closes."""
    with TemporaryDirectory(prefix="office-") as profile:
        accept = f"--accept=pipe,name={_PIPE};urp;"
        quiet = ("--headless", "--norestore", "--nologo", "--nodefault")
        office = subprocess.Popen(["soffice", *quiet, accept, f"-env:UserInstallation=file://{profile}"])
        try:
            top = desktop()
            book = top.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, (prop("Hidden", True),))
            shown = []
            for sheet, place, text in json.loads(entries):
                cell = book.Sheets.getByName(sheet).getCellRangeByName(place)
                # A text cell keeps what is typed; any other is read as LibreOffice reads it.
                if text:
                    (cell.setString if "/" in text else cell.setFormula)(text)
                locked = book.Sheets.getByName(sheet).isProtected() and cell.CellProtection.IsLocked
                shown.append([cell.String, not locked, cell.Validation.Formula1])
            book.storeToURL(Path(target).as_uri(), (prop("FilterName", _XLSX),))
            book.close(True)
            sys.stdout.write(json.dumps(shown))
            top.terminate()
            office.wait(30)
        finally:
            if office.poll() is None:
                office.kill()


main(*sys.argv[1:])
