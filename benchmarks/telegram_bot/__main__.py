"""Run: python -m benchmarks.telegram_bot load|overhead|hostile|away [--index DIR] [--count N]; on loopback only.

load: chats that ask the real bot, archive and encoder, --rate questions a second, or each as soon as it is answered.
overhead: the same, the archive costs nothing.
hostile: updates made to break the bot, over an archive that quotes hostile articles. away: the server is not there.
"""

import argparse
from pathlib import Path

from benchmarks.telegram_bot.away import away
from benchmarks.telegram_bot.hostile import hostile
from benchmarks.telegram_bot.load import load, overhead


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["load", "overhead", "hostile", "away"])
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--count", type=int)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rate", type=float, default=30, help="questions a second; 0: as many as are answered")
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    if given.what == "load":
        load(given.index, given.count or 3_000, given.chats, given.rate)
    elif given.what == "overhead":
        overhead(given.count or 5_000, given.chats, given.rate)
    elif given.what == "away":
        away(given.seconds)
    else:
        hostile(given.count or 10_000)


if __name__ == "__main__":
    main()
