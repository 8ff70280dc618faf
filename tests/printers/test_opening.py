"""Printers are opened from an address and a model, and wrong ones are explained."""

import pytest
from PIL import Image

from printers.base import PrinterSetupError, PrinterState
from printers.device import EmulatedPrinter
from printers.emulator import PtyLine, TcpLine
from printers.models import load_model, model_names, read_model
from printers.opening import open_printer
from tests.running import eventually


@pytest.mark.parametrize("model", model_names())
def test_the_picture_printer_prints_as_every_model_would(paper, tmp_path, read_qr, model):
    spool = open_printer(f"picture:{tmp_path / 'tickets'}", model)
    assert spool.print(paper).result(20) == "printed"
    assert spool.status().state is PrinterState.READY
    spool.close()
    [picture] = (tmp_path / "tickets").iterdir()
    assert picture.name == "20260112-081200-A015.png"
    assert read_qr(picture) == [paper.url]
    with Image.open(picture) as image:
        assert image.width == load_model(model).width_dots + 64


def test_a_reprint_does_not_overwrite_the_first_picture(paper, tmp_path):
    spool = open_printer(f"picture:{tmp_path}")
    assert [spool.print(paper).result(20) for _ in range(2)] == ["printed", "printed"]
    spool.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "20260112-081200-A015-2.png",
        "20260112-081200-A015.png",
    ]


def test_a_picture_folder_that_cannot_be_is_offline(paper, tmp_path):
    (tmp_path / "taken").write_text("a file")
    spool = open_printer(f"picture:{tmp_path / 'taken'}")
    assert spool.print(paper).result(20) == "failed"
    assert spool.status().state is PrinterState.OFFLINE
    spool.close()


def test_a_network_printer_is_opened_by_its_address(paper, tmp_path):
    with TcpLine(EmulatedPrinter(tmp_path)) as line:
        spool = open_printer(line.address, "epson-tm-t20")
        assert spool.print(paper).result(20) == "printed"
        spool.close()


def test_a_device_node_is_opened_by_its_path(paper, tmp_path):
    with PtyLine(EmulatedPrinter(tmp_path)) as line:
        spool = open_printer(f"node:{line.path}", "epson-tm-t20")
        assert spool.print(paper).result(20) == "printed"
        spool.close()
        assert len(line.printer.pictures) == 1


def test_a_node_that_nobody_may_open_is_offline_and_says_why(tmp_path, caplog):
    caplog.set_level("WARNING")
    spool = open_printer(f"node:{tmp_path / 'lp0'}", "epson-tm-t20")
    eventually(lambda: spool.status().state is PrinterState.OFFLINE)
    spool.close()
    assert "No such file" in caplog.text


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "one of picture:FOLDER"),
        ("seriall:/dev/ttyUSB0", "did you mean 'serial:/dev/ttyUSB0?baud=115200&flow=rtscts'"),
        ("tcp:192.168.1.9", "tcp://HOST:9100"),
        ("tcp://", "tcp://HOST:9100"),
        ("tcp://host:99999", "port from 1 to 65535"),
        ("tcp://host:9100/queue", "tcp://HOST:9100"),
        ("serial:", "serial:/dev/ttyUSB0"),
        ("serial:/dev/ttyUSB0?speed=9600", "serial:/dev/ttyUSB0?baud=115200"),
        ("serial:/dev/ttyUSB0?baud=115201", "did you mean '115200'"),
        ("serial:/dev/ttyUSB0?rtscts=yes", "0 or 1"),
        ("node:", "node:/dev/usb/lp0"),
        ("file:", "file:PATH"),
    ],
)
def test_a_wrong_address_says_what_was_expected(address, message):
    with pytest.raises(PrinterSetupError) as raised:
        open_printer(address, "epson-tm-t20")
    assert message in str(raised.value)


def test_an_unknown_model_names_the_nearest():
    with pytest.raises(PrinterSetupError) as raised:
        open_printer("tcp://printer", "epson-tmt20")
    assert raised.value.nearest == "epson-tm-t20"
    assert raised.value.value == "epson-tmt20"


def test_a_device_is_not_opened_as_a_picture():
    with pytest.raises(PrinterSetupError, match="the model of the printer"):
        open_printer("tcp://printer", "picture")


@pytest.mark.parametrize("name", model_names())
def test_every_model_file_is_sound(name):
    assert load_model(name).title


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("width_dots = 500", "width_dots"),
        ("width_dots = '576'", "width_dots"),
        ("colour = 1", "colour"),
        ("width_dots = ", "Invalid"),
    ],
)
def test_a_faulty_model_file_names_its_fault(tmp_path, line, message):
    path = tmp_path / "mine.toml"
    rest = 'title = "Mine"\nnative_qr = true\nstatus = true\nbarrier = true\ncutter = true\n'
    path.write_text(rest + ("" if "width" in line else "width_dots = 576\n") + line + "\n")
    with pytest.raises(PrinterSetupError, match=message):
        read_model(path)
