r"""TeX, as BibTeX files hold it, made into plain text: ``G{\"o}del`` is Gödel, ``p {\textless} 0.05`` is p < 0.05.

Half of what is in these files never went through TeX: databases write "100% of $500" as it is. So a sign that TeX would
take as its own (a percent sign, a dollar that pairs with none, a command that nobody knows) stays as it stands.
"""

from __future__ import annotations

import re
import unicodedata

from qa.reading.mapping import clean, words

_GREEK = words(
    """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi
    psi omega
    """
)

#: Commands that stand for a character.
_SYMBOLS: dict[str, str] = {
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {name}") for name in _GREEK},
    **{name.capitalize(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name}") for name in _GREEK},
    **{"lambda": "λ", "Lambda": "Λ", "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "varsigma": "ς", "varrho": "ϱ"},
    **{"ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å"},
    **{"l": "ł", "L": "Ł", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ"},
    **{"i": "ı", "j": "ȷ", "imath": "ı", "jmath": "ȷ", "ell": "ℓ", "hbar": "ℏ", "textordfeminine": "ª"},
    **{"textless": "<", "textgreater": ">", "textbar": "|", "textbackslash": "\\", "backslash": "\\", "slash": "/"},
    **{"textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textdollar": "$", "textpercent": "%"},
    **{"textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "lq": "‘"},
    **{"rq": "’", "textquotesingle": "'", "textquotedbl": '"', "quotedblbase": "„", "quotesinglbase": "‚"},
    **{"guillemotleft": "«", "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "glqq": "„"},
    **{"grqq": "“", "textemdash": "—", "textendash": "–", "ldots": "…", "dots": "…", "textellipsis": "…"},
    **{"cdots": "⋯", "textbullet": "•", "bullet": "•", "textdegree": "°", "degree": "°", "deg": "°", "circ": "°"},
    **{"textmu": "µ", "micro": "µ", "texttimes": "×", "times": "×", "textpm": "±", "pm": "±", "mp": "∓", "div": "÷"},
    **{"textdiv": "÷", "cdot": "·", "textperiodcentered": "·", "ast": "*", "textasteriskcentered": "*", "star": "⋆"},
    **{"textregistered": "®", "textcopyright": "©", "copyright": "©", "texttrademark": "™", "textsection": "§"},
    **{"S": "§", "P": "¶", "textparagraph": "¶", "pounds": "£", "textsterling": "£", "texteuro": "€", "euro": "€"},
    **{"textyen": "¥", "textcent": "¢", "textonehalf": "½", "textonequarter": "¼", "textthreequarters": "¾"},
    **{"dag": "†", "dagger": "†", "textdagger": "†", "ddag": "‡", "ddagger": "‡", "prime": "′", "permil": "‰"},
    **{"textperthousand": "‰", "textonesuperior": "¹", "texttwosuperior": "²", "textthreesuperior": "³"},
    **{"le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">"},
    **{"ne": "≠", "neq": "≠", "approx": "≈", "sim": "∼", "textasciimacron": "¯", "simeq": "≃", "cong": "≅"},
    **{"equiv": "≡", "propto": "∝", "ll": "≪", "gg": "≫", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑"},
    **{"prod": "∏", "int": "∫", "sqrt": "√", "in": "∈", "notin": "∉", "cap": "∩", "cup": "∪", "subset": "⊂"},
    **{"subseteq": "⊆", "emptyset": "∅", "forall": "∀", "exists": "∃", "neg": "¬", "lnot": "¬", "wedge": "∧"},
    **{"vee": "∨", "oplus": "⊕", "otimes": "⊗", "perp": "⊥", "mid": "|", "vert": "|", "to": "→", "rightarrow": "→"},
    **{"leftarrow": "←", "leftrightarrow": "↔", "uparrow": "↑", "downarrow": "↓", "Rightarrow": "⇒", "mapsto": "↦"},
    **{"textrightarrow": "→", "textleftarrow": "←", "Box": "□", "Diamond": "◇", "square": "□", "angle": "∠"},
    **{"par": " ", "newline": " ", "linebreak": " ", "quad": " ", "qquad": " ", "space": " ", "nobreakspace": " "},
    **{"TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX"},
    **{name: name for name in words("log ln exp min max sin cos tan sup inf lim det mod")},
}

#: Commands that only say how the text is set: the text stays, the command goes.
_STYLES = words(
    """
    emph textbf textit textsc texttt textrm textsf textsl textup textmd textnormal textsuperscript textsubscript em it
    bf sc sl tt rm sf bfseries itshape scshape slshape upshape ttfamily rmfamily sffamily normalfont small large tiny
    footnotesize normalsize mathrm mathbf mathit mathcal mathsf mathbb mathtt mathfrak boldsymbol bm text mbox hbox
    ensuremath protect relax noindent left right big Big displaystyle textstyle url path nolinkurl uline underline
    overline operatorname enquote NoCaseChange bibstring relsize cite citep citet xspace break nobreak hspace
    """
)

#: The combining character of each accent.
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip

_SPECIAL = re.compile(r"[\\{}$~]|--|``")
_TOKEN = re.compile(
    r"""
      \\(?P<accent>[`'^"~=.]|[uvHtcdbkr](?![A-Za-z]))            # \"o  \"{o}  {\c c}  \'{\i}  \v{s}
        [ \t]*(?:\{[ \t]*(?P<in>\\?[^\W\d_]{0,2})[ \t]*\}|(?P<on>\\[ij](?![A-Za-z])|[^\W\d_]))
    | \\href[ \t]*\{[^{}]*\}                                     # the address; the text behind it stays
    | \\frac[ \t]*\{(?P<above>[^{}]*)\}[ \t]*\{(?P<below>[^{}]*)\}
    | \\(?P<command>[A-Za-z]+)(?P<gap>[ \t\n]+|\{\})?
    | \\(?P<sign>.)
    | (?P<dash>---?(?!-))
    | (?P<tie>(?<=\S)~(?=\S))
    | [{}]
    """,
    re.X | re.S,
)
_SIGNS = {"\\": " ", "\n": " ", " ": " ", ",": " ", ";": " ", ":": " ", "!": "", "-": "", "/": "", "(": "", ")": ""}
_MATH = re.compile(r"(?<!\\)\$\$?(?!\s)([^$]{1,400}?)(?<![\s\\])\$\$?(?!\d)")
_IS_MATH = re.compile(r"[\\^_{}<>=+*]|^[A-Za-z]$|^-?[\d.,]+$")
#: "\\{AI\\}": the braces that keep capitals, escaped by a publisher's site.
_KEPT = re.compile(r"\\\{([A-Z][A-Za-z0-9]{0,15})\\\}")
_QUOTED = re.compile(r"``([^`]{0,2000}?)''")


def to_text(text: str) -> str:
    """The text that TeX would set, in Unicode; white space as it is. What has no TeX in it comes back unchanged."""
    if not _SPECIAL.search(text):
        return text
    text = _KEPT.sub(r"\1", text)
    text = _QUOTED.sub(r"“\1”", text)
    if "$" in text:
        text = _MATH.sub(_formula, text)
    return _TOKEN.sub(_replace, text)


def formula_to_text(formula: str) -> str:
    """A formula, without dollars around it, as far as letters can show it."""
    return clean(_TOKEN.sub(_replace, _letters(formula)))


def to_address(text: str) -> str:
    """A DOI or a link without braces and without the backslashes before characters that TeX takes as its own."""
    text = re.sub(r"\{?\\textasciitilde *(?:\{\})?\}?|\\~(?:\{\})?", "~", text)
    return re.sub(r"\\(?=[_&%#$~{}])|[{}]", "", text).strip()


def _formula(match: re.Match[str]) -> str:
    """Without its dollars and the marks of indices; two sums of money are no formula."""
    inner = match[1]
    if not _IS_MATH.search(inner):
        return match[0]
    return _letters(inner)


def _letters(formula: str) -> str:
    """A formula without the marks of indices, its commands set off from the letters behind them."""
    # Blanks mean nothing to TeX within a formula, but they part its signs for the eye.
    text = re.sub(r"(\\[A-Za-z]+)[ \t\n]+", r"\1{} ", re.sub(r"(?<!\\)[\^_]", "", formula))
    return re.sub(r"(\\[A-Za-z]+)$", r"\1{}", text)  # the letter behind "$\mu$g" is none of the command's


def _replace(match: re.Match[str]) -> str:
    if match["accent"]:
        base = match["on"] if match["in"] is None else match["in"]
        base = base.removeprefix("\\")
        # "ties" reach over two letters, every other accent sits on the first.
        return unicodedata.normalize("NFC", base[:1] + _ACCENTS[match["accent"]] + base[1:]) if base else ""
    if match["above"] is not None:
        return f"{to_text(match['above'])}/{to_text(match['below'])}"
    if name := match["command"]:
        gap = match["gap"] or ""
        if name in _SYMBOLS:
            # A blank behind a command only ends its name; but "p \\textless 0.05" was written by no one who knows that.
            sign = _SYMBOLS[name]
            return f"{sign} " if gap.isspace() and unicodedata.category(sign[0]) == "Sm" else sign
        return "" if name in _STYLES else match[0].removesuffix("{}") if gap == "{}" else match[0]
    if sign := match["sign"]:
        return _SIGNS.get(sign, sign)
    if match["dash"]:
        return "—" if match["dash"] == "---" else "–"
    return " " if match["tie"] else ""
