"""What a browser sends, made what it should be: a page of ours sends nothing else, but anybody can send anything.

What is none of ours is passed over, as if it had not been sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from qa.schema import Filters, Turn

#: Where a browser is: the library's name, the conversation's id, and turns that could not be kept.
Seat = Mapping[str, Any]


def text(value: object) -> str:
    """A string that can be stored and sent; '' for what is none. Halves of characters are replaced."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def seat(value: object) -> Seat:
    """Where a browser says that it is."""
    plain = value if isinstance(value, dict) else {}
    found = {name: text(plain[name]) for name in ("library", "conversation") if plain.get(name)}
    return {**found, "turns": plain["turns"]} if isinstance(plain.get("turns"), list) else found


def turns(seat: Seat) -> list[Turn]:
    """The turns that could not be kept."""
    found = []
    for plain in seat.get("turns", ()):
        if isinstance(plain, dict) and isinstance(shown := plain.get("shown", 0), int):
            limits = {name: filters(plain.get(name)) for name in ("filters", "switched")}
            records = strings(plain.get("records"))
            found.append(Turn(text(plain.get("asked")), limits["filters"], shown, records, limits["switched"]))
    return found


def filters(value: object) -> Filters:
    """Limits, of which each is of its own type."""
    found: dict[str, Any] = {}
    for field in fields(Filters):
        given = value.get(field.name) if isinstance(value, dict) else None
        if isinstance(given, bool):
            found |= {field.name: given} if isinstance(field.default, bool) else {}
        elif field.name == "years":
            found |= {"years": tuple(given)} if isinstance(given, list) and _is_years(given) else {}
        elif isinstance(field.default, tuple):
            found[field.name] = strings(given)
        elif isinstance(given, int) and field.default is None:
            found[field.name] = given
    return Filters(**found)


def _is_years(value: list[Any]) -> bool:
    return len(value) == 2 and all(one is None or (isinstance(one, int) and 0 <= one <= 9999) for one in value)


def strings(value: object) -> tuple[str, ...]:
    """The strings of a list."""
    return tuple(text(one) for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def told(event: Any) -> dict[str, Any]:
    """What came with an event of ours, with strings that can be stored."""
    return given(event._data)


def given(value: object) -> dict[str, Any]:
    """An object of JSON, with strings that can be stored."""
    plain = value if isinstance(value, dict) else {}
    return {name: text(one) if isinstance(one, str) else one for name, one in plain.items()}
