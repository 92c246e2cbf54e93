"""What a question is limited to: the components that say so, and the limits that are on, above the question box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from qa.schema import DESIGNS, ROLES, Facets, Filters, Role
from qa.ui import browser, frame, words

#: Values of the components, in the order of :attr:`Narrow.inputs`.
Values = Sequence[Any]


class Narrow:
    """The components of the limits. Their values are the browser's; limits that have no component are in ``more``."""

    def __init__(self) -> None:
        with gr.Accordion(words.NARROW, open=False, elem_id="narrow") as self.accordion:
            with gr.Row():
                year: dict[str, Any] = {"precision": 0, "minimum": 0, "maximum": 9999, "min_width": 110, "scale": 0}
                self.first = gr.Number(label=words.YEAR_FROM, elem_id="year-from", **year)
                self.last = gr.Number(label=words.YEAR_TO, elem_id="year-to", **year)
                self.journals = gr.Dropdown(
                    [],
                    label=words.JOURNAL,
                    multiselect=True,
                    allow_custom_value=True,
                    elem_id="journals",
                    min_width=220,
                )
                self.sound = gr.Checkbox(label=words.NOT_RETRACTED, elem_id="not-retracted", min_width=240, scale=0)
            self.roles = gr.CheckboxGroup(_roles({}), label=words.ROLE, elem_id="roles")
            self.designs = gr.CheckboxGroup(list(DESIGNS), label=words.DESIGN, elem_id="designs")
        self.limits = gr.HTML(elem_id="limits", apply_default_css=False, js_on_load=None)
        self.more = gr.JSON({}, visible=False)
        self.chosen = (self.first, self.last, self.journals, self.roles, self.designs, self.sound)
        self.inputs = [*self.chosen, self.more]

    @staticmethod
    def filters(values: Values) -> Filters:
        """The filters that the components' values stand for."""
        first, last, journals, roles, designs, sound, more = values
        years = (int(first) if first else None, int(last) if last else None)
        return replace(
            browser.filters(more),
            years=years,
            journals=browser.strings(journals),
            roles=tuple(role for role in ROLES if role in (roles or ())),
            designs=tuple(design for design in DESIGNS if design in (designs or ())),
            not_retracted=bool(sound),
        )

    def updates(self, filters: Filters) -> dict[Any, Any]:
        """What the components show so that they stand for these filters."""
        designs = tuple(name for name in filters.designs if name in DESIGNS)
        shown = replace(
            filters, years=(None, None), journals=(), roles=(), not_retracted=False,
            designs=tuple(name for name in filters.designs if name not in DESIGNS),
        )  # fmt: skip
        return {
            self.first: filters.years[0],
            self.last: filters.years[1],
            self.journals: list(filters.journals),
            self.roles: [str(role) for role in filters.roles],
            self.designs: list(designs),
            self.sound: filters.not_retracted,
            self.more: shown.to_dict(),
            self.limits: frame.limits(filters),
        }

    def counted(self, facets: Facets, values: Values) -> dict[Any, Any]:
        """The choices with their counts: what the library holds, and what is chosen already."""
        _, _, journals, _, designs, _, _ = values
        held = dict(facets.designs)
        named = [name for name in DESIGNS if name in held or name in (designs or ())]
        known = dict(facets.journals)
        missing = [name for name in journals or () if name not in known]
        years = [str(year) if year else "" for year in facets.years]
        return {
            self.first: gr.update(placeholder=years[0]),
            self.last: gr.update(placeholder=years[1]),
            self.journals: gr.update(
                choices=[*((f"{name} ({count:,})", name) for name, count in known.items()), *missing]
            ),
            self.roles: gr.update(choices=_roles(dict(facets.roles))),
            self.designs: gr.update(choices=[(f"{name} ({held.get(name, 0):,})", name) for name in named]),
            self.sound: gr.update(label=words.NOT_RETRACTED_COUNT.format(count=facets.retracted)),
        }


def _roles(counts: dict[str, int]) -> list[tuple[str, Role]]:
    """The roles by the words that the page has for them."""
    return [
        (f"{words.ROLE_WORDS[role]} ({counts[role]:,})" if role in counts else words.ROLE_WORDS[role], role)
        for role in ROLES
    ]
