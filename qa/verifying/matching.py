"""One piece against the library: the records that could hold it, and how it stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from qa.schema import Field, Record
from qa.sentences.splitter import spans
from qa.storage import Store
from qa.verifying.alignment import Alignment, Run, align
from qa.verifying.finding import Difference, Finding, Place, Verdict
from qa.verifying.pieces import Piece
from qa.verifying.tokens import Token, tokens, typography
from qa.verifying.wording import Segment, Wording, wordings

#: Records that a piece with other words is compared with.
NEAREST = 30

#: Up to this share of its words may be others for a piece to stand there almost; one word always may.
SHARE = 0.3
_CHANGE = 5  # what one word more or less costs in an alignment

#: Places of a first segment from which the next are looked for.
_STARTS = 100

#: Records named that hold the same.
_ALSO = 10

_NEGATIONS = frozenset(["not", "no", "nor", "never", "without", "neither", "cannot"])


@dataclass(frozen=True, slots=True)
class _Fit:
    """Where a wording stands in a record word for word."""

    record: Record
    field: Field
    matched: tuple[Token, ...]  # of the record's text
    typography: tuple[str, ...]
    heading: bool  # whether a heading that stands between was passed over

    @property
    def place(self) -> Place:
        text: str = getattr(self.record, self.field)
        start, end = self.matched[0].start, self.matched[-1].end
        return Place(self.record.id, self.field, start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class _Near:
    """Where a wording stands in a record almost: an alignment for each of its segments."""

    cost: int
    record: Record
    field: Field
    wording: Wording
    run: Run
    alignments: tuple[Alignment, ...]


class Matcher:
    """Looks for pieces in one library. The store must have caught up, and must not change meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._runs = lru_cache(maxsize=256)(_runs)

    def find(self, piece: Piece) -> Finding:
        """Whether a piece stands in the library, and where; see :class:`qa.verifying.finding.Finding`."""
        ways = wordings(piece.text)
        for wording in ways:
            if fits := list(islice(self._fits(wording, self._holding(wording)), _ALSO)):
                return self._stands(piece, ways, wording, fits)
        near = self._nearest(ways)
        for wording in ways:
            # What the index spells otherwise (accents in pieces, hyphens unseen) it finds only among the nearest.
            if fits := list(self._fits(wording, near)):
                return self._stands(piece, ways, wording, fits)
        parts = self._parts(piece)
        there = [finding.place.record_id for finding in parts if finding.stands and finding.place]
        if parts and len(there) == len(parts):
            records = ", ".join(dict.fromkeys(there))
            note = f"its {len(parts)} sentences stand in the library, but not one after the other ({records})"
            return _finding(piece, "almost", parts[0].place, notes=(note,))
        almost = self._almost(piece, ways, near)
        if almost is not None:
            return almost
        notes = (f"of its {len(parts)} sentences, {len(there)} in the library",) if there else ()
        return _finding(piece, "absent", notes=notes)

    # -- candidates --------------------------------------------------------------------------------------------

    def _holding(self, wording: Wording) -> Iterator[Record]:
        """The records that hold every word of a wording, best first; all records where it has only stop words."""
        words = self._words(wording)
        rows = [row for row, _ in self._store.lexical(words, self._count, every=True)] if words else self._rows
        for start in range(0, len(rows), 50):
            portion = self._store.stored(rows[start : start + 50])
            yield from (portion[row].record for row in rows[start : start + 50])

    def _nearest(self, ways: Sequence[Wording]) -> list[Record]:
        """The records that hold most of the words of a piece, best first."""
        found = (self._store.lexical(self._words(wording), NEAREST) for wording in ways)
        rows = list(dict.fromkeys(row for hits in found for row, _ in hits))
        portion = self._store.stored(rows)
        return [portion[row].record for row in rows]

    def _words(self, wording: Wording) -> list[str]:
        return list(dict.fromkeys(self._store.words(" ".join(token.folded for token in wording.tokens))))

    @property
    def _count(self) -> int:
        return max(1, self._store.database.counts()[0])

    @property
    def _rows(self) -> list[int]:
        return self._store.database.rows()

    # -- word for word -----------------------------------------------------------------------------------------

    def _fits(self, wording: Wording, records: Iterable[Record]) -> Iterator[_Fit]:
        for record in records:
            fit = next(self._in_record(wording, record), None)
            if fit:
                yield fit

    def _in_record(self, wording: Wording, record: Record) -> Iterator[_Fit]:
        for field, text, run, whole in self._runs(record):
            places = _places(wording.segments, run)
            if places is None:
                continue
            parts = [
                run.tokens[at : at + len(segment.tokens)] for at, segment in zip(places, wording.segments, strict=True)
            ]
            kinds = (kind for part, segment in zip(parts, wording.segments, strict=True)
                     for kind in typography(wording.text, segment.tokens, text, part, wording.piece))  # fmt: skip
            matched = tuple(token for part in parts for token in part)
            yield _Fit(record, field, matched, tuple(dict.fromkeys(kinds)), not whole)

    def _stands(self, piece: Piece, ways: Sequence[Wording], wording: Wording, fits: Sequence[_Fit]) -> Finding:
        fit = min(fits, key=lambda one: len(one.typography))
        notes = list(wording.notes)
        place = fit.place
        if fit.heading:
            notes.append("a heading between is left out")
        covered = self._sentences(place)
        if covered > 1 and len(wording.segments) == 1:
            notes.append(f"spans {covered} sentences")
        also = tuple(dict.fromkeys(one.record.id for one in fits if one.record.id != fit.record.id))
        put_in = tuple(Difference(words, "") for words in wording.put_in)
        telling = tuple(_telling(put_in))
        if telling:  # a "[not]", or else brackets of the library's own with another number in them
            faithful = [way for way in ways if not way.put_in]
            almost = self._almost(piece, faithful, self._nearest(faithful))
            if almost is not None:
                return almost
        verdict: Verdict = "almost" if telling else "typography" if fit.typography else "exact"
        return _finding(piece, verdict, place, put_in if telling else (), fit.typography, (*notes, *telling), also)

    def _sentences(self, place: Place) -> int:
        """How many sentences of its record a place touches."""
        stored = self._store.database.by_id([place.record_id])[place.record_id]
        own = self._store.database.sentences(stored).values()
        return sum(s.field == place.field and s.start < place.end and place.start < s.end for s in own)

    # -- almost ------------------------------------------------------------------------------------------------

    def _almost(self, piece: Piece, ways: Sequence[Wording], records: Sequence[Record]) -> Finding | None:
        best: _Near | None = None
        for wording in ways:
            allowed = int(_CHANGE * max(1, SHARE * sum(token.is_word for token in wording.tokens)))
            for record in records:
                for field, _, run, _ in self._runs(record):
                    alignments = tuple(_align(wording.segments, run, allowed))
                    cost = sum(one.cost for one in alignments)
                    if alignments and (best is None or cost < best.cost):
                        best = _Near(cost, record, field, wording, run, alignments)
        if best is None:
            return None
        differences = tuple(_differences(best))
        theirs = [best.run.tokens[at] for one in best.alignments for at in (one.start, one.end - 1)]
        text: str = getattr(best.record, best.field)
        start, end = theirs[0].start, theirs[-1].end
        place = Place(best.record.id, best.field, start, end, text[start:end])
        return _finding(piece, "almost", place, differences, notes=(*best.wording.notes, *_telling(differences)))

    def _parts(self, piece: Piece) -> list[Finding]:
        """What is found of the sentences of a piece, each alone; empty where it is one sentence."""
        parts = [Piece(piece.text[a:b], piece.start + a, piece.start + b, piece.kind) for a, b in spans(piece.text)]
        if len(parts) < 2:
            return []
        return [self.find(part) for part in parts if any(token.is_word for token in tokens(part.text))]


