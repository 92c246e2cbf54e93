"""What the tagged formats share: the fields of an entry, gathered line by line."""

from __future__ import annotations

from collections import defaultdict


class Fields:
    """The fields of one entry, by tag: each tag's values in order, each value the lines it is wrapped over.

    Lines are joined once, at the end: an abstract of a million lines takes no longer than one of a million words.
    ``line`` is where the entry begins.
    """

    def __init__(self, line: int = 0) -> None:
        self.line = line
        self._values: defaultdict[str, list[list[str]]] = defaultdict(list)

    def __bool__(self) -> bool:
        return bool(self._values)

    def __contains__(self, tag: str) -> bool:
        return tag in self._values

    def begin(self, tag: str, text: str) -> None:
        """A new value."""
        self._values[tag].append([text.strip()])

    def go_on(self, tag: str, text: str) -> None:
        """One more line of the last value."""
        self._values[tag][-1].append(text.strip())

    def last(self, tag: str) -> str:
        """The last line of the last value."""
        return self._values[tag][-1][-1]

    def joined(self) -> dict[str, list[str]]:
        """Tag → values, the lines of each set in a row with a blank between."""
        return {tag: [" ".join(lines).strip() for lines in values] for tag, values in self._values.items()}
