"""A refusal of the hall in words."""

from config.texts import text
from protocol.errors import Refusal


def refusal_text(refused: Refusal, language: str) -> str:
    """The text of the refusal's code; a general one for a code newer than the texts."""
    try:
        return text(f"refusals.{refused.code}", language, **refused.facts)
    except KeyError:
        return text("desk.refused", language, code=refused.code)
