"""The clerk finds out which scanner is attached and whether its codes are understood; nothing personal is shown."""

import threading
from pathlib import Path

import pytest

from kiosk import scanner_trial
from kiosk.scanner import FoundScanner
from kiosk.scanner_trial import main, told
from tests.kiosk.scanners import EmulatedScanner
from tests.kiosk.test_codes import CARD, TOKEN
from tests.running import eventually


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        (f"http://hall/t/{TOKEN}", "a paper of a hall"),
        (b"H14.21-260115-0007", "H14.21-260115-0007"),
        (CARD, "its number is not shown"),
        (CARD.encode(), "its number is not shown"),
        ("8934563138165", "nothing that a kiosk knows (13 signs)"),
    ],
)
def test_it_says_what_a_code_is_and_nothing_personal(scan: bytes | str, words: str) -> None:
    assert words in told(scan)
    assert TOKEN not in told(scan)
    assert "0041880" not in told(scan)


def test_what_is_attached_is_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = [FoundScanner("/dev/ttyACM0", "Zebra DS9308", True), FoundScanner("/dev/ttyS0", "n/a", False)]
    monkeypatch.setattr(scanner_trial, "list_scanners", lambda: found)
    assert main([]) == 0
    assert capsys.readouterr().out == "/dev/ttyACM0  Zebra DS9308  likely a scanner\n/dev/ttyS0  n/a\n"


def test_without_any_it_says_what_else_to_try(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scanner_trial, "list_scanners", list)
    assert main([]) == 0
    assert "--keyboard" in capsys.readouterr().out


def test_a_port_is_tried_as_long_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emulated = EmulatedScanner(tmp_path / "scanner").plug()
    said: list[str] = []
    monkeypatch.setattr(scanner_trial, "_say", said.append)

    def clock() -> float:
        return 100.0 if said[-1:] == ["an identity card; its number is not shown"] else 0.0

    def sent() -> bool:
        emulated.send(b"H14.21-260115-0007\r" + CARD.encode() + b"\r")
        return "the code of a dossier: H14.21-260115-0007" in said

    trial = threading.Thread(target=scanner_trial._try_port, args=(str(emulated.port), 9600, 50.0, clock))
    trial.start()
    try:
        eventually(sent)
        trial.join(timeout=30)
        assert not trial.is_alive()
    finally:
        emulated.unplug()


def test_a_scanner_that_types_is_tried_unseen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([CARD, ""])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert main(["--keyboard"]) == 0
    assert capsys.readouterr().out == "an identity card; its number is not shown\n"


def test_two_ways_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--keyboard", "--port", "/dev/ttyACM0"]) == 2
    assert "not both" in capsys.readouterr().err
