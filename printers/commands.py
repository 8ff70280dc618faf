"""The command lines of the printers: `printers` for the devices, `ticket` for what is printed."""

import argparse
import logging
import signal
import sys
import time
from pathlib import Path

from config.texts import FALLBACK, languages, text
from printers.attached import attached
from printers.base import PrinterSetupError, PrinterState
from printers.inspection import Inspection, inspect
from printers.models import PrinterModel, load_model, model_names
from printers.opening import open_printer, open_transport
from printers.preview import PAPERS, preview, sample_of
from printers.template_file import load_template
from printers.usual_template import default_template

DONE, FAILED, WRONG_INPUT = 0, 1, 2
_WATCH_SECONDS = 0.5
_FINE = (PrinterState.READY, PrinterState.PAPER_LOW)


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; the exit code."""
    options = _parser().parse_args(arguments)
    logging.getLogger("printers").addHandler(logging.NullHandler())
    logging.getLogger("printers").propagate = False
    try:
        return _ticket(options) if options.command == "ticket" else _printers(options)
    except PrinterSetupError as fault:
        sys.stderr.write(f"{fault}\n")
        return WRONG_INPUT
    except OSError as fault:
        sys.stderr.write(f"{fault.filename or ''}: {fault.strerror or fault}\n")
        return FAILED
    except KeyboardInterrupt:
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("motcua", description=text("printers.about"))
    commands = parser.add_subparsers(dest="command", required=True)
    printers = commands.add_parser("printers", help=text("printers.about_printers"))
    printers.add_argument("--printer", metavar="ADDRESS", help=text("printers.address_help"))
    printers.add_argument("--model", default="generic-80mm", help=", ".join(model_names()))
    doing = printers.add_mutually_exclusive_group()
    doing.add_argument("--test", action="store_true", help=text("printers.test_help"))
    doing.add_argument("--watch", action="store_true", help=text("printers.watch_help"))
    ticket = commands.add_parser("ticket", help=text("printers.about_ticket"))
    ticket.add_argument("--preview", metavar="OUT.png", type=Path, required=True, help=text("printers.preview_help"))
    ticket.add_argument("--template", metavar="FILE", type=Path, help=text("printers.template_help"))
    ticket.add_argument("--model", default="picture", help=", ".join(model_names()))
    ticket.add_argument("--paper", choices=PAPERS, default="ticket")
    for command in (printers, ticket):
        command.add_argument("--language", choices=languages(), default=FALLBACK)
    return parser


# ---- ticket ---------------------------------------------------------------------


def _ticket(options: argparse.Namespace) -> int:
    """Draw a paper as a model would print it."""
    model = load_model(options.model)
    template = load_template(options.template, options.language) if options.template else default_template()
    shown = preview(sample_of(options.paper, options.language), template, model, options.preview)
    facts = {"file": options.preview, "millimetres": shown.millimetres, "bytes": shown.length}
    sys.stdout.write(text("printers.preview_done", options.language, **facts) + "\n")
    return DONE


# ---- printers -------------------------------------------------------------------


def _printers(options: argparse.Namespace) -> int:
    """List what is attached with its state, or test or watch one printer."""
    model = load_model(options.model)
    if options.printer:
        open_transport(options.printer, model)  # a wrong address is said before anything else
    if options.test or options.watch:
        address = options.printer or _the_only_one(options.language)
        return _test(address, options) if options.test else _watch(address, model, options.language)
    addresses = {options.printer: ""} if options.printer else attached()
    if not addresses:
        sys.stdout.write(text("printers.none_attached", options.language) + "\n")
        return FAILED
    found = [_tell(address, title, model, options.language) for address, title in addresses.items()]
    return DONE if any(one.usable for one in found) else FAILED


def _the_only_one(language: str) -> str:
    """The address of the only printer attached; raises PrinterSetupError if there is not one."""
    found = list(attached())
    if len(found) != 1:
        expected = text("printers.choose_one", language)
        raise PrinterSetupError("--printer", ", ".join(found), expected)
    return found[0]


def _tell(address: str, title: str, model: PrinterModel, language: str) -> Inspection:
    """Ask one printer and say how it is."""
    found = inspect(address, model)
    sys.stdout.write(f"{found.address}{f'  ({title})' if title else ''}\n    {found.words(language)}\n")
    sys.stdout.flush()
    return found


def _test(address: str, options: argparse.Namespace) -> int:
    """Print a test slip and say what became of it."""
    sample = sample_of("test", options.language, printer=address, model=options.model)
    printer = open_printer(address, options.model)
    try:
        outcome = printer.print(sample).result()
        answers, state = printer.status().answers, printer.status().state
    finally:
        printer.close()
    key = "test_unseen" if outcome == "unknown" and not answers else f"test_{outcome}"
    sys.stdout.write(
        text(f"printers.{key}", options.language, state=text(f"printers.state_{state}", options.language)) + "\n"
    )
    return DONE if outcome == "printed" or key == "test_unseen" else FAILED


def _watch(address: str, model: PrinterModel, language: str) -> int:
    """Say each change of a printer's state, until interrupted, also where a shell started it in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    told = ""
    while True:
        words = inspect(address, model).words(language)
        if words != told:
            sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {words}\n")
            sys.stdout.flush()
            told = words
        time.sleep(_WATCH_SECONDS)
