"""`./motcua printers` and `./motcua ticket`: plain words, exit codes, and never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import zxingcpp
from PIL import Image

from printers import commands
from printers.attached import attached
from printers.commands import main
from printers.device import EmulatedPrinter, Mood, features_of
from printers.emulator import PtyLine, TcpLine
from printers.models import load_model
from tests.running import ROOT, eventually


@pytest.fixture
def network_printer(tmp_path):
    """A printer on the network."""
    model = load_model("epson-tm-t20")
    printer = EmulatedPrinter(tmp_path / "tickets", model.width_dots, features_of(model))
    with TcpLine(printer) as line:
        yield line


def printers(line, *more):
    """Run the command for one printer."""
    return main(["printers", "--printer", line.address, "--model", "epson-tm-t20", *more])


# ---- printers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("mood", "code", "said"),
    [
        (Mood(), 0, "sẵn sàng"),
        (Mood(paper_low=True), 0, "sắp hết giấy"),
        (Mood(paper_out=True), 1, "hết giấy"),
        (Mood(cover_open=True), 1, "nắp đang mở"),
        (Mood(cutter_error=True), 1, "kẹt dao"),
        (Mood(silent=True), 1, "không trả lời"),
    ],
)
def test_a_printer_says_how_it_is(network_printer, capsys, mood, code, said):
    network_printer.printer.set_mood(mood)
    assert printers(network_printer) == code
    assert said in capsys.readouterr().out


def test_it_says_so_in_english(network_printer, capsys):
    assert printers(network_printer, "--language", "en") == 0
    assert capsys.readouterr().out.splitlines() == [network_printer.address, "    ready"]


def test_a_test_slip_is_printed_with_its_code(network_printer, capsys):
    assert printers(network_printer, "--test") == 0
    assert "máy in xác nhận" in capsys.readouterr().out
    [picture] = network_printer.printer.pictures
    with Image.open(picture) as paper:
        [code] = zxingcpp.read_barcodes(paper.convert("L"))
    assert code.text.startswith("MOTCUA ")


def test_a_test_slip_that_cannot_be_printed_is_a_failure(network_printer, capsys):
    network_printer.printer.set_mood(Mood(cover_open=True))
    assert printers(network_printer, "--test") == 1
    assert "nắp đang mở" in capsys.readouterr().out


def test_a_model_that_never_answers_is_told_from_one_that_is_silent(network_printer, capsys):
    arguments = ["printers", "--printer", network_printer.address, "--model", "no-status-80mm"]
    assert main(arguments) == 0
    assert main([*arguments, "--test"]) == 0
    assert "xin nhìn xem" in capsys.readouterr().out


def test_a_serial_printer_is_found_at_its_own_speed(tmp_path, capsys, monkeypatch):
    with PtyLine(EmulatedPrinter(tmp_path), tmp_path / "ttyUSB0") as line:
        monkeypatch.setattr(commands, "attached", lambda: {line.address: "USB Serial"})
        assert main(["printers", "--language", "en"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{line.address}  (USB Serial)", "    ready"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "không nhận in"),
        ("serial:/dev/ttyUSB77", "không có thiết bị"),
        ("node:/dev/usb/lp77", "không có thiết bị"),
    ],
)
def test_a_printer_that_is_not_there_is_explained(address, said, capsys):
    assert main(["printers", "--printer", address]) == 1
    assert said in capsys.readouterr().out


def test_a_port_that_another_program_uses_is_explained(tmp_path, capsys):
    with PtyLine(EmulatedPrinter(tmp_path), tmp_path / "line") as line:
        holder = commands.open_printer(line.address, "epson-tm-t20", poll_seconds=600)
        eventually(lambda: holder.status().state == "ready")
        assert main(["printers", "--printer", line.address, "--model", "epson-tm-t20"]) == 1
        holder.close()
    assert "chương trình khác" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--printer", "tpc://x"], "did you mean 'tcp://HOST:9100'"),
        (["--printer", "serial:/dev/ttyS0?flow=rts"], "did you mean 'rtscts'"),
        (["--model", "epson"], "expected one of"),
    ],
)
def test_wrong_input_is_2_and_says_what_was_expected(arguments, said, capsys):
    assert main(["printers", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_nothing_attached_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(commands, "attached", dict)
    assert main(["printers"]) == 1
    assert "--printer tcp://" in capsys.readouterr().out
    assert main(["printers", "--test"]) == 2


def test_serial_ports_and_usb_printers_are_found(tmp_path):
    (tmp_path / "lp0").touch()
    ports = [
        SimpleNamespace(device="/dev/ttyUSB0", description="CH340"),
        SimpleNamespace(device="/dev/ttyS1", description="n/a"),
    ]
    assert attached(lambda: ports, tmp_path) == {
        "serial:/dev/ttyS1": "",
        "serial:/dev/ttyUSB0": "CH340",
        f"node:{tmp_path / 'lp0'}": "USB",
    }


def test_watching_tells_each_change_until_it_is_interrupted(network_printer):
    arguments = [sys.executable, "-m", "printers", "printers", "--watch", "--language", "en"]
    arguments += ["--printer", network_printer.address, "--model", "epson-tm-t20"]
    run = subprocess.Popen(
        arguments,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert run.stdout.readline().endswith("  ready\n")
    network_printer.printer.set_mood(Mood(paper_out=True))
    assert run.stdout.readline().endswith("  out of paper\n")
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=20)
    assert (run.returncode, errors) == (0, "")


# ---- ticket -------------------------------------------------------------------


@pytest.mark.parametrize(
    "paper", ["ticket", "priority", "reprint", "offline", "place", "come-back", "procedure", "test"]
)
def test_every_paper_can_be_looked_at(tmp_path, capsys, paper):
    out = tmp_path / "out.png"
    assert main(["ticket", "--preview", str(out), "--paper", paper, "--model", "generic-58mm"]) == 0
    with Image.open(out) as picture:
        assert picture.width == 384 + 64
    assert "mm" in capsys.readouterr().out


def test_a_template_of_the_hall_is_shown(tmp_path):
    template, out, usual = tmp_path / "hall.toml", tmp_path / "out.png", tmp_path / "usual.png"
    template.write_text('[[ticket]]\nline = "number"\n', encoding="utf-8")
    assert main(["ticket", "--preview", str(out), "--template", str(template)]) == 0
    assert main(["ticket", "--preview", str(usual)]) == 0
    with Image.open(out) as small, Image.open(usual) as large:
        assert small.height < large.height / 2


def test_a_bad_template_is_2_and_writes_nothing(tmp_path, capsys):
    template, out = tmp_path / "hall.toml", tmp_path / "out.png"
    template.write_text('[[ticket]]\nline = "nummer"\n', encoding="utf-8")
    assert main(["ticket", "--preview", str(out), "--template", str(template), "--language", "en"]) == 2
    assert "Did you mean “number”" in capsys.readouterr().err
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_explained(tmp_path, capsys):
    assert main(["ticket", "--preview", str(tmp_path / "no" / "out.png")]) == 1
    assert "out.png" in capsys.readouterr().err
    assert main(["ticket", "--preview", str(Path(tmp_path))]) == 1
