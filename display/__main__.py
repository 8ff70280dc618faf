"""Start the wall display: `python -m display --data DIR`."""

import sys

from display.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
