"""`./motcua sbom`: what a hall's programs are made of, the run lock and Debian's packages, as CycloneDX (ECMA-424)."""

import argparse
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent
LOCK = ROOT / "requirements.lock"
_LOCKED = re.compile(r"^(?P<what>[a-zA-Z0-9][^\\#\n]*?)\s*(?P<hashes>(?:\\\n\s+--hash=\S+\s*)+)", re.MULTILINE)


def main(arguments: list[str]) -> int:
    """Write the list; exit 0, or 1 with a sentence if the file can't be written."""
    parser = argparse.ArgumentParser(prog="motcua sbom", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write here instead of standard output")
    parser.add_argument("--debian", default="", metavar="PACKAGES", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    text = JsonV1Dot6(bill_of_materials(options.debian.split())).output_as_string(indent=2) + "\n"
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, encoding="utf-8")
    except OSError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


def bill_of_materials(debian: list[str]) -> Bom:
    """The program, each Python package that this machine installs from the run lock, and Debian's packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    program = Component(name=project["name"], version=project["version"], type=ComponentType.APPLICATION)
    program.licenses.add(LicenseFactory().make_from_string(project["license"]["text"]))
    bom = Bom(components=[*_locked(LOCK.read_text(encoding="utf-8")), *_debian(debian)])
    bom.metadata.component = program
    bom.register_dependency(program, bom.components)
    return bom


def _locked(lock: str) -> Iterator[Component]:
    for found in _LOCKED.finditer(lock):
        requirement = Requirement(found["what"])
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        name, version = canonicalize_name(requirement.name), next(iter(requirement.specifier)).version
        component = Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", name=name, version=version),
            bom_ref=f"pypi:{name}",
            properties=[Property(name="motcua:locked", value=value) for value in _hashes(found["hashes"])],
        )
        if licence := _licence(name):
            component.licenses.add(DisjunctiveLicense(name=licence))
        yield component


def _hashes(text: str) -> list[str]:
    """One for each file that the lock accepts: a package has one for each kind of machine."""
    return re.findall(r"sha256:[0-9a-f]{64}", text)


def _licence(name: str) -> str | None:
    """What the installed package says of its licence."""
    try:
        said = importlib.metadata.distribution(name).metadata
    except importlib.metadata.PackageNotFoundError:
        return None
    classifiers = [
        line.rpartition(" :: ")[2] for line in (said.get_all("Classifier") or []) if line.startswith("License")
    ]
    expression, *_ = said.get_all("License-Expression") or [""]
    return expression or ", ".join(classifiers) or None


def _debian(packages: list[str]) -> Iterator[Component]:
    """Those of the system's packages that are installed."""
    for package in packages:
        asked = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", package, f"{package}t64"],
            capture_output=True,
            text=True,
            check=False,
        )
        for line in asked.stdout.splitlines():
            name, _, version = line.partition(" ")
            if version:
                yield Component(
                    name=name,
                    version=version,
                    type=ComponentType.LIBRARY,
                    purl=PackageURL("deb", "debian", name, version),
                    bom_ref=f"deb:{name}",
                )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
