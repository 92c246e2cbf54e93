"""Every word of the page, in one table: what a translation would replace. Names in braces are filled in."""

from __future__ import annotations

from typing import Final

from qa.schema import Role

NAME: Final = "Literature QA"
PROMISE: Final = "Quotes, never writes: every sentence stands word for word in your library."
ASK_TAB: Final = "Ask"
LIBRARY_TAB: Final = "Library"
LOOK_TAB: Final = "Look"
COMPARE_TAB: Final = "Compare"

BUG: Final = "Something went wrong that is not yours to mend: a bug of ours. The terminal says more."
NO_ANSWER: Final = "Nothing in your library answers this."

# -- asking ------------------------------------------------------------------------------------------------------------

#: Asked of the examples, so in the language that these are written in.
EXAMPLE_QUESTIONS: Final = (
    "How common is calcinosis in systemic sclerosis?",
    "How is calcinosis treated?",
    "How does reciprocal rank fusion combine rankings?",
)
EMPTY_TITLE: Final = "Ask the abstracts you hold."
EMPTY: Final = "The answer is sentences that stand in them, word for word, each with its source and its place."
EMPTY_NOT: Final = (
    "Nothing is written for you, nothing leaves this machine, and where your library has no answer, it says so."
)
INVITE: Final = (
    "Your library is empty. Begin with a file: drop an export of PubMed, Zotero or EndNote, or a few PDFs, anywhere on "
    "this page."
)
NOTHING_TO_READ: Final = "This library is empty. Whoever serves this page can add to it."
QUESTION: Final = "Your question"
QUESTION_HINT: Final = "Ask a question"
ASK: Final = "Ask"
STOP: Final = "Stop"
STOPPED: Final = "Stopped. Nothing was kept of it; the question is in the box again."
UNKEPT: Final = "This answer is not kept: {why}"
CUT: Final = "… ({count:,} characters in all)"

#: What is done while somebody waits, by the stage's name; {n} is how far it has come.
STAGES: Final = {
    "Loading the model": "Loading the model, for the first question only …",
    "Searching the library": "Searching your library …",
    "Reading records": "Found {n:,} records, reading the best …",
    "Choosing sentences": "Weighing {n:,} sentences …",
}

ASKED_AS: Final = "Asked as: {question}"
ONLY: Final = "Only: {filters}"
EDIT: Final = "Edit"
EDIT_LABEL: Final = "Edit the question as it was asked, and ask again"
ASK_AGAIN: Final = "Edit and ask again"
COPY_LINK: Final = "Copy link"
EXPORT: Final = "Export"
EXPORT_ANSWER: Final = "Export this answer"
EXPORT_CONVERSATION: Final = "Export the conversation"
NAMELESS_FILE: Final = "answer"
CLOSEST: Final = "Closest sentences, probably not an answer"
ADD_MORE: Final = "What would help: records on this in your library."
SEARCH_PUBMED: Final = "Search PubMed"
SEARCH_PUBMED_NOTE: Final = "in a new tab; your question goes there. Save what fits as a file, for a citation manager."
CHOOSE_FILES: Final = "Add files"
CHOOSE_FILES_NOTE: Final = "or drop them anywhere on this page."
OTHER_WORDS: Final = "Ask in other words"
OTHER_WORDS_NOTE: Final = "such as an abstract would use."
REVEAL: Final = "Show where it stands"
REVEAL_LABEL: Final = "Show where it stands: sentence {n}"
CITE_LABEL: Final = "Cite the source of sentence {n}"
SAID: Final = "{count} found. The arrow keys go through them, Enter opens one."
SAID_NONE: Final = "No answer."

RIGHT: Final = "Right"
WRONG: Final = "Not an answer"
RIGHT_LABEL: Final = "Sentence {n} is right: it answers the question"
WRONG_LABEL: Final = "Sentence {n} is not an answer to the question"

