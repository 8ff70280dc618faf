"""What a version that halls use has ever sent, every later one reads; the frames lie in `frames/version-…`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol import codec
from tests.protocol.record_frames import frames

KEPT = sorted((Path(__file__).parent / "frames").glob("version-*"))
READERS: dict[str, Callable[[bytes], Any]] = {
    "commands": codec.decode_request,
    "replies": codec.decode_answer,
    "events": codec.decode_event,
    "pulse": codec.decode_pulse,
}


def kept(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The kept frames of a kind, by version and name."""
    found = []
    for folder in KEPT:
        document = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
        found += [(f"{folder.name} {name}", frame) for name, frame in document.items()]
    return found


@pytest.mark.parametrize("kind", READERS)
def test_every_frame_of_an_earlier_version_is_read_and_loses_nothing(kind: str) -> None:
    assert kept(kind)
    for name, frame in kept(kind):
        read = READERS[kind](json.dumps(frame).encode())
        assert within(frame, msgspec.to_builtins(read)), name


def within(part: Any, whole: Any) -> bool:
    """Whether all that one document says is said by the other too."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(within(value, whole.get(key)) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


@pytest.mark.parametrize("kind", ["commands", "replies", "events"])
def test_no_message_of_an_earlier_version_is_gone(kind: str) -> None:
    now = frames()[kind]
    assert [name for name, _ in kept(kind) if name.split()[1] not in now] == []


@pytest.mark.parametrize("kind", READERS)
def test_fields_that_this_version_does_not_know_are_passed_over(kind: str) -> None:
    for name, frame in frames()[kind].items():
        newer = msgspec.json.encode({**msgspec.json.decode(frame), "newer": {"of": ["tomorrow"]}})
        assert READERS[kind](newer) == READERS[kind](frame), name
