"""The words of the Library, Look and Compare tabs: the rest of the table in ``words``."""

from __future__ import annotations

from typing import Final

# -- the Library tab ---------------------------------------------------------------------------------------------------

LIBRARY_CHOICE: Final = "Library"
NEW_LIBRARY: Final = "New library"
NEW_NAME: Final = "Name of the new library"
CREATE: Final = "Create"
FULL_TEXT: Final = "With the full text of PDFs, quoted with the page"
PASTE: Final = "Or paste here"
PASTE_HINT: Final = "References, abstracts, BibTeX, RIS … or DOIs and PMIDs"
ADD_TEXT: Final = "Add the text"
SEARCH: Final = "Search"
SEARCH_HINT: Final = "Title, author, journal, year, id"
STUDY_DESIGN: Final = "Study design"
REMOVE: Final = "Remove"
UNDO: Final = "Undo"
TABLE: Final = "Records"
EARLIER: Final = "← Back"
LATER: Final = "Next →"
FETCH_ONE: Final = (
    "This is the number of a record, not the record itself. This page never uses the network, so it cannot get it. In "
    "a terminal, this fetches it from PubMed into this library:"
)
FETCH: Final = (
    "These are the numbers of {count:,} records, not the records themselves. This page never uses the network, so it "
    "cannot get them. In a terminal, this fetches them from PubMed into this library:"
)
COPY_COMMAND: Final = "Copy the command"
STOPPING: Final = "Stopping …"
NOTHING_PASTED: Final = "There is nothing to add yet. Paste some text first."
TWINS: Final = "The same work twice"
LOOKING: Final = "Looking …"
JOINED: Final = "One record now."
NOT_JOINED: Final = "They share no identifier, title or place, and are left as they are."
NO_RECORDS: Final = "No records to show."
COLUMN_TITLE: Final = "Title"
COLUMN_AUTHORS: Final = "Authors"
COLUMN_JOURNAL: Final = "Journal"
COLUMN_YEAR: Final = "Year"
COLUMN_DESIGN: Final = "Design"
FEW_SECONDS: Final = "a few seconds left"
NOT_BEGUN: Final = "Not begun."
ADDING_STOPPED: Final = "Stopped. What is in the library already stays; add the file again to go on."
NOTHING_ADDED: Final = "Stopped: nothing of it is in the library."
STOPPING_SOON: Final = "Stopping at the next safe place …"
#: The name of a file that holds what was pasted.
PASTED_FILE: Final = "pasted text.txt"
#: What is said beside a file, by its state; of one that is being read, how far it is.
FILE_STATES: Final = {"waiting": "waiting", "working": "", "done": "done", "failed": "not read", "stopped": "stopped"}
MERGED: Final = "Made one"
NOTHING_MERGED: Final = "None."

# -- the Look tab ------------------------------------------------------------------------------------------------------

LOOK_QUESTION: Final = "Light up what a question finds"
LOOK_HINT: Final = "A question, or a few words"
LOOK: Final = "Look"
DRAWING: Final = "Drawing the map …"
COUNTING: Final = "Counting …"
NOT_TOLD: Final = "not told"
NOT_SAID: Final = "not said"
SEARCHING: Final = "Searching your library …"
NOTHING_NEAR: Final = "Nothing in this library is near that question."
TOPIC: Final = "Topic"
RECORDS_COLUMN: Final = "Records"
HITS: Final = "Hits"
ALL: Final = "All"
UNNAMED: Final = "unnamed"
UNNAMED_TOPIC: Final = "an unnamed topic"
NUMBERS: Final = "The numbers"
NEAR_MEANS: Final = "Near means alike in meaning; up, down, left and right mean nothing."
#: The kinds of study design, by themselves and within a sentence.
KINDS: Final = {
    "syntheses": "Syntheses",
    "trials": "Trials",
    "observational": "Observational",
    "cases": "Case reports",
    "reviews": "Reviews and opinion",
    "laboratory": "Laboratory",
    "untold": "Not told",
}
KINDS_WITHIN: Final = {
    "syntheses": "syntheses",
    "trials": "trials",
    "observational": "observational",
    "cases": "case reports",
    "reviews": "reviews and opinion",
    "laboratory": "laboratory",
    "untold": "not told",
}

