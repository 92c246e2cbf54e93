"""A question that is being answered: its stages as they come, and a way to stop."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from qa.schema import Answer, Progress, ProgressCallback

#: Seconds without news after which whoever waits gets a chance to stop.
PULSE = 0.2


class _Stopped(Exception):
    """Raised in the thread that searches, when nobody waits for the answer any more."""


def steps(ask: Callable[[ProgressCallback], Answer]) -> Iterator[Progress | Answer | None]:
    """Each stage of ``ask``, None every so often while one lasts, and at last the answer; what it raises is raised.

    Closing the iterator ends the search when the stage that runs is over.
    """
    told: queue.SimpleQueue[Progress | Answer | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def tell(step: Progress) -> None:
        if stop.is_set():
            raise _Stopped
        told.put(step)

    def work() -> None:
        try:
            told.put(ask(tell))
        except _Stopped:
            pass
        except BaseException as error:  # raised again where it is waited for
            told.put(error)

    threading.Thread(target=work, name="ask", daemon=True).start()
    try:
        while True:
            try:
                step = told.get(timeout=PULSE)
            except queue.Empty:
                yield None
                continue
            if isinstance(step, BaseException):
                raise step
            yield step
            if isinstance(step, Answer):
                return
    finally:
        stop.set()
