"""`python -m printers`: looks after the printers of a machine and shows what its papers look like."""

import sys

from printers.commands import main

sys.exit(main(sys.argv[1:]))
