"""What a citizen filled in on the phone's rating form: a command if it is whole, else kept to be filled in again."""

from dataclasses import dataclass, field

from starlette.datastructures import FormData

from protocol.client import new_request_id
from protocol.commands import RateTicket
from web.rating.voting import COMMENT_LETTERS, MOST_REASONS, REASONS_UP_TO, SCORES, chosen_reasons

CONTACT_LETTERS = 100
MOST_CRITERIA = 10
CRITERION = "criterion:"
"""Before the id of a criterion in the name of its field."""


@dataclass(frozen=True)
class Draft:
    """The fields as they were sent; a `score` of 0: none was chosen."""

    request_id: str = field(default_factory=new_request_id)
    score: int = 0
    reasons: tuple[str, ...] = ()
    criteria: dict[str, int] = field(default_factory=dict)
    comment: str = ""
    contact: str = ""

    @property
    def fault(self) -> str:
        """The text that says what must be changed before it can be sent; empty: nothing."""
        if not self.score:
            return "phone.score_missing"
        return "rating.too_many_reasons" if self.score <= REASONS_UP_TO and len(self.reasons) > MOST_REASONS else ""

    def fields(self) -> list[tuple[str, str]]:
        """Everything as names and values of a form."""
        single = [("request_id", self.request_id), ("score", str(self.score))]
        single += [("comment", self.comment), ("contact", self.contact)]
        many = [("reason", one) for one in self.reasons]
        return single + many + [(f"{CRITERION}{one}", str(score)) for one, score in self.criteria.items()]


def read_draft(form: FormData) -> Draft:
    """The draft that a form holds."""
    score, request_id = str(form.get("score", "")), str(form.get("request_id", ""))
    return Draft(
        request_id=request_id if 8 <= len(request_id) <= 64 else new_request_id(),
        score=int(score) if score in SCORES else 0,
        reasons=tuple(chosen_reasons(form)),
        criteria=_criteria(form),
        comment=_typed(form, "comment", COMMENT_LETTERS),
        contact=_typed(form, "contact", CONTACT_LETTERS),
    )


def command_of(draft: Draft, token: str, mark: str) -> RateTicket:
    """The rating that a draft without fault gives; reasons belong to low scores only."""
    reasons = list(draft.reasons) if draft.score <= REASONS_UP_TO else []
    return RateTicket(token, draft.score, reasons, draft.comment, draft.criteria, draft.contact, mark)


def _typed(form: FormData, name: str, letters: int) -> str:
    # a browser counts a line break as one letter and sends it as two
    return str(form.get(name, "")).replace("\r\n", "\n").strip()[:letters]


def _criteria(form: FormData) -> dict[str, int]:
    found = {
        name.removeprefix(CRITERION)[:64]: int(str(value))
        for name, value in form.multi_items()
        if name.startswith(CRITERION) and value in SCORES
    }
    return dict(list(found.items())[:MOST_CRITERIA])
