"""What each event of the page may draw anew."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
import pytest
from gradio.block_function import BlockFunction

from qa import Library
from qa.ui.examples import Filling
from qa.ui.page import Page

#: What belongs to the person who asks: an event that they did not cause may have begun before an answer came, and end
#: after it.
CONVERSATION = {"turns", "now", "seat", "question", "talks"}


@pytest.fixture
def page(tmp_path: Path) -> Iterator[gr.Blocks]:
    async def blocks() -> gr.Blocks:  # where no loop runs Gradio makes one, and leaves it open
        return Page(library, Filling(library)).blocks()

    # In a thread of its own: where a test with a browser has run before, a loop runs in this one.
    with Library.open(tmp_path / "library") as library, ThreadPoolExecutor(1) as thread:
        yield thread.submit(lambda: asyncio.run(blocks())).result()


def following(page: gr.Blocks, *events: str) -> list[BlockFunction]:
    """The handlers of these events, and all that run after them."""
    handlers = list(page.fns.values())
    found = [one for one in handlers if any(event in events for _, event in one.targets)]
    for one in found:
        found += [after for after in handlers if after.trigger_after == one._id and after not in found]
    return found


def test_what_the_library_tells_of_itself_never_draws_the_conversation(page: gr.Blocks) -> None:
    handlers = following(page, "tick", "upload")
    names = {getattr(one.fn, "__name__", "") for one in handlers}
    assert {"look", "follow", "invite", "offer", "show_table"} <= names
    drawn = {output.elem_id for one in handlers for output in one.outputs}
    assert {"status", "ledger", "invitation"} <= drawn
    assert not drawn & CONVERSATION


def test_what_runs_after_something_else_is_never_dropped(page: gr.Blocks) -> None:
    """By itself Gradio drops what is asked for while it runs, and the page would go on showing what was true before."""
    after = [one for one in page.fns.values() if one.trigger_after is not None]
    assert {"look", "follow", "show_head", "show_table", "light_up", "offer"} <= {
        getattr(one.fn, "__name__", "") for one in after
    }
    assert {one.trigger_mode for one in after} == {"always_last"}


def test_no_drop_of_files_is_dropped(page: gr.Blocks) -> None:
    drops = [one for one in page.fns.values() if any(event == "upload" for _, event in one.targets)]
    assert [one.trigger_mode for one in drops] == ["multiple", "multiple"]
