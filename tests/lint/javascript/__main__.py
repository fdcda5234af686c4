"""ESLint over all JavaScript of the course, in the version that package-lock.json pins.

    PYTHONPATH=tests python3 tests/lint/javascript

It is installed into build/lint-js/, where its configuration is copied, since a configuration finds packages beside itself.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from clients.install import INSTALLED, install_node, install_packages, node
from harness.stages import ROOT

HERE = Path(__file__).parent
PLACE = ROOT / "build" / "lint-js"
CONFIGURATION = "eslint.config.mjs"


def main() -> int:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    install_node()
    install_packages(HERE, PLACE)
    shutil.copy(HERE / CONFIGURATION, PLACE)
    listed = subprocess.run(["git", "ls-files", "*.js", "*.mjs"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    files = listed.stdout.split()
    eslint = PLACE / "node_modules" / "eslint" / "bin" / "eslint.js"
    done = subprocess.run([node(), eslint, "--config", PLACE / CONFIGURATION, *files], cwd=ROOT, check=False)
    if done.returncode == 0:
        print(f"eslint: no faults in {len(files)} files")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
