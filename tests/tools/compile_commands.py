"""make compile_commands: tells editors how each file of each stage is compiled.

Every stage has files of the same names. An entry for each, with the stage as
its directory, is what lets an editor understand a stage by itself.
"""

from __future__ import annotations

import json
import shlex
import subprocess

from chain import ROOT, all_stages


def main() -> None:
    entries: list[dict[str, object]] = []
    for stage in all_stages(ROOT):
        command = ["make", "-s", "--no-print-directory", "-C", str(stage.path), "compiler"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        compiler = shlex.split(done.stdout)
        sources = sorted([*stage.path.glob("*.c"), *stage.path.glob("*/*.c")])
        if not entries:
            sources += sorted((ROOT / "common").glob("*.c"))
        for source in sources:
            entries.append(
                {
                    "directory": str(stage.path),
                    "file": str(source),
                    "arguments": [*compiler, "-c", str(source)],
                }
            )
    path = ROOT / "compile_commands.json"
    path.write_text(json.dumps(entries, indent=1) + "\n")
    print(f"{path.name}: {len(entries)} files")


if __name__ == "__main__":
    main()
