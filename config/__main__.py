"""`python -m config`: checks hall files and imports lists of procedures."""

import sys

from config.commands import main

sys.exit(main(sys.argv[1:]))
