"""Python starts with this module in every process of a run: it measures lines, or plants the fault that is tried.

`MUTANTS_FAULT` names a file that holds the module and its faulty code; `COVERAGE_PROCESS_START` is coverage's own.
"""

from __future__ import annotations

import marshal
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType


class _Planting(MetaPathFinder):
    """Finds one module first, to load its faulty code in place of what its file holds."""

    def __init__(self, module: str, code: CodeType) -> None:
        self._module, self._code, self._looking = module, code, False

    def find_spec(self, fullname: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's own spec with another loader; None for every other module."""
        if fullname != self._module or self._looking:
            return None
        self._looking = True
        try:
            spec = find_spec(fullname)
        finally:
            self._looking = False
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Faulty(fullname, spec.origin, self._code)
        return spec


class _Faulty(SourceFileLoader):
    """Loads code that was compiled elsewhere."""

    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        """The faulty code."""
        return self._code


if "COVERAGE_PROCESS_START" in os.environ:
    import coverage

    coverage.process_startup()
if "MUTANTS_FAULT" in os.environ:
    _module, _code = marshal.loads(Path(os.environ["MUTANTS_FAULT"]).read_bytes())
    sys.meta_path.insert(0, _Planting(_module, _code))
