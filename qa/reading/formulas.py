"""MathML → a line of text, as one would type it: "R2 = 0.74", "5 × 10⁻³", "(a + b)/2"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.reading.indices import high, is_number, raised
from qa.reading.mapping import clean, words

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACED = words("= ≠ < > ≤ ≥ ⩽ ⩾ ≈ ≅ ≃ ≡ ∼ ~ ± ∓ × ÷ → ← ↔ ⇒ ⇔ ∈ ∉ ⊂ ⊆ ∪ ∩ ∝ ≪ ≫ ∧ ∨ := ∣ ⟶")
_SIGNS = words("+ - − –")
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")
#: MathML can also say what is meant rather than how it looks; of that, the few names that are one sign.
_NAMED = {"infinity": "∞", "pi": "π", "plus": "+", "minus": "−", "times": "×", "eq": "=", "lt": "<", "gt": ">",
          "leq": "≤", "geq": "≥", "approx": "≈", "in": "∈", "reals": "ℝ", "complexes": "ℂ", "integers": "ℤ",
          "emptyset": "∅", "sep": " ", "mspace": " ", "none": "", "mprescripts": ""}  # fmt: skip


def formula(math: _Element) -> str:
    """A MathML formula in one line; what it cannot show (a matrix, what is above or below) stands side by side."""
    texts: dict[_Element, str] = {}
    # Children before their parents, without recursion: hostile formulas are nested deeply.
    for one in reversed(list(math.iter("{*}*"))):
        texts[one] = _written(one, [texts.pop(child, "") for child in one])
    return re.sub(r"\s+", " ", texts[math])


def _written(one: _Element, inner: list[str]) -> str:
    name = str(one.tag).rpartition("}")[2]
    match name, inner:
        case (("mi" | "mn" | "cn" | "ci"), []):
            return clean(one.text or "").translate(_INVISIBLE)
        case (("mtext" | "ms"), []):
            return (one.text or "").translate(_INVISIBLE)
        case ("mo", []):
            return _operator(one)
        case ("msup", [base, upper]) | ("msubsup", [base, "", upper]):
            return _with_index(base, upper, "sup")
        case ("msub", [base, low]) | ("msubsup", [base, low, ""]):
            return _with_index(base, low, "sub")
        case ("msubsup", [base, low, upper]):
            return _with_index(_with_index(base, low, "sub"), upper, "sup")
        case ("mmultiscripts", [base, *scripts]):
            return _scripts(one, base, scripts)
        case ("mfrac", [above, below]):
            return f"{_grouped(above)}/{_grouped(below)}"
        case ("msqrt", _):
            return f"√{_grouped(''.join(inner))}"
        case ("mroot", [base, degree]):
            return f"{high(degree)}√{_grouped(base)}"
        case ("mfenced", _):
            marks = [char for char in one.get("separators", ",") if not char.isspace()]
            between = [f"{marks[min(at, len(marks) - 1)]} " if marks else "" for at in range(len(inner) - 1)]
            body = "".join(text + mark for text, mark in zip(inner, [*between, ""], strict=False))
            return one.get("open", "(") + body + one.get("close", ")")
        case (("munder" | "mover"), [base, other]):
            return base if len(other) == 1 and not other.isalnum() else _with_index(base, other, "sub")
        case ("munderover", [base, low, upper]):
            return _with_index(_with_index(base, low, "sub"), upper, "sup")
        case (("mtable" | "mtr" | "mlabeledtr" | "matrix" | "matrixrow" | "vector" | "apply"), _):
            return f" {' '.join(filter(None, inner))} "
        case (("semantics" | "maction"), [first, *_]):
            return first  # the rest says the same again
        case (("annotation" | "annotation-xml"), _):
            return ""
    return _NAMED.get(name, clean(one.text or "")) if not inner else "".join(inner)


def _operator(one: _Element) -> str:
    text = clean(one.text or "").translate(_INVISIBLE)
    if text in _SPACED or (text in _SIGNS and one.getprevious() is not None and one.getnext() is not None):
        return f" {text} "
    return f"{text} " if text in (",", ";") else text


def _with_index(base: str, index: str, kind: str) -> str:
    """ "x" and "2" as "x2", "x" and "n+1" as "x^(n+1)"; "10" and "3" as "10³"."""
    bare = re.sub(r"\s", "", index)
    if not bare or not base.strip():
        return base + bare
    if is_number(bare) or not any(char.isalnum() for char in bare):
        return base + raised(bare, base, kind)
    if kind == "sub" and bare.isalnum() and not base[-1].isdigit():
        return base + bare
    return base + ("^" if kind == "sup" else "_") + _grouped(bare)


def _scripts(one: _Element, base: str, scripts: list[str]) -> str:
    """Isotopes: the 129 of ¹²⁹Xe stands before the Xe, and is written behind it."""
    names = [str(child.tag).rpartition("}")[2] for child in one][1:]
    split = names.index("mprescripts") if "mprescripts" in names else len(scripts)
    return "".join(scripts[split:]) + base + "".join(scripts[:split])


def _grouped(text: str) -> str:
    """In brackets, unless it is one thing."""
    text = text.strip()
    whole = re.fullmatch(r"[\w.,′∞√]*", text) or re.fullmatch(r"\([^()]*\)", text)
    return text if whole else f"({text})"
