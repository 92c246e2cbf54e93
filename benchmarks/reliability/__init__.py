"""Trials of what `docs/reliability.md` promises. The tests run a few of each; the commands here, many."""
