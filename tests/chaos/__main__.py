"""``make chaos``: random kills over two nights, again and again, until enough have struck.

    python -m tests.chaos --kills 100 --seed 1 --per-night 1

Every round runs two nights of the embedded sample over an empty lake. In each night ``--per-night`` processes are killed with
SIGKILL at moments drawn from the seed; a task that died is started again. Then the release of every night must be that of
an undisturbed run byte for byte, vacuum must leave the very files of that run and no others, and a reader that polls all
the time must have seen whole releases only. Ends with 0, or with 1 where something did not hold; the lake then stays.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from random import Random

from tests.chaos.kills import Victim, draw
from tests.chaos.process import end_all
from tests.chaos.trial import Result, measure, two_nights
from tests.e2e.corpus import NIGHTS, Corpus

MISSES = 3
"""A kill may miss, where its task ends before; after that many times the rounds that are needed there is something wrong."""


def main() -> int:
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="malmoi-chaos-", dir=options.folder))
    total = Result()
    try:
        _run(folder, options, total)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        return 130
    finally:
        end_all(folder)
        if not total.problems:
            shutil.rmtree(folder)
        print(_table(total, folder), flush=True)
    return 1 if total.problems else 0


def _run(folder: Path, options: argparse.Namespace, total: Result) -> None:
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:7.0f} s  {line}", flush=True)

    calm = Corpus(folder, "calm").create()
    say("two nights without a kill")
    durations = measure(calm)
    say(f"they take {sum(map(sum, durations.values())):.0f} s; {options.kills} kills follow, seed {options.seed}")
    nights = draw(Random(options.seed), durations, NIGHTS, options.per_night)
    choice = Random(f"which of several workers, {options.seed}")
    rounds = -(-options.kills // (len(NIGHTS) * options.per_night))
    for number in range(MISSES * rounds):
        corpus = Corpus(
            folder, f"round-{number + 1}"
        )  # a process keeps a lake's catalog open: another lake, another place
        found = two_nights(calm, corpus, list(islice(nights, len(NIGHTS))), choice, say)
        total.add(found)
        said = "; ".join(found.problems) or "releases are the same, nothing is left over"
        say(f"round {number + 1}: {total.struck.total()} of {options.kills} kills; {said}")
        if total.problems or total.struck.total() >= options.kills:
            return
        shutil.rmtree(corpus.lake)
    total.problems.append(f"{total.missed.total()} kills came too late; the machine's speed changed too much")


def _table(total: Result, folder: Path) -> str:
    lines = ["", f"{'killed':<16} {'struck':>6} {'too late':>9}"]
    lines += [f"{victim.value:<16} {total.struck[victim]:>6} {total.missed[victim]:>9}" for victim in Victim]
    lines += [
        f"{'together':<16} {total.struck.total():>6} {total.missed.total():>9}",
        "",
        f"{total.same} of {total.nights} releases byte-identical to the undisturbed run; {total.again} tasks started again",
        f"a reader looked {total.polls:,} times at a release in force",
        *(f"FAILED: {problem}" for problem in total.problems),
    ]
    if total.problems:
        lines.append(f"lakes and log stay in {folder}")
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100, help="how many must strike (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="of the victims and the moments (default 1)")
    parser.add_argument("--per-night", type=int, default=1, help="kills in one night (default 1)")
    parser.add_argument("--folder", help="where lakes lie meanwhile (default: the system's temporary folder)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
