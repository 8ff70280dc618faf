"""The hall that targets know, and seeds that are made rather than kept: all of it synthetic."""

from config.loading import load_hall
from config.settings import ROOT

HALL = load_hall(ROOT / "halls" / "xa.toml", catalogue_needed=False)
