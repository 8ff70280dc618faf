"""What is installed is what the locks say, to the byte, with network and without, and can be told."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import sbom
from tests.conftest import ROOT

LOCKS = ["requirements.lock", "requirements-setup.lock", "requirements-test.lock"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_is_pinned_with_its_hashes_and_no_lock_names_a_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    for entry in filter(None, entries):
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in text


def test_what_installs_and_builds_the_rest_is_locked_too_and_everywhere_the_same() -> None:
    set_up, run, test = pins("requirements-setup.lock"), pins("requirements.lock"), pins("requirements-test.lock")
    assert set_up.keys() == {"uv", "setuptools"}
    assert set_up["setuptools"] == run["setuptools"] == test["setuptools"]
    assert run.items() <= test.items()


def test_the_list_of_parts_is_valid_and_names_every_locked_package(tmp_path: Path) -> None:
    # it takes seconds to import, which no worker should pay that only collects this file
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert sbom.main(["--debian", "bash no-such-package", "--output", str(tmp_path / "bom.json")]) == 0
    text = (tmp_path / "bom.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    parts = {part["purl"] for part in json.loads(text)["components"]}
    marked = set(re.findall(r"^(\S+)==\S+ ;", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    for name, version in pins("requirements.lock").items():
        assert f"pkg:pypi/{name}@{version}" in parts or name in marked
    assert any(part.startswith("pkg:deb/debian/bash@") for part in parts)
    assert not re.search(r"https?://(?!cyclonedx\.org)", text), "no place is told, only what"


def test_a_list_that_cannot_be_written_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sbom.main(["--output", str(tmp_path / "missing" / "bom.json")]) == 1
    assert "missing/bom.json" in capsys.readouterr().err


# ---- a machine without network, with the script of the project and a package of the test ----


def make_wheel(folder: Path, version: str) -> Path:
    """A wheel by hand (PEP 427): a module and its three metadata files."""
    info = f"tiny_part-{version}.dist-info"
    files = {
        "tiny_part.py": f"VERSION = '{version}'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny-part\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {name: base64.urlsafe_b64encode(hashlib.sha256(body.encode()).digest()) for name, body in files.items()}
    record = "".join(f"{name},sha256={digest.rstrip(b'=').decode()},\n" for name, digest in digests.items())
    path = folder / f"tiny_part-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, body in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            wheel.writestr(name, body)
    return path


class Copy:
    """An empty copy of the tree: the script, locks of one small package, a program that tells its version."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.wheels = folder / "tree", folder / "tree" / "wheels"
        (self.tree / "config").mkdir(parents=True)
        self.wheels.mkdir()
        shutil.copy(ROOT / "motcua", self.tree)
        (self.tree / "config" / "__main__.py").write_text("import tiny_part\nprint('has', tiny_part.VERSION)\n")
        (self.tree / "requirements-setup.lock").write_text("")

    def lock(self, wheel: Path) -> None:
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        version = wheel.name.split("-")[1]
        (self.tree / "requirements.lock").write_text(f"tiny-part=={version} --hash=sha256:{digest}\n")

    def run(self, **environment: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: os.environ[name] for name in ("PATH",)} | {"HOME": str(self.tree), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [*without_network(), str(self.tree / "motcua"), "check"],
            cwd=self.tree,
            env=kept | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )


def without_network() -> list[str]:
    """A command that takes the network away, where this user may; else the script's own word for it must do."""
    allowed = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["unshare", "-n"] if allowed else []


def test_a_machine_without_network_installs_from_the_folder_and_refuses_what_was_tampered_with(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    copy.lock(make_wheel(copy.wheels, "1.0"))
    first = copy.run()
    assert first.stdout == "has 1.0\n", first.stderr

    tampered = make_wheel(copy.wheels, "2.0")
    copy.lock(tampered)
    with zipfile.ZipFile(tampered, "a") as wheel:
        wheel.writestr("evil.py", "print('evil')\n")
    refused = copy.run()
    assert refused.returncode == 1
    assert "Only files that match" in refused.stderr
    assert "has" not in refused.stdout
    assert not list(copy.tree.rglob("evil.py"))

    tampered.unlink()
    assert copy.run().returncode == 1, "what is missing comes from nowhere else"

    copy.lock(make_wheel(copy.wheels, "2.0"))
    assert copy.run().stdout == "has 2.0\n"


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    copy.lock(make_wheel(copy.wheels, "1.0"))
    done = copy.run(MOTCUA_WHEELS=str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert f"There is no folder {tmp_path / 'nowhere'}" in done.stderr
