"""What the bytes that a printer answers with mean."""

from collections import deque

from printers.base import PrinterState

STATE_KINDS = (1, 2, 4)
"""The DLE EOT questions asked each time; 3 is asked only when 2 tells of an error."""
ERROR_KIND = 3
_ERROR_BIT = 0x40
_BLOCK_HEADER = 0x37
_LONGEST_BLOCK = 96


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


class Heard:
    """Sorts what a printer says: answers to questions in the order in which they were asked, signs, and blocks.

    A printer answers each question with one byte that does not say which; an answer that comes late must not be taken
    for that of a later question, so every one belongs to the oldest question that is still open.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """The connection is a new one: nothing is owed any more."""
        self.open_questions: deque[int] = deque()
        self.answers: dict[int, int] = {}
        """The newest answer to each kind of question."""
        self.barriers = 0
        self.blocks: list[bytes] = []
        """Longer answers, without the header and the NUL at their end."""
        self.noise = 0
        """How many bytes came that are none of these."""
        self._block: bytearray | None = None
        self._expects_block = False

    def ask(self, kind: int) -> None:
        """Note that a question was asked; a longer answer that was not given by now is none."""
        self._expects_block, self._block = False, None
        self.answers.pop(kind, None)
        self.open_questions.append(kind)

    def expect_block(self) -> None:
        """Note that a longer answer was asked for; until then its header would be noise."""
        self.blocks.clear()
        self._expects_block, self._block = True, None

    def take(self, data: bytes) -> None:
        """Sort what came."""
        for byte in data:
            if self._block is not None:
                self._go_on_with_block(self._block, byte)
            elif self._expects_block and byte == _BLOCK_HEADER:
                self._block = bytearray()
            elif is_state_byte(byte) and self.open_questions:
                self.answers[self.open_questions.popleft()] = byte
            elif is_barrier_byte(byte):
                self.barriers += 1
            else:
                self.noise += 1

    def _go_on_with_block(self, block: bytearray, byte: int) -> None:
        """A block ends with NUL; one without end is noise."""
        if byte:
            block.append(byte)
        else:
            self.blocks.append(bytes(block))
            self._block = None
        if len(block) > _LONGEST_BLOCK:
            self.noise, self._block = self.noise + 1, None
