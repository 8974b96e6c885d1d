"""``python -m malmoi.sample FOLDER``: write the embedded sample."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from malmoi.sample.generate import TRUTH_FILE, write


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m malmoi.sample",
        description="Write two nights of an invented Korean web (WARC and JSON Lines) and the truth about every page.",
    )
    parser.add_argument("folder", type=Path, help="landing folder; made if it is not there")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default: 1)")
    options = parser.parse_args(arguments)
    try:
        rows = write(options.folder, options.seed)
    except OSError as error:
        print(
            f"cannot write the sample into {options.folder}: {error.strerror}; choose another folder", file=sys.stderr
        )
        return 1
    for (batch, source), count in sorted(Counter((row.batch, row.source) for row in rows).items()):
        print(f"{batch}  {source:<5} {count:>4} records")
    print(f"truth: {options.folder / TRUTH_FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
