"""The emulated printer understands what printers are sent."""

import os
import re
import select
import signal
import socket
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from printers.device import EmulatedPrinter, Mood
from printers.interpreter import Features
from printers.layout import lay_out
from printers.models import load_model
from printers.printout import encode

COMMANDS = [
    b"\x1b@",
    b"\x1bJ",
    b"\x1b*",
    b"\x1d!",
    b"\x1dv0\x00\x01\x00\x01\x00",
    b"\x1d(k\x03\x001C",
    b"\x1d(k\x05\x001P0\xff\xfe\x1d(k\x03\x001Q0",
    b"\x1d(L\x04\x000p0\x01",
    b"\x1d(L\x02\x0002",
    b"\x1dVB",
    b"\n",
    b"\x10\x04",
]


def drawing():
    """A picture of 64 by 48 dots whose set dots are ink."""
    image = Image.new("1", (64, 48))
    ImageDraw.Draw(image).polygon([(2, 2), (60, 20), (20, 45)], fill=255)
    return image


def printed(printer):
    """The ink of the only ticket, without margins."""
    printer.deliver()
    [path] = printer.pictures
    with Image.open(path) as picture:
        ink = ImageChops.invert(picture.convert("1"))
    return ink.crop(ink.getbbox())


def raster(image, mode=0):
    """GS v 0."""
    return b"\x1dv0" + bytes((mode, image.width // 8, 0, image.height, 0)) + image.tobytes()


def same(one, other):
    """Whether two pictures are equal."""
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def test_a_raster_is_printed_dot_for_dot(tmp_path):
    printer = EmulatedPrinter(tmp_path)
    printer.feed(raster(drawing()))
    assert same(printed(printer), drawing().crop(drawing().getbbox()))


def test_columns_graphics_and_rasters_give_the_same_picture(tmp_path):
    turned = drawing().transpose(Image.Transpose.TRANSPOSE)
    columns = b"".join(b"\x1b*\x21\x40\x00" + turned.crop((left, 0, left + 24, 64)).tobytes() for left in (0, 24))
    stored = b"0p0\x01\x011" + b"\x40\x00\x30\x00" + drawing().tobytes()
    graphics = b"\x1d(L" + len(stored).to_bytes(2, "little") + stored + b"\x1d(L\x02\x0002"
    pictures = []
    for number, data in enumerate((raster(drawing()), columns, graphics)):
        printer = EmulatedPrinter(tmp_path / str(number))
        printer.feed(b"\x1b@" + data + b"\x1dVB\x00")
        pictures.append(printed(printer))
    assert same(pictures[0], pictures[1])
    assert same(pictures[0], pictures[2])


@pytest.mark.parametrize(("mode", "size"), [(1, (2, 1)), (2, (1, 2)), (3, (2, 2))])
def test_coarse_rasters_are_stretched(tmp_path, mode, size):
    box = drawing().getbbox()
    printer = EmulatedPrinter(tmp_path)
    printer.feed(raster(drawing(), mode))
    assert printed(printer).size == ((box[2] - box[0]) * size[0], (box[3] - box[1]) * size[1])


def test_bytes_that_come_one_by_one_print_the_same(tmp_path, paper):
    data = encode(lay_out(paper), load_model("epson-tm-t20"))
    whole, drop_by_drop = EmulatedPrinter(tmp_path / "a"), EmulatedPrinter(tmp_path / "b")
    whole.feed(data)
    for byte in data:
        drop_by_drop.feed(bytes((byte,)))
    assert same(printed(whole), printed(drop_by_drop))


def test_plain_text_is_printed_bold_and_large(tmp_path):
    sizes = []
    for number, start in enumerate((b"", b"\x1d!\x11", b"\x1bE\x01")):
        printer = EmulatedPrinter(tmp_path / str(number))
        printer.feed(b"\x1b@\x1bt\x00\x1ba\x01" + start + b"A001\n\x1bd\x02\x1dV\x00")
        sizes.append(printed(printer).size)
    assert sizes[1] == (sizes[0][0] * 2, sizes[0][1] * 2)
    assert sizes[2] > sizes[0]


@pytest.mark.parametrize("mood", [Mood(), Mood(paper_out=True), Mood(cover_open=True)])
def test_state_questions_are_answered_even_inside_a_picture_and_while_stopped(tmp_path, mood):
    printer = EmulatedPrinter(tmp_path)
    printer.set_mood(mood)
    printer.feed(raster(drawing())[:50])
    printer.feed(b"\x10")
    printer.feed(b"\x04")
    assert printer.take_answers() == b""
    printer.feed(b"\x01")
    assert printer.take_answers() == (b"\x12" if mood == Mood() else b"\x1a")


def test_the_barrier_is_answered_only_after_what_came_before_it(tmp_path):
    printer = EmulatedPrinter(tmp_path)
    printer.set_mood(Mood(cover_open=True))
    printer.feed(raster(drawing()) + b"\x1dr\x01")
    assert printer.take_answers() == b""
    printer.set_mood(Mood())
    assert printer.take_answers() == b"\x00"


def test_a_printer_without_barrier_does_not_answer_it(tmp_path):
    printer = EmulatedPrinter(tmp_path, features=Features(barrier=False))
    printer.feed(b"\x1dr\x01")
    assert printer.take_answers() == b""


def test_tickets_without_a_title_are_numbered(tmp_path):
    printer = EmulatedPrinter(tmp_path)
    for _ in range(2):
        printer.feed(raster(drawing()) + b"\x1dVB\x00")
    printer.title = "../../A 001"
    printer.feed(raster(drawing()) + b"\x1dVB\x00")
    assert [path.name for path in printer.pictures] == [
        f"ticket-{os.getpid()}-000001.png",
        f"ticket-{os.getpid()}-000002.png",
        "A_001.png",
    ]
    assert {path.parent for path in printer.pictures} == {tmp_path}


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(COMMANDS)), max_size=20), st.integers(0, 255))
def test_no_noise_on_the_line_stops_the_printer(tmp_path_factory, noise, value):
    printer = EmulatedPrinter(tmp_path_factory.mktemp("noise"))
    for part in noise:
        printer.feed(part + bytes((value,)))
    printer.take_answers()
    printer.feed(b"\x10\x04\x01")
    assert printer.take_answers() == b"\x12"


