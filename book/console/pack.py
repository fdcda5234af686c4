"""Writes the module of a stage as a script that a page can load, also from file://."""

import base64
import gzip
import sys
from pathlib import Path


def main() -> None:
    module, out = Path(sys.argv[1]), Path(sys.argv[2])
    packed = gzip.compress(module.read_bytes(), 9, mtime=0)
    text = base64.b64encode(packed).decode()
    out.write_text(f'((globalThis.pageConsole ??= {{}}).modules ??= {{}})["{out.stem}"] = "{text}";\n')


if __name__ == "__main__":
    main()
