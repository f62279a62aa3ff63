"""What pyproject.toml cannot say: which packages there are, and that rule packs and examples travel with them.

Every Prefect project has a folder `flows/` of its own, so the three folders are installed inside one import
package: `engine/` is `dondoc.engine`, and so on; `flows/entry/` is `dondoc` itself.
"""

from pathlib import Path
from shutil import copytree

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

PARTS = ("engine", "flows", "notifications")
ENTRY = "flows/entry"


class WithShippedFiles(build_py):
    """Puts `rules` and `examples` where `dondoc.flows.config.shipped` looks; a checkout has them beside."""

    def run(self) -> None:
        """Builds as usual, then copies."""
        super().run()
        if not self.editable_mode:
            for name in ("rules", "examples"):
                copytree(name, Path(self.build_lib, "dondoc", "flows", "shipped_files", name), dirs_exist_ok=True)


inside = [
    name for name in find_packages(include=[f"{part}*" for part in PARTS]) if name != ENTRY.replace("/", ".")
]
setup(
    cmdclass={"build_py": WithShippedFiles},
    packages=["dondoc", *(f"dondoc.{name}" for name in inside)],
    package_dir={"dondoc": ENTRY} | {f"dondoc.{part}": part for part in PARTS},
)
