"""Start the keypads and signs of one serial line: `python -m counter --data DIR --line /dev/ttyUSB0 …`."""

import sys

from counter.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
