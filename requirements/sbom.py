#!/usr/bin/env python3
"""Writes what the service is made of as CycloneDX JSON, from the lock files: `make sbom`. Needs no internet.

Every package is one component with its version, its package URL and the SHA-256 of every file that the lock file
allows; its licence is what the installed package says of itself. The same lock files give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import uuid
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# What an installation needs to run; the tools of its developers are no part of it.
SETS = ("runtime", "durable", "country")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="what to write, dondoc.cdx.json")
    given = parser.parse_args()
    given.file.write_text(json.dumps(bill(), ensure_ascii=False, indent=2) + "\n", "utf-8")


def bill() -> dict[str, Any]:
    """The bill of materials; raises ValueError for a line of a lock file that pins no version or has no hash."""
    components = sorted(_components(), key=lambda one: (one["name"], one["version"]))
    seed = json.dumps(components, sort_keys=True)
    product = {"type": "application", "bom-ref": "dondoc", "name": "dondoc", "version": _own_version()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # Named by its content, so that two bills are the same exactly when they say the same.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {"component": product},
        "components": components,
        "dependencies": [{"ref": "dondoc", "dependsOn": [one["bom-ref"] for one in components]}],
    }


def _components() -> Iterator[dict[str, Any]]:
    for name in SETS:
        text = (HERE / f"{name}.txt").read_text("utf-8")
        for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
            yield _component(block, name)


def _component(block: str, where: str) -> dict[str, Any]:
    found = _PINNED.match(block.splitlines()[0])
    hashes = _HASH.findall(block)
    if found is None or not hashes:
        raise ValueError(f"{where}.txt: not a pinned version with its hashes: {block.splitlines()[0]}")
    name, version, condition = found.groups()
    url = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": version,
        "purl": url,
        "properties": [{"name": "dondoc:lock-file", "value": f"requirements/{where}.txt"}],
        "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(hashes)],
    }
    if condition:
        component["properties"].append({"name": "dondoc:only-if", "value": condition})
    licence = _licence(name)
    return component | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def _licence(name: str) -> str:
    """What the installed package calls its licence, in one line; empty where nothing is said or installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    lines = told.get_all("Classifier") or ()
    classified = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License ::")]
    said = told.get("License-Expression") or ", ".join(classified) or told.get("License") or ""
    return said.strip().splitlines()[0][:100] if said.strip() else ""


def _own_version() -> str:
    return metadata.version("dondoc")


if __name__ == "__main__":
    main()
