"""The secret words of tickets, appointments and slips: made for their papers."""

from typing import TYPE_CHECKING

from queue_server.domain.token import make_token

if TYPE_CHECKING:
    from queue_server.service import QueueService


def token_and_url(service: "QueueService", claim_id: int) -> tuple[str, str]:
    """The secret word of a ticket or an appointment, and the page behind it."""
    token = make_token(service.ledger.storage.token_key, service.hall.epoch_of(claim_id), claim_id)
    return token, f"{service.network.public_url}/t/{token}"
