"""docs/protocol.md is the authority of the wire: nothing public may be missing in it."""

import re
from typing import get_args

import msgspec
import pytest

from config.texts import text
from protocol import commands, errors, events, replies, words
from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def names(union: object) -> list[str]:
    return [str(cls.__struct_config__.tag) for cls in get_args(union)]


@pytest.mark.parametrize("name", names(commands.Command) + names(replies.Reply) + names(events.EventBody))
def test_every_message_is_described(name: str) -> None:
    assert f"`{name}`" in DOCUMENT or f"### {name}\n" in DOCUMENT


@pytest.mark.parametrize("message", get_args(commands.Command) + get_args(events.EventBody) + get_args(replies.Reply))
def test_every_field_is_described(message: type[msgspec.Struct]) -> None:
    for field in message.__struct_fields__:
        assert re.search(rf"`{field}`", DOCUMENT), f"{message.__name__}.{field}"


@pytest.mark.parametrize("code", sorted(errors.REFUSALS))
def test_every_refusal_is_described_and_has_words_for_people(code: str) -> None:
    assert f"`{code}`" in DOCUMENT
    for language in ("vi", "en"):
        assert text(f"refusals.{code}", language)


def test_every_refusal_has_a_sentence_and_stands_in_the_tree() -> None:
    for code, refusal in errors.REFUSALS.items():
        assert (refusal.__doc__ or "").strip().endswith(".")
        assert code in (errors.__doc__ or "")


def test_every_role_is_described() -> None:
    for role in get_args(words.Role):
        assert f"| `{role}` |" in DOCUMENT
