"""`python -m voice`: makes and checks the clips of which calls are joined."""

import sys

from voice.commands import main

sys.exit(main(sys.argv[1:]))
