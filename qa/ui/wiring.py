"""How events are wired: nothing covers the page while one runs, none is a public endpoint, and no news is lost."""

from __future__ import annotations

from typing import Any

#: For what does something: while it runs, it is not done a second time. A double click makes one library.
DO: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "once"}

#: For what is done each time, also while it runs: two boxes ticked in quick succession, two files dropped.
EACH: dict[str, Any] = {**DO, "trigger_mode": "multiple"}

#: For what shows how things stand: asked for again while it runs, it is run once more afterwards. Gradio would drop the
#: second wish by itself, also behind ``then``, and the page would keep showing what was true before.
SHOW: dict[str, Any] = {**DO, "trigger_mode": "always_last"}
