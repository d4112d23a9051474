"""The program: ``unlabel`` where the package is installed, or ``python -m unlabel``."""

import signal
import sys

from unlabel import _unlabel


def main() -> int:
    """Run the program with the arguments of this process, and give its exit status."""
    # The program has its own ways with these, and Python would only see them when it has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _unlabel.run(["unlabel", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
