"""Model files say what a printer can do, and wrong ones are explained."""

import pytest

from printers.base import PrinterSetupError
from printers.models import load_model, model_names, read_model

GOOD = """
title = "A printer"
width_dots = 576
native_qr = true
status = true
barrier = true
cutter = "partial"
"""


def test_at_least_six_real_models_are_known_and_every_file_is_good():
    assert {"epson-tm-t20", "epson-tm-t88", "bixolon-srp-350", "star-mcprint3", "xprinter-80", "xprinter-58"} < set(
        model_names()
    )
    assert all(load_model(name).title for name in model_names())


def test_a_model_knows_how_wide_it_prints():
    assert load_model("epson-tm-t20").width_mm == 72
    assert round(load_model("epson-tm-t88").width_mm) == 72
    assert load_model("xprinter-58").width_mm == 48


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("cuter = true", ["cuter", "“cutter”"]),
        ('cutter = "half"', ['cutter = "half"', "none, partial, full"]),
        ("cutter = true", ["cutter = true", "none, partial, full"]),
        ("width_dots = 99", ["width_dots = 99", "256", "1024"]),
        ('native_qr = "yes"', ['native_qr = "yes"', "true"]),
        ("baud = 9601", ["baud = 9601", "115200", "“9600”"]),
        ('flow = "rts"', ['flow = "rts"', "rtscts, xonxoff", "“rtscts”"]),
        ('text = "tcvn"', ["tcvn_lower_page", "tcvn_upper_page"]),
        ("tcvn_lower_page = 300", ["tcvn_lower_page = 300", "255"]),
        ('memory = "ram"', ['memory = "ram"', "none, graphics"]),
    ],
)
def test_a_bad_model_names_file_key_value_expected_and_nearest_name(tmp_path, change, said):
    key = change.partition(" ")[0]
    kept = [line for line in GOOD.splitlines() if not line.startswith(f"{key} ")]
    path = tmp_path / "mine.toml"
    path.write_text("\n".join([*kept, change]), encoding="utf-8")
    with pytest.raises(PrinterSetupError) as caught:
        read_model(path)
    for part in [str(path), *said]:
        assert part in str(caught.value)


def test_all_faults_of_a_model_are_said_at_once_in_the_readers_language(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = 3\ncutter = "x"\n', encoding="utf-8")
    with pytest.raises(PrinterSetupError) as caught:
        read_model(path, "en")
    said = str(caught.value).splitlines()
    assert len(said) == 6
    assert any("A required key is missing" in line for line in said)


def test_an_unknown_model_is_told_the_nearest():
    with pytest.raises(PrinterSetupError, match="did you mean 'epson-tm-t88'"):
        load_model("epson-t88")
