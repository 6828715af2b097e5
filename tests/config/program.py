"""A program for the console's tests to run: `python -m tests.config.program WORD...`.

Each word is done in turn: `say:TEXT` prints, `end:CODE` ends, `wait` waits for a signal, `stay`
waits and ignores SIGTERM, `child` leaves a process of the same group behind and prints its pid.
"""

import signal
import subprocess
import sys


def do(word: str) -> None:
    verb, _, value = word.partition(":")
    match verb:
        case "say":
            print(value, flush=True)
        case "end":
            sys.exit(int(value))
        case "wait":
            signal.pause()
        case "stay":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("staying", flush=True)
            while True:
                signal.pause()
        case "child":
            child = subprocess.Popen(["sleep", "600"])
            print(f"child {child.pid}", flush=True)


if __name__ == "__main__":
    for word in sys.argv[1:]:
        do(word)