ROLE_WORDS: Final[dict[Role, str]] = {
    "background": "background",
    "objective": "aim",
    "methods": "method",
    "results": "result",
    "conclusions": "conclusion",
}
IN_TITLE: Final = "In:"
BEFORE_IT: Final = "Before it:"
EXAMPLE: Final = "example digest"
ALSO_ONE: Final = "1 other record says the same"
ALSO: Final = "{count} other records say the same"
WHY: Final = "Why this sentence"
NOT_JUDGED: Final = "The judge has not read this record: it reads the first few."
JUDGED_FOR: Final = "The judge takes it for an answer ({odds:+.1f}; above 0 speaks for it)."
JUDGED_AGAINST: Final = "The judge doubts that it answers ({odds:+.1f}; above 0 speaks for it)."
WORDS_SHARED: Final = "Words of the question in it or its title, abbreviations written out: {words}."
NO_WORDS_SHARED: Final = "No word of the question is in it."
SIMILARITY: Final = "Similar in meaning to the question: {cosine:.2f} (1 is the same)."
RECORD_RANK: Final = "Its record came {place} in the search."

SINCE: Final = "Since this was answered, the library has changed: {what}."

# -- a record ----------------------------------------------------------------------------------------------------------

RECORD: Final = "Record"
CLOSE: Final = "Close"
BACK: Final = "Back"
DOI: Final = "doi:{doi}"
PMID: Final = "PMID {pmid}"
NO_ABSTRACT: Final = "No abstract in the file."
UNTITLED: Final = "Without a title"
CITE: Final = "Cite"
COPY: Final = "Copy"
COPY_STYLE: Final = "Copy as {style}"
MORE_OF_RECORD: Final = "More from this article"
SIMILAR: Final = "Similar sentences"
LOOKING: Final = "Looking …"
NOTHING_MORE: Final = "Nothing more on the question in this article."
NOTHING_SIMILAR: Final = "No other record says anything like it."
NOW: Final = "In the library now: {what}."
FROM_FILE: Final = "From {file}"

# -- narrowing ---------------------------------------------------------------------------------------------------------

NARROW: Final = "Narrow"
YEAR_FROM: Final = "From year"
YEAR_TO: Final = "To year"
DESIGN: Final = "Design (records)"
ROLE: Final = "Role of the sentence (sentences)"
JOURNAL: Final = "Journal (records)"
NOT_RETRACTED: Final = "Leave out what was retracted"
NOT_RETRACTED_COUNT: Final = "Leave out what was retracted ({count:,})"
ASK_THESE_ONE: Final = "Ask only this record"
ASK_THESE: Final = "Ask only these {count:,} records"
FILTERS_ON: Final = "Only:"
LOOSEN: Final = "Remove the limit {limit}"

# -- conversations -----------------------------------------------------------------------------------------------------

CONVERSATIONS: Final = "Conversations"
NEW: Final = "New conversation"
SEARCH_TALKS: Final = "Search conversations"
NO_TALKS: Final = "None yet. What you ask is kept here, in the library's folder."
NO_TALKS_FOUND: Final = "No conversation has these words."
ANSWERS_ONE: Final = "1 answer"
ANSWERS: Final = "{count:,} answers"
RENAME: Final = "Rename"
RENAME_LABEL: Final = "Rename “{title}”"
NEW_TITLE: Final = "New title"
SAVE: Final = "Save"
CANCEL: Final = "Cancel"
DELETE: Final = "Delete"
DELETE_LABEL: Final = "Delete “{title}”"
GONE: Final = "The link leads to an answer or conversation that is not here. It may have been deleted."

# -- the library -------------------------------------------------------------------------------------------------------

