"""Figures to read from afar, each with what stands behind it."""

from dataclasses import dataclass

from figures.words import Figures, RatingFigures
from web.supervisor.reports import wording
from web.supervisor.reports.wording import say


@dataclass(frozen=True)
class Card:
    """A figure; its key names its heading."""

    key: str
    value: str
    more: str = ""


def telling(whole: Figures, language: str) -> list[Card]:
    """The eight that tell most."""
    return [*_people(whole, language), *_times(whole, language), _inside(whole, language), _satisfied(whole, language)]


def _people(whole: Figures, language: str) -> list[Card]:
    def number(value: int) -> str:
        return wording.count(value, language)

    def part(key: str, value: int) -> Card:
        share = wording.share(value / whole.issued if whole.issued else None, language)
        return Card(key, share, say("card_people", language, n=number(value)))

    served = say("card_issued", language, n=number(whole.served))
    return [
        Card("issued", number(whole.issued), served),
        part("no_show", whole.no_show),
        part("abandoned", whole.abandoned),
    ]


def _times(whole: Figures, language: str) -> list[Card]:
    def spent(key: str, half: float | None, nine: float | None) -> Card:
        return Card(key, _minutes(half, language), say("card_nine", language, n=_minutes(nine, language)))

    within = wording.share(whole.within_target, language)
    return [
        spent("waiting", whole.waiting_median, whole.waiting_p90),
        Card("within_target", within, say("card_within", language)),
        spent("service", whole.service_median, whole.service_p90),
    ]


def _minutes(value: float | None, language: str) -> str:
    return wording.NOTHING if value is None else say("minutes", language, n=wording.minutes(value, language))


def _inside(whole: Figures, language: str) -> Card:
    told = say("card_quoted", language, n=wording.count(whole.quoted, language))
    return Card("quoted_inside", wording.share(whole.quoted_inside, language), told)


def _satisfied(whole: Figures, language: str) -> Card:
    """Where votes can't be told apart as is asked, that is said."""
    if whole.ratings is None:
        return Card("satisfied", wording.NOTHING, say("no_votes", language))
    said = wording.response(whole.ratings, whole.response_rate, language)
    return Card("satisfied", wording.share(whole.satisfied, language), said)


def of_quotes(whole: Figures, language: str) -> list[Card]:
    """What became of the waiting range that was told."""
    return [
        _inside(whole, language),
        Card("quoted_late", wording.share(whole.quoted_late, language), say("card_late", language)),
        Card("quote_error", _minutes(whole.quote_error, language), say("card_error", language)),
    ]


def of_ratings(rated: RatingFigures, language: str) -> list[Card]:
    """The share of the satisfied and the mean score, each beside how many voted."""
    said = wording.response(rated.ratings, rated.response_rate, language)
    return [
        Card("satisfied", wording.share(rated.satisfied, language), said),
        Card("score", wording.score(rated.score, language), said),
    ]