# -- the Compare tab ---------------------------------------------------------------------------------------------------

COMPARE_HINT: Final = (
    "A row for each record, a column for each question. In each cell stands the sentence that answers best, word for "
    "word, or “–” where none is likely to. Click a sentence for its source."
)
BEST: Final = "The best for each question"
LISTED: Final = "Those that I describe"
CITED: Final = "Those of the last answer"
QUESTIONS_HINT: Final = "How many patients were studied?\nWhat were the side effects?"
WHICH: Final = "Records"
WORDS: Final = "Words"
FROM_YEAR: Final = "From year"
TO_YEAR: Final = "To year"
ANY_YEAR: Final = "any"
COMPARE: Final = "Compare"
AS_CSV: Final = "CSV"
AS_EXCEL: Final = "Excel"
NO_QUESTION: Final = "There is no question to compare by. Type at least one, each on a line of its own."
NO_ANSWER_YET: Final = "There is no answer yet whose records could be compared. Ask a question first."
NONE_LIKE_THAT: Final = "No record in the library is like that. Use fewer words, or other limits."
CHOOSING: Final = "Choosing the records"
READING_RECORDS: Final = "Reading the records"
COMPARING_STOPPED: Final = "Stopped: no table was made."
STOPPING_COMPARISON: Final = "Stopping after this question …"
COMPARISON: Final = "Comparison; scrolls both ways"
COMPARISON_PROGRESS: Final = "Progress of the comparison"
COMPARISON_FILE: Final = "comparison"
RECORD_COLUMN: Final = "Record"
NO_CELL: Final = "no answer"

# -- sentences in which something is filled in -------------------------------------------------------------------------

