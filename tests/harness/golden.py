"""Reports that are kept, so that a change of what a learner reads is seen and meant."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from .player import Result
from .stages import ROOT

VARYING = (
    (r"/tmp/stage-\w+|/var/folders/\S*?/stage-\w+", "{dir}"),
    (r"\b[0-9]+:([A-Z]) [0-9]{2} \w{3} [0-9]{4} [0-9:.]+", r"{pid}:\1 {time}"),
    (r"==[0-9]+==", "=={pid}=="),
    (r"0x[0-9a-f]{6,}", "{address}"),
    (r"\bid=[0-9]+ addr=\S+", "id={id} addr={addr}"),
    (r"pid [0-9]+", "pid {pid}"),
    (r"\b127\.0\.0\.1:[0-9]{5}\b", "{addr}"),
    (r"(> P?TTL \S+\n +\(integer\) )[0-9]{2,}", r"\1{time left}"),
    (r"it used [0-9.]+ of [0-9.]+ seconds", "it used {cpu} of {time} seconds"),
    (r"memory in use \([0-9]+\)", "memory in use ({bytes})"),
)
CHILD = r"(?m)^ *\{pid\}:C \{time\} .*\n"


def normalise(text: str, result: Result) -> str:
    """The report without what differs from run to run."""
    if result.port:
        text = re.sub(rf"\b{result.port}\b", "{port}", text)
    text = text.replace(f"{ROOT}/", "")
    for pattern, name in VARYING:
        text = re.sub(pattern, name, text)
    return without_children(text)


def without_children(text: str) -> str:
    """What a child of the server has written to the log by then is chance."""
    lines = len(re.findall(CHILD, text))
    return re.sub(r"(The end of its output \()(\d+)", lambda m: f"{m[1]}{int(m[2]) - lines}", re.sub(CHILD, "", text))


def compare(path: Path, text: str, update: bool) -> str:
    """Empty when the file holds this text; else how they differ. With update it is written."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if old == text:
        return ""
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return ""
    name = path.name
    lines = difflib.unified_diff(
        old.splitlines(), text.splitlines(), f"{name} (golden)", f"{name} (now)", "", "", 2, ""
    )
    return "\n".join(lines)
