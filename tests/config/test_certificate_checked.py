"""`check` tells of the web's certificate what a clerk must do, with the day."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from config.checking.site import check_proxies, check_tls
from config.commands import check
from config.faults import Faults
from tests.config.halls import small, written
from tests.web.certificates import write_certificate


def told(folder: Path, capsys: pytest.CaptureFixture[str], **network: Any) -> tuple[int, str]:
    """The exit code and what is said about a small hall whose network is so."""
    document = small()
    document["network"] = {"public_url": "https://hall.example", **network}
    code = check(written(folder, document), "en")
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def faults_of(**network: object) -> dict[str, str]:
    """The keys that contradict each other, with what is said of them."""
    faults = Faults(Path("thu.toml"), "en")
    for each in (check_tls, check_proxies):
        each(small() | {"network": network}, faults)
    return {fault.key: fault.expected for fault in faults.found}


def test_a_good_certificate_is_no_matter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_certificate(tmp_path)
    code, said = told(tmp_path, capsys, tls_certificate="hall.pem", tls_key="hall.key")
    assert code == 0
    assert "certificate" not in said


def test_a_certificate_that_ends_soon_is_a_note_with_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_certificate(tmp_path, days=20.5)
    code, said = told(tmp_path, capsys, tls_certificate="hall.pem", tls_key="hall.key")
    assert code == 0
    assert f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=20.5):%d/%m/%Y}, in 20 days" in said


def test_a_certificate_that_is_over_is_a_fault_with_the_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_certificate(tmp_path, days=-2, begun=30)
    code, said = told(tmp_path, capsys, tls_certificate="hall.pem", tls_key="hall.key")
    assert code == 2
    assert f"ended on {dt.datetime.now(dt.UTC) - dt.timedelta(days=2):%d/%m/%Y}" in said


def test_a_certificate_of_tomorrow_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_certificate(tmp_path, begun=-1)
    code, said = told(tmp_path, capsys, tls_certificate="hall.pem", tls_key="hall.key")
    assert code == 2
    assert "not valid before" in said


def test_a_key_of_another_certificate_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_certificate(tmp_path)
    write_certificate(tmp_path, "other")
    code, said = told(tmp_path, capsys, tls_certificate="hall.pem", tls_key="other.key")
    assert code == 2
    assert "does not belong to the certificate hall.pem" in said


@pytest.mark.parametrize("name", ["none.pem", ".", "x" * 300, "a\0b"])
def test_files_that_are_not_there_are_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, said = told(tmp_path, capsys, tls_certificate=name, tls_key=name)
    assert code == 2
    assert said.count("can't be read") == 2
    assert "Traceback" not in said


def test_files_of_another_kind_are_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_certificate(tmp_path)
    code, said = told(tmp_path, capsys, tls_certificate="hall.key", tls_key="hall.pem")
    assert code == 2
    assert "BEGIN CERTIFICATE" in said
    assert "without a password" in said


def test_a_certificate_alone_a_key_alone_and_phones_sent_elsewhere_are_faults() -> None:
    assert faults_of(tls_certificate="a.pem", public_url="https://x").keys() == {"network.tls_certificate"}
    assert faults_of(tls_key="a.key").keys() == {"network.tls_key"}
    assert faults_of(tls_certificate="a.pem", tls_key="a.key").keys() == {"network.public_url"}
    assert faults_of() == {}


@pytest.mark.parametrize("proxy", ["192.168.1.5", "192.168.1.0/24", "::1", "fd00::/8"])
def test_addresses_and_networks_may_be_proxies(proxy: str) -> None:
    assert faults_of(proxy=[proxy]) == {}


@pytest.mark.parametrize("proxy", ["*", "", "proxy.local", "192.168.1.5/24", "300.1.1.1", "192.168.1.5:80"])
def test_anything_else_is_no_proxy(proxy: str) -> None:
    assert "Expected the address of a reverse proxy" in faults_of(proxy=[proxy])["network.proxy[1]"]
