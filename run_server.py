"""Start the queue server of a hall: `python run_server.py --hall FILE --data DIR`."""

import sys

from queue_server.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
