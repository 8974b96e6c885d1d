"""``malmoi``: the pieces of a night from a shell."""

import argparse
import sys

from malmoi.contracts.endings import ending


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns the process's exit code."""
    args = parser().parse_args(argv)
    with ending() as end:
        end.code = args.run(args) or 0
    return end.code


def parser() -> argparse.ArgumentParser:
    from malmoi.commands import corpus, fetch, lake, metrics, night
    from malmoi.trial import command as trial

    this = argparse.ArgumentParser(
        prog="malmoi", description="Korean web text into training text: the pieces of a night from a shell."
    )
    commands = this.add_subparsers(dest="command", required=True, metavar="COMMAND")
    trial.add_parser(commands)
    fetch.add_parsers(commands)
    night.add_parsers(commands)
    corpus.add_parsers(commands)
    lake.add_parsers(commands)
    metrics.add_parsers(commands)
    return this


if __name__ == "__main__":
    sys.exit(main())
