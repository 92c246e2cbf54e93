"""CFF, the citation file that software brings along (CITATION.cff): itself, what to cite for it, its references.

YAML is read with its events turned into nothing but texts, lists and tables: no type is guessed ("no", 2007-05-01), no
object made, no alias followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.errors import Broken
from qa.reading.headings import find_sections
from qa.reading.mapping import clean_abstract, find_doi, find_year, join_pages, to_entry
from qa.reading.source import Format, Source
from qa.schema import Entry, Skip

if TYPE_CHECKING:
    import yaml

_SNIFF = re.compile(r"^[\"']?cff-version[\"']?[ \t]*:", re.M)
_ALIAS = re.compile(r"(?:^|[\s\[,:-])\*[^\s*]", re.M)
_MAX = 256 * 1024  #: characters, which take a second; a citation file has a few thousand, with many references 100,000
_WHERE = ("journal", "conference", "collection-title", "publisher")


def _sniff(head: str) -> bool:
    return bool(_SNIFF.search(head))


def _read(source: Source) -> Iterator[Entry]:
    root = _Table(_compose(source))
    yield _entry(source, root)
    for key in ("preferred-citation", "references"):
        for node in root.items(key):
            yield _entry(source, _Table(node))


def _compose(source: Source) -> yaml.Node:
    import yaml

    text = source.text()
    if len(text) > _MAX:
        raise Broken(source.path, "is a citation file of more than 256 kB, as none is. Fetch it again.")
    try:
        if _ALIAS.search(text) and any(
            isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)
        ):
            raise Broken(
                source.path,
                "uses YAML aliases, as no citation file does and attacks on readers do. Write out what they stand for.",
            )
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else 0
        why = getattr(error, "problem", None) or "not well formed"
        raise Broken(source.path, f"is not YAML ({why}). Correct the line, or fetch it again.", line) from error
    except RecursionError as error:
        raise Broken(source.path, "is YAML nested deeper than any citation file. Fetch it again.") from error
    if root is None or not _is_table(root):
        raise Broken(source.path, "is YAML, but not a table of fields as a citation file is. Fetch it again.")
    return root


class _Table:
    """A YAML node as a table of its keys; any other node is an empty one."""

    def __init__(self, node: yaml.Node) -> None:
        self.line = node.start_mark.line + 1
        self.nodes: dict[str, yaml.Node] = {
            key.value: value for key, value in (node.value if _is_table(node) else ()) if isinstance(key.value, str)
        }

    def text(self, *keys: str) -> str:
        """The first of these that is a text."""
        return next(
            (
                node.value
                for key in keys
                if (node := self.nodes.get(key)) and isinstance(node.value, str) and node.value
            ),
            "",
        )

    def items(self, key: str) -> list[yaml.Node]:
        """What stands in a list; a single thing is a list of one."""
        node = self.nodes.get(key)
        if node is None:
            return []
        if isinstance(node.value, list) and not _is_table(node):
            return list(node.value)
        return [node] if node.value else []


def _is_table(node: yaml.Node | None) -> bool:
    """A table's value is a list of pairs, a list's one of nodes, a text's the text."""
    return node is not None and isinstance(node.value, list) and bool(node.value) and isinstance(node.value[0], tuple)


def _entry(source: Source, table: _Table) -> Entry:
    if not table.nodes:
        return Skip(source.path, table.line, "the reference is not a table of fields")
    # Line ends of a block are where its writer's editor wrapped it.
    abstract = clean_abstract(" ".join(table.text("abstract").split()))
    ids = [_Table(node) for node in table.items("identifiers")]
    doi = table.text("doi") or next((one.text("value") for one in ids if one.text("type") == "doi"), "")
    where = [table.text(key) or _Table(node).text("name") for key in _WHERE if (node := table.nodes.get(key))]
    dates = ("year", "date-released", "date-published", "issue-date")
    return to_entry(
        source,
        table.line,
        title=table.text("title"),
        abstract=abstract,
        sections=find_sections(abstract),
        authors=[_name(_Table(node)) for node in table.items("authors")],
        journal=next(filter(None, where), ""),
        year=next((year for date in dates if (year := find_year(table.text(date)))), None),
        volume=table.text("volume"),
        issue=table.text("issue"),
        pages=table.text("pages") if not table.text("start") else join_pages(table.text("start"), table.text("end")),
        doi=find_doi(doi),
        pmid=table.text("pmid"),
        pmcid=table.text("pmcid"),
        url=next((url for key in ("url", "repository-code", "repository") if (url := table.text(key))), ""),
        language=next((node.value for node in table.items("languages") if isinstance(node.value, str)), ""),
        publication_types=[table.text("type") or "software"],
        keywords=[node.value for node in table.items("keywords") if isinstance(node.value, str)],
    )


def _name(table: _Table) -> str:
    """A person as "van Smith, Joe, Jr."; an organisation, or an alias, by its name."""
    family = " ".join(filter(None, (table.text("name-particle"), table.text("family-names"))))
    person = ", ".join(filter(None, (family, table.text("given-names"), table.text("name-suffix"))))
    return person or table.text("name", "alias")


FORMAT = Format("cff", "citation file", (".cff",), _sniff, _read)
