"""Writes recorded/siphash.inc: SipHash-1-2 of 0, 1, ... 63 counting bytes.

    python3 tests/unit/siphash_vectors.py            writes it
    python3 tests/unit/siphash_vectors.py --check    only compares

An implementation of its own, in numbers that cannot overflow. Before it is
believed it has to give the value that the paper's appendix A prints for
SipHash-2-4.
"""

from __future__ import annotations

import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent / "recorded" / "siphash.inc"
MASK = 2**64 - 1
KEY = bytes(range(16))
PAPER_MESSAGE = bytes(range(15))
PAPER_ANSWER = 0xA129CA6149BE45E5


def rotate(x: int, bits: int) -> int:
    return ((x << bits) | (x >> (64 - bits))) & MASK


def sip_round(v: list[int]) -> None:
    """The paper's figure 2.1: two halves side by side, twice."""
    for a, b, c, d, left, right in ((0, 1, 2, 3, 13, 16), (2, 1, 0, 3, 17, 21)):
        v[a] = (v[a] + v[b]) & MASK
        v[c] = (v[c] + v[d]) & MASK
        v[b] = rotate(v[b], left) ^ v[a]
        v[d] = rotate(v[d], right) ^ v[c]
        v[a] = rotate(v[a], 32)


def siphash(key: bytes, message: bytes, per_word: int, at_end: int) -> int:
    k0, k1 = (int.from_bytes(half, "little") for half in (key[:8], key[8:]))
    start = b"somepseudorandomlygeneratedbytes"
    v = [int.from_bytes(start[i : i + 8], "big") for i in range(0, 32, 8)]
    v = [v[0] ^ k0, v[1] ^ k1, v[2] ^ k0, v[3] ^ k1]
    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) % 256])
    for i in range(0, len(padded), 8):
        word = int.from_bytes(padded[i : i + 8], "little")
        v[3] ^= word
        for _ in range(per_word):
            sip_round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(at_end):
        sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def main() -> int:
    if siphash(KEY, PAPER_MESSAGE, 2, 4) != PAPER_ANSWER:
        print("this program does not compute SipHash")
        return 1
    rows = ["/* Written by siphash_vectors.py. */"]
    rows += [f"0x{siphash(KEY, bytes(range(length)), 1, 2):016x}u," for length in range(64)]
    text = "\n".join(rows) + "\n"
    if "--check" in sys.argv[1:]:
        return 0 if OUT.read_text() == text else 1
    OUT.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