def _finding(
    piece: Piece,
    verdict: Verdict,
    place: Place | None = None,
    differences: tuple[Difference, ...] = (),
    typography: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
) -> Finding:
    return Finding(piece.text, piece.start, piece.end, piece.kind, verdict, place, differences, typography, notes, also)


def _runs(record: Record) -> tuple[tuple[Field, str, Run, bool], ...]:
    """The runs of tokens in which a piece may stand: (field, its text, run, whether headings are in it)."""
    whole = tokens(record.abstract)
    runs: list[tuple[Field, str, Run, bool]] = [
        ("title", record.title, Run(tokens(record.title)), True),
        ("abstract", record.abstract, Run(whole), True),
    ]
    parts = [token for section in record.sections for token in tokens(record.abstract, section.start, section.end)]
    if parts and len(parts) < len(whole):
        runs.append(("abstract", record.abstract, Run(parts), False))
    if record.body:
        runs.append(("body", record.body, Run(tokens(record.body)), True))
    return tuple(runs)


def _places(segments: Sequence[Segment], run: Run) -> list[int] | None:
    """Where each of the segments begins in a run, in order and no further apart than their gaps allow."""
    first, *rest = segments
    for at in islice(run.all(first.tokens), _STARTS):
        places, end = [at], at + len(first.tokens)
        for segment in rest:
            at = run.find(segment.tokens, end)
            if at < 0 or (segment.gap is not None and at > end + segment.gap):
                break
            places.append(at)
            end = at + len(segment.tokens)
        else:
            return places
    return None


def _align(segments: Sequence[Segment], run: Run, allowed: int) -> list[Alignment]:
    """Where each of the segments stands almost, in order; empty where it costs more than is allowed."""
    if run.lacks([token for segment in segments for token in segment.tokens]) > allowed:
        return []
    found: list[Alignment] = []
    end = 0
    for number, segment in enumerate(segments):
        reach = len(run.tokens)
        if number and segment.gap is not None:
            reach = end + segment.gap + 2 * len(segment.tokens)
        best = align(segment.tokens, run.tokens[end:reach]).moved(end)
        if best.start == best.end:
            return []
        found.append(best)
        end = best.end
    return found if sum(one.cost for one in found) <= allowed else []


def _differences(near: _Near) -> Iterator[Difference]:
    """What was changed, run by run of neighbouring changes."""
    text: str = getattr(near.record, near.field)
    theirs = near.run.tokens
    for segment, alignment in zip(near.wording.segments, near.alignments, strict=True):
        changed: list[tuple[int, int]] = []
        for i, j in (*alignment.pairs, (-1, -1)):  # the last pair is none: it closes what is open
            if (i, j) != (-1, -1) and not (i >= 0 and j >= 0 and segment.tokens[i].folded == theirs[j].folded):
                changed.append((i, j))
                continue
            if changed:
                given = [segment.tokens[i] for i, _ in changed if i >= 0]
                stands = [theirs[j] for _, j in changed if j >= 0]
                yield Difference(_slice(near.wording.text, given), _slice(text, stands))
            changed = []


def _slice(text: str, found: Sequence[Token]) -> str:
    return text[found[0].start : found[-1].end].replace("\u2060", "") if found else ""


def _telling(differences: Sequence[Difference]) -> Iterator[str]:
    """Notes on differences that turn a finding into another."""
    words = [token.folded for one in differences for text in (one.given, one.stands) for token in tokens(text)]
    if any(word[0].isdigit() for word in words):
        yield "a number differs"
    if any(word in _NEGATIONS or word.endswith("n't") for word in words):
        yield "a negation differs"