RECORDS: Final = "Records"
REMOVE_ONE: Final = "Remove 1 record"
REMOVE_MANY: Final = "Remove {count:,} records"
REMOVED_ONE: Final = "1 record removed. Undo works as long as this page is open."
REMOVED: Final = "{count:,} records removed. Undo works as long as this page is open."
PUT_BACK_ONE: Final = "1 record put back."
PUT_BACK: Final = "{count:,} records put back."
STAYED: Final = "{count:,} had been added again meanwhile, and stayed as they are."
MADE: Final = "“{name}” is made: empty, in {folder}. It is kept once something is added."
NO_LIBRARY: Final = "There is no library “{name}” any more. Choose another."
NO_NAME: Final = (
    "A library cannot be called “{name}”. Use up to 64 letters, digits, spaces, hyphens or points, beginning with a "
    "letter or digit."
)
NAME_TAKEN: Final = "There is a folder “{name}” in {folder} already. Choose another name."
NO_MATCH: Final = "No record holds “{words}” in title, authors, journal, year or id."
SHOWN: Final = "Records {first:,}–{last:,} of {total:,}"
EMPTY_SHELF: Final = "This library is empty. Drop files below, or paste text."
BYTES: Final = "{count} bytes"
#: Of a thousand bytes, a million, and a thousand million.
LARGER: Final = ("{count} kB", "{count} MB", "{count} GB")
ON_DISK: Final = "{size} on disk"
IN_MEMORY: Final = "{size} of memory in use"
AND_OTHERS: Final = "{first} et al."
CHOOSE: Final = "Choose {title}"
CHOOSE_ALL: Final = "Choose all on this page"
SECONDS_LEFT: Final = "about {count:.0f} seconds left"
MINUTE_LEFT: Final = "about 1 minute left"
MINUTES_LEFT: Final = "about {count} minutes left"
HOURS_LEFT: Final = "about {count} hours left"
ADDING_STOPPED_AT: Final = "Stopped: {entries:,} entries are in the library. Add the file again to go on from there."
ADDING_STOPPED_OF: Final = (
    "Stopped: {entries:,} of {total:,} entries are in the library. Add the file again to go on from there."
)
BALANCE_ONE: Final = "1 entry = {kept:,} taken in + {skipped:,} skipped"
BALANCE: Final = "{entries:,} entries = {kept:,} taken in + {skipped:,} skipped"
KEPT_APART: Final = "Kept apart from now on: {count} records."
KEEP_APART: Final = "Keep apart"
KEEP_APART_LABEL: Final = "Keep the entries of {title} apart"
#: What a button does, and to which record.
DOES_TO: Final = "{act}: {title}"
MERGED_COUNT: Final = "Made one ({count:,})"
MORE_TWINS: Final = "… and {count:,} more: {command}"
TO_DECIDE: Final = "Perhaps the same work ({count:,})"
SETTLED: Final = "Kept apart by hand ({count:,})"
NOT_MADE_ONE: Final = "Not made one: {reason}"
SAME_WORK: Final = "Same work"
TWO_WORKS: Final = "Different works"
ALL_TWO_WORKS: Final = "All {count:,} pairs below are different works"
MAKE_ONE: Final = "Make one"
NOTED_ONE: Final = "Noted: different works."
NOTED: Final = "Noted: {count:,} pairs are different works."
NO_TWINS: Final = "No two entries are about the same work."
MAP: Final = "Map of the library"
BY_YEAR: Final = "By year"
BY_DESIGN: Final = "By study design"
BY_JOURNAL: Final = "By journal"
EMPTY: Final = "The library is empty. Add files first."
NEAREST_OVER_TIME: Final = "The nearest records over time"
NEAREST_RECORDS: Final = "The nearest records"
#: The records that are counted by year are a library's, or those nearest to a question; of one year, or of several.
RECORD_OF_YEAR: Final = "One record of {first}."
RECORDS_OF_YEAR: Final = "{count:,} records of {first}."
RECORDS_OF_YEARS: Final = "{count:,} records from {first} to {last}, most of them in {peak} ({most:,})."
NEAREST_OF_YEAR: Final = "{count:,} of the {of} nearest records to “{question}” are of {first}."
NEAREST_OF_YEARS: Final = (
    "{count:,} of the {of} nearest records to “{question}” are from {first} to {last}, most of them in {peak} "
    "({most:,})."
)
MOST_KIND: Final = "Of the designs told, most are {kind} ({count:,})."
BAR_OF_YEARS: Final = "One bar is {step} years."
UNDATED_ONE: Final = "One more does not say its year."
UNDATED: Final = "{count:,} more do not say their year."
#: What a part of a bar says of itself.
BAR: Final = "{years} · {kind}: {count:,}"
OTHER: Final = "1 other"
OTHERS: Final = "{count:,} others"
MAPPED: Final = "{count:,} records in {topics} topics; the largest is {name} ({largest:,})."
MAPPED_HITS: Final = "Of {hits} hits of “{question}”, {count} lie in {name}."
SOME_DRAWN: Final = "Of {count:,} records some {drawn:,} are drawn, and every hit."
FROM_SAMPLE: Final = "The topics were found from a sample of {count:,}, always the same."
NO_YEARS: Final = "None of these {count:,} records says its year."
TOO_FEW: Final = "A map needs a dozen records or more."
QUESTIONS: Final = "Questions, one a line (up to {most})"
QUESTIONS_ONE: Final = "1 question"
QUESTIONS_MANY: Final = "{count} questions"
COMPARED: Final = "{questions} × {records}: {filled:,} of {cells:,} cells have a sentence that is likely to answer"
COMPARED_ONLY: Final = (
    "{questions} × {records}: {filled:,} of {cells:,} cells have a sentence that is likely to answer · only {filters}"
)
COMPARING: Final = "{stage} …"
COMPARING_QUESTION: Final = "{stage} … question {number} of {count}"
TOO_MANY_QUESTIONS: Final = "{count} questions are too many for one table. Keep it to {most}."
TOO_MANY_RECORDS: Final = "{count:,} records are like that, and a table holds {most}. Add words, or limit the years."
NOTHING_TO_COMPARE: Final = "No record is left to compare. Choose others, or ask for less."
