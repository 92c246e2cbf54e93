"""Files → library, with an account of every entry: adding files, and keeping in step with a folder.

Every file is looked through once before anything is changed: a file that turns out to be broken half way leaves no
trace, and the progress knows its total. Then the entries are taken in batches, each with its page of the ledger in one
transaction: whatever interrupts it, what is stored is accounted for, and adding again goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from qa import reading
from qa.errors import LibraryError, ReadingError
from qa.intake.run import Intake
from qa.schema import ProgressCallback, Report
from qa.storage import Store
from qa.storage.variants import LESS, MORE, WHOLE
from qa.survey import place_of

if TYPE_CHECKING:
    from qa.embedding import Embedder


def add(
    paths: Sequence[Path],
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    progress: ProgressCallback | None = None,
    *,
    copies: Sequence[Path] = (),
    keep_both: bool = False,
    full_text: bool = False,
    dry_run: bool = False,
    command: str = "add",
) -> Report:
    """Read files, and those in folders, into a library and report on every entry.

    A file that cannot be read is skipped as a whole and does not keep the others from being added; the ReadingError is
    raised when there is no other. What a file says of a work that the library holds from elsewhere is merged with it,
    unless ``keep_both``; what it said when it was added before, under the same ids, is replaced. A file whose bytes are
    known is not read again. ``copies`` are those of the paths that will not stay (an upload, standard input): they are
    known by their bare names. What is new waits to be embedded (:mod:`qa.backlog`). With ``full_text``, articles
    have theirs, and files that were added without are read again. With ``dry_run`` the same report is
    made, nothing kept, and the model not loaded.
    """
    intake = Intake(store, load, lock, progress or (lambda _: None), command, (WHOLE, MORE), keep_both=keep_both)
    intake.full_text = full_text
    found = {one: path.is_dir() for path in paths for one in _files(path)}
    pages = intake.look_through(found, {path: path.name for path in copies})
    for page in pages:
        page.found = found[page.survey.path]
    failed = [page.survey.error for page in pages if page.survey.error]
    if failed and len(failed) == len(pages):
        if store.exists and not dry_run:
            intake.write_down_failures(pages)
        raise failed[0]
    return intake.rehearse(pages) if dry_run else intake.run(pages)


def sync(
    folder: Path,
    store: Store,
    load: Callable[[], Embedder],
    lock: AbstractContextManager[object],
    progress: ProgressCallback | None = None,
    *,
    full_text: bool = False,
    dry_run: bool = False,
    allow_empty: bool = False,
) -> Report:
    """Make a library hold what the files of a folder hold: new, changed and vanished ones; see :func:`add`.

    What a file held and holds no longer goes, unless another file holds it, and so do the records of vanished files. A
    file that cannot be read any more keeps its records. A file of a kind that is not read counts as a skip, not as a
    failure. LibraryError, and nothing changed, for a folder that is not there, or that is empty where it was not (a
    drive that is not mounted looks like that), unless ``allow_empty``.
    """
    if not folder.is_dir():
        raise LibraryError(f"{folder} is not a folder. Name the folder that the library is to be kept in step with.")
    own = store.folder.resolve()
    paths = [path for path in reading.files_in(folder) if own not in path.resolve().parents]
    intake = Intake(store, load, lock, progress or (lambda _: None), f"sync {folder}", (WHOLE, LESS), exact=True)
    intake.full_text = full_text
    inside = place_of(folder)
    there = {place_of(path) for path in paths}
    with lock:
        files = store.database.variants.files() if store.exists else []
    vanished = [one.path for one in files if Path(inside) in Path(one.path).parents and one.path not in there]
    if vanished and not paths and not allow_empty:
        raise LibraryError(
            f"{folder} holds no files, and the library has {len(vanished)} from it. Check that it is the folder you "
            "mean and that its drive is there; to remove their records, say --allow-empty."
        )
    pages = intake.look_through(paths)
    return (intake.rehearse if dry_run else intake.run)(pages, vanished)


def _files(path: Path) -> list[Path]:
    """The file, or the files in a folder; ReadingError for a folder with none."""
    if not path.is_dir():
        return [path]
    found = list(reading.files_in(path))
    if not found:
        raise ReadingError(path, "is a folder with no files in it. Put some exports there.")
    return found
