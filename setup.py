"""What pyproject.toml cannot say: rule packs and examples travel inside the installed program."""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py


class WithShippedFiles(build_py):
    """Puts `rules` and `examples` where `flows.config.shipped` looks; a checkout has them beside the code."""

    def run(self) -> None:
        """Builds as usual, then copies."""
        super().run()
        if not self.editable_mode:
            for name in ("rules", "examples"):
                copytree(name, Path(self.build_lib, "flows", "shipped_files", name), dirs_exist_ok=True)


setup(cmdclass={"build_py": WithShippedFiles})