def test_blank_paper_makes_no_picture(tmp_path):
    printer = EmulatedPrinter(tmp_path)
    printer.feed(b"\x1b@\x1bJ\xff\x1dVB\x00")
    assert printer.pictures == []


@pytest.mark.parametrize("front", [["--tcp", "0"], ["--pty"]])
def test_the_program_prints_what_is_sent_to_it(tmp_path, front):
    command = [sys.executable, "-u", "-m", "printers.emulator", *front, "--folder", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        found = re.search(r"(tcp://[\d.]+:(\d+)|serial:(\S+)),", program.stdout.readline())
        assert found is not None
        data = raster(drawing()) + b"\x1dVB\x00\x10\x04\x01"
        if found[2]:
            with socket.create_connection(("127.0.0.1", int(found[2]))) as connection:
                connection.sendall(data)
                assert connection.recv(1) == b"\x12"
        else:
            descriptor = os.open(found[3], os.O_RDWR | os.O_NOCTTY)
            os.write(descriptor, data)
            assert select.select([descriptor], [], [], 20)[0]
            assert os.read(descriptor, 1) == b"\x12"
            os.close(descriptor)
        assert f"ticket-{program.pid}-000001.png" in program.stdout.readline()
        program.send_signal(signal.SIGINT)
        assert program.wait(20) == 0


def test_the_program_says_that_its_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run([sys.executable, "-m", "printers.emulator", "--tcp", port], capture_output=True, text=True)
    assert run.returncode == 1
    assert port in run.stderr
    assert "Traceback" not in run.stderr
