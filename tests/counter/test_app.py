"""The counter program's command line and wiring."""

from pathlib import Path

import pytest

from counter.app import main
from counter.arguments import read_arguments
from counter.orders import Presets
from protocol.keys import DeviceKeys, write_keys
from tests.running import ROOT

KEY = "a" * 40


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with keys of two counters, another key of the first, and a display's."""
    for name, role, counter_id in (
        ("quay-1", "counter", "1"),
        ("quay-2", "counter", "2"),
        ("again-1", "counter", "1"),
        ("wall", "display", None),
    ):
        address = "tcp://127.0.0.1:1"
        keys = DeviceKeys(name, role, KEY, KEY, KEY, address, address, counter_id)
        write_keys(tmp_path / "keys" / f"{name}.json", keys)
    (tmp_path / "keys" / "broken.json").write_text("{")
    return tmp_path


def arguments(data: Path, *more: str) -> list[str]:
    """A command line."""
    return ["--data", str(data), "--line", "/dev/ttyUSB0", *more]


def test_boxes_of_several_families_and_counters_share_a_line(data: Path) -> None:
    boxes = ("--qub", "0x21=quay-1", "--sign", "65=quay-1", "--qub-digits", "34=quay-2")
    setup = read_arguments(arguments(data, *boxes, "--operator", "quay-1=05", "--transfer", "quay-2=tax"))
    assert {address: (box.driver.family, box.counter_id) for address, box in setup.boxes.items()} == {
        0x21: ("qub", "1"),
        65: ("sign", "1"),
        34: ("qub-digits", "2"),
    }
    assert setup.presets == {"1": Presets("05", None), "2": Presets(None, "tax")}
    assert (setup.port, setup.baud, sorted(setup.keys)) == ("/dev/ttyUSB0", 57600, ["1", "2"])


def test_a_line_of_call_boxes_is_slow_and_another_speed_can_be_told(data: Path) -> None:
    assert read_arguments(arguments(data, "--call-box", "1=quay-1")).baud == 9600
    mixed = arguments(data, "--call-box", "1=quay-1", "--sign", "65=quay-1", "--baud", "19200")
    assert read_arguments(mixed).baud == 19200


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "name a box at least"),
        (["--qub", "33"], "'33'"),
        (["--qub", "x=quay-1"], "as 33=quay-1 or 0x21=quay-1"),
        (["--qub", "5=quay-1"], "its addresses are 32 to 254"),
        (["--call-box", "0=quay-1"], "its addresses are 1 to 255"),
        (["--qub", "33=quay-1", "--sign", "33=quay-1"], "another box has this address already"),
        (["--qub", "33=quay-1", "--call-box", "34=quay-1"], "boxes on one line need one speed"),
        (["--qub", "33=quay-9"], "no key file"),
        (["--qub", "33=../keys/quay-1"], "without its folder"),
        (["--qub", "33=wall"], "the key of a display"),
        (["--qub", "33=broken"], "broken.json"),
        (["--qub", "33=quay-1", "--qub", "34=again-1"], "both keys of counter 1"),
        (["--qub", "33=quay-1", "--operator", "quay-2=05"], "no box has the name quay-2"),
        (["--qub", "33=quay-1", "--operator", "quay-1"], "expected NAME=VALUE"),
        (["--qub", "33=quay-1", "--transfer", "x=tax"], "--transfer x=tax"),
        (["--qub", "33=quay-1", "--baud", "12"], "--baud"),
        (["--qub", "33=quay-1", "--arrow", "up"], "--arrow"),
        (["--loud"], "--loud"),
    ],
)
def test_wrong_input_is_one_clear_line(
    data: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(data, *more)) == 2
    written = capsys.readouterr().err
    assert said in written
    assert written.count("\n") == 1


def test_a_key_file_without_usable_keys_is_wrong_input(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data / "keys" / "quay-1.json"
    path.write_text(path.read_text().replace(KEY, "short"))
    assert main(arguments(data, "--qub", "33=quay-1")) == 2
    assert "not to be connected to" in capsys.readouterr().err


def test_help_tells_how_a_box_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "ADDRESS=NAME" in capsys.readouterr().out


def test_the_handbook_names_every_option_and_family() -> None:
    handbook = (ROOT / "docs" / "hardware.md").read_text(encoding="utf-8")
    for option in ("--qub", "--qub-digits", "--call-box", "--sign", "--operator", "--transfer", "--baud", "--arrow"):
        assert f"`{option}" in handbook, option
