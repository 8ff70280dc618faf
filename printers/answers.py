"""What the bytes that a printer answers with mean."""

from printers.base import PrinterState

STATE_KINDS = (1, 2, 4)
"""The DLE EOT questions asked each time; 3 is asked only when 2 tells of an error."""
ERROR_KIND = 3
_ERROR_BIT = 0x40


def is_state_byte(answer: int) -> bool:
    """Whether this byte can be the answer to DLE EOT: its fixed bits are 0..1..10."""
    return answer & 0x93 == 0x12


def is_barrier_byte(answer: int) -> bool:
    """Whether this byte can be the answer to GS r: its fixed bits are 0..0...."""
    return answer & 0x90 == 0


def tells_error(answers: dict[int, int]) -> bool:
    """Whether the answer to question 2 tells of an error that question 3 explains."""
    return bool(answers[2] & _ERROR_BIT)


def decode_state(answers: dict[int, int]) -> PrinterState:
    """Return the state that the answers to DLE EOT 1, 2, 4 and perhaps 3 describe; what stops the paper goes first."""
    if answers[4] & 0x60 or answers[2] & 0x20:
        return PrinterState.PAPER_OUT
    if answers[2] & 0x04:
        return PrinterState.COVER_OPEN
    if answers.get(ERROR_KIND, 0) & 0x08:
        return PrinterState.CUTTER_ERROR
    if answers[1] & 0x08 or tells_error(answers):
        return PrinterState.OFFLINE
    return PrinterState.PAPER_LOW if answers[4] & 0x0C else PrinterState.READY