LIBRARY: Final = "Your library"
LOOKING_IN: Final = "Looking into the library …"
ADD_FILES: Final = "Add files"
DROP: Final = "Drop files here, or click to choose them"
DROP_ANYWHERE: Final = "Drop them to add them to the library"
REMOVE_EXAMPLES: Final = "Remove the examples"
EXAMPLES_REMOVED: Final = "{count} examples removed. What is left is your own."
READING: Final = "Reading"
AWAITED: Final = (
    "When this was asked, {0.records:,} of {0.of:,} records were not embedded yet: a later answer may be better."
)
PDF_PAGE: Final = "PDF p. {page}"
FULL_TEXT: Final = "Full text"
EMBEDDING: Final = "You can ask already; they are being embedded."
READING_EXAMPLES: Final = "Reading the examples …"
EXAMPLES_UNREAD: Final = "The examples could not be read: {why}"
EXAMPLES: Final = "These are examples: short digests of published work, written for this program."
ONLY_EXAMPLES: Final = (
    "These are examples: short digests of published work, written for this program. Add your own files below."
)
SOME_EXAMPLES: Final = "{count} of them are examples, written for this program."
FORMATS: Final = (
    "PubMed (.nbib, .xml), RIS, BibTeX, EndNote, Web of Science, CSV, Excel, JSON, saved web pages, PDFs, abstracts "
    "copied as text, and ZIP archives of these. Files are read on this machine and go nowhere else."
)
#: How far a stage of an add is, which may not know how much there is to do, or whether anything is done yet.
STAGE: Final = "{stage} …"
STAGE_DONE: Final = "{stage} … {done:,}"
STAGE_DONE_OF: Final = "{stage} … {done:,} of {total:,}"
SKIPPED: Final = "Skipped"
FILE: Final = "File"
LINE: Final = "Line"
REASON: Final = "Why"
MORE_SKIPS: Final = "and {count:,} more; “qa add” on the command line lists them all."
LIBRARY_EMPTY: Final = "The library is empty."
HOLDS: Final = "The library holds {records} · {sentences}."
RECORDS_ONE: Final = "1 record"
RECORDS: Final = "{count:,} records"
SENTENCES_ONE: Final = "1 sentence"
SENTENCES: Final = "{count:,} sentences"

LIBRARY_GONE: Final = (
    "The library that was in {folder} is not there any more: it was moved, renamed or deleted. Put it back and go on, "
    "or choose another in the Library tab. What this page shows stays as it is, and nothing was changed."
)

# -- served to a group -------------------------------------------------------------------------------------------------

READ_ONLY: Final = (
    "This library is for reading: ask, look, compare and export as you like. Its records are kept by whoever serves "
    "this page; your conversations are kept here, in the library's folder."
)
READ_ONLY_REFUSED: Final = "This library is for reading only. Whoever serves this page can change its records."
TOO_MANY_QUESTIONS: Final = (
    "Several people share this page, so questions are limited to {limit} a minute for each. Nothing is lost: ask "
    "again in {seconds} seconds."
)
TOO_MANY_LOOKS: Final = (
    "Several people share this page, so records are opened {limit} a minute by each at most. Go on in {seconds} "
    "seconds."
)
TOO_MANY_UPLOADS: Final = (
    "Several people share this page, so uploads are limited to {limit} a minute for each. Nothing was added: try again "
    "in {seconds} seconds. Files that are dropped together count as one."
)

# -- keys --------------------------------------------------------------------------------------------------------------

HELP_TITLE: Final = "Keys"
HELP: Final = (
    ("/", "write a question"),
    ("↓ ↑", "go through the sentences"),
    ("Enter", "open the sentence where it stands"),
    ("Esc", "close, and go back to where you were"),
    ("?", "show this"),
)

#: What page.js says.
SCRIPT: Final = {
    "copied": "Copied.",
    "notCopied": "This browser does not let a page copy. Select the text, and copy it yourself.",
    "lost": "The server does not answer. It may have been stopped; nothing that was kept is lost.",
    "sure": "Delete for good?",
    "looking": LOOKING,
    "exported": "Saved {name}.",
    "writing": "Writing the file …",
    "judged": "Noted.",
    "unjudged": "Taken back.",
}


def counted(count: int, one: str, many: str) -> str:
    """``one`` for one, else ``many`` with the count in it."""
    return one if count == 1 else many.format(count=count)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th … 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
