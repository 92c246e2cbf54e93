"""The command line; ``--json`` prints what programs want to read."""

from qa.cli.grammar import main, parser

__all__ = ["main", "parser"]
