"""Small changes of what a parser knows, drawn from a seed: the same seed gives the same bytes on every machine."""

import random
from collections.abc import Iterator, Sequence

_BYTES = b'\x00\x01\x07\x10\x1b\x7f\x80\xc0\xff\r\n"\\{}[]=,;|%&<>-0919\xe1\xbb'
_WORDS = [
    b"null", b"true", b"-1", b"1e999", b"99999999999999999999", b"9" * 5000, b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800",
    b"NaN", b"[" * 900, b'{"a":' * 300, b"\r\n\r\n", b"2026-02-30", b"9999-12-31T23:59:59.999999Z", b"24:00-00:00",
    b"\xef\xbf\xbd", b"\xc4\x91", b"%00", b"&do=&do=", b"PK\x03\x04", b"self", b'"type":"refused"', b"{0.__class__}",
]  # fmt: skip
LONGEST = 70_000


def mutations(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """So many changed seeds, one after the other of the seeds, each changed in one to four places."""
    chance = random.Random(seed)
    for turn in range(count):
        data = bytearray(seeds[turn % len(seeds)])
        for _ in range(chance.randint(1, 4)):
            _change(data, seeds, chance)
        yield bytes(data[:LONGEST])


def _change(data: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    at = chance.randint(0, len(data))
    end = min(len(data), at + chance.choice((1, 1, 2, 4, 16, 64)))
    match chance.randrange(7):
        case 0:
            data[at:end] = bytes(chance.choice(_BYTES) for _ in range(end - at))
        case 1:
            data[at:at] = chance.choice(_WORDS)
        case 2:
            data[at:end] = chance.choice(_WORDS)
        case 3:
            del data[at:end]
        case 4:
            data[at:at] = data[at:end] * chance.choice((1, 2, 40))
        case 5:
            other = chance.choice(seeds)
            data[at:] = other[chance.randint(0, len(other)) :]
        case _ if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
