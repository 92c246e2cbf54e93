"""What is read from each sample, field by field."""

from __future__ import annotations

import pytest

from qa.reading import FORMATS, detect
from tests.reading.samples import DATA, SAMPLES, bodies, deletions, records, skips


@pytest.mark.parametrize("name", SAMPLES)
def test_every_entry_is_somewhere(name: str) -> None:
    path = DATA / name
    format_name, n_records, n_skips, n_deletions = SAMPLES[name]
    assert detect(path).name == format_name
    assert (len(records(path)), len(skips(path)), len(deletions(path))) == (n_records, n_skips, n_deletions)


def test_each_format_has_a_sample() -> None:
    assert {one.name for one in FORMATS} == {sample[0] for sample in SAMPLES.values()}


@pytest.mark.parametrize("name", SAMPLES)
def test_invariants(name: str) -> None:
    for record in records(DATA / name):
        assert record.source == name
        assert record.title or record.abstract
        last = 0
        for section in record.sections:
            assert last <= section.start < section.end <= len(record.abstract)
            last = section.end


def test_medline() -> None:
    first, second = records(DATA / "sample.nbib")
    assert first.id == "pmid:90000001"
    assert first.title == "Moss cover and the rate at which village roofs dry: a two- year comparison."
    assert first.abstract.startswith(
        "BACKGROUND: Roofs with moss stay damp. METHODS: We weighed 40 tiles after rain in two"
    )
    assert bodies(first) == [
        ("BACKGROUND", "Roofs with moss stay damp."),
        (
            "METHODS",
            "We weighed 40 tiles after rain in two villages; half were scraped (p < 0.05 was taken as significant).",
        ),
        ("RESULTS", "Scraped tiles dried in 3.5 h, the others in 7.1 h."),
        ("CONCLUSION", "Moss doubles the time that a tile takes to dry."),
    ]
    assert first.authors == ("Reet, Ada van der", "Dach, Otto", "Damp Roof Group")
    assert (first.journal, first.year, first.volume, first.issue, first.pages) == (
        "Annals of roofing",
        2021,
        "12",
        "3",
        "101-9",
    )
    assert (first.doi, first.pmid, first.pmcid) == ("10.1234/roof.2021.0007", "90000001", "PMC9000001")
    assert first.language == "eng"
    assert first.publication_types == ("Journal Article", "Comparative Study")
    assert first.mesh == ("Bryophyta", "Humans")
    assert first.keywords == ("moss", "tiles")
    assert first.affiliations == ("Institute of Roofs, Tileham, Nowhere.",)
    assert (second.title, second.abstract, second.year) == ("A letter on gutters.", "", 1974)
    (skip,) = skips(DATA / "sample.nbib")
    assert skip.line == 46
    assert "90000003" in skip.reason
    assert skip.path == str(DATA / "sample.nbib")


def test_ris() -> None:
    bees, title_only, chapter = records(DATA / "sample.ris")
    assert bees.id == "pmid:90000011"
    assert bees.doi == "10.1234/BEES.2019.42"
    assert bees.authors == ("Honig, Mira", "Wabe, O.", "The Hive Consortium")
    assert (bees.journal, bees.year, bees.volume, bees.issue, bees.pages) == (
        "Journal of apiculture",
        2019,
        "7",
        "2",
        "33-41",
    )
    assert bees.keywords == ("bees", "colour", "boxes")
    assert bees.url == "https://example.org/bees"
    assert bodies(bees) == [
        ("Objectives", "To see whether colour matters, and how much."),
        ("Results", "Of 300 bees, 210 chose blue; IL - 6 was not measured."),
        ("Conclusions", "Blue boxes fill first."),
    ]
    assert (title_only.title, title_only.abstract, title_only.year) == ("A title and no more", "", 2001)
    assert title_only.id.startswith("sha256:")
    assert chapter.title == "A chapter without any care for blanks"
    assert chapter.abstract.endswith("It is read.")
    assert chapter.year == 1999
    assert chapter.publication_types == ("CHAP",)
    assert [skip.line for skip in skips(DATA / "sample.ris")] == [38]


def test_jsonl() -> None:
    path = DATA / "sample.jsonl"
    salt, snails, own = records(path)
    assert (salt.id, salt.title) == ("4983", "Salt and snails")
    assert salt.abstract == " Snails avoid salt.  They turn back\u00a0at once. "
    assert bodies(snails) == [("AIMS", "To count snails."), ("RESULTS", "There were nine.")]
    assert snails.sections[1].category == "RESULTS"
    assert (own.id, own.year, own.authors) == ("doi:10.1234/x", 2020, ("Regen, Ruth",))
    assert bodies(own) == [("BACKGROUND", "Rain is common."), ("CONCLUSIONS", "It is wet.")]
    assert [(skip.line, skip.reason.split(" (")[0]) for skip in skips(path)] == [
        (4, "section 2"),
        (5, "the line is not JSON"),
        (7, "the entry has neither a title nor an abstract"),
        (8, '"abstract" is not a text'),
        (9, "the line is JSON but not an object"),
    ]


def test_pubmed_xml() -> None:
    path = DATA / "sample.xml"
    kites, other, book = records(path)
    assert kites.id == "pmid:90000021"
    assert kites.title == "Lift of small kites in CO2: x < 2."
    assert kites.abstract == "Kites fly.\nSmall kites fly higher, at 10³ m.\nNo bird was harmed."
    assert bodies(kites) == [
        ("BACKGROUND", "Kites fly."),
        ("Findings", "Small kites fly higher, at 10³ m."),
        ("", "No bird was harmed."),
    ]
    assert [section.category for section in kites.sections] == ["BACKGROUND", "", ""]
    assert kites.authors == ("Drachen, Lena M", "String Study Group", "Zug, P")
    assert kites.affiliations == ("Hill Institute, Windfeld.",)
    assert (kites.journal, kites.year, kites.volume, kites.issue, kites.pages) == (
        "Kites and wind",
        2018,
        "44",
        "1 Suppl",
        "7-12",
    )
    assert (kites.doi, kites.pmcid) == ("10.1234/kite.44", "PMC9000021")
    assert (kites.language, kites.keywords, kites.mesh) == ("eng", ("kites",), ("Wind",))
    assert kites.publication_types == ("Journal Article",)
    assert (other.title, other.abstract, other.year) == ("Ein Titel allein.", "Kinder mögen α-Drachen.", 2020)
    assert (book.title, book.journal, book.year) == ("The bowline", "The book of knots", 2009)
    assert [deletion.id for deletion in deletions(path)] == ["pmid:11", "pmid:12"]
    (skip,) = skips(path)
    assert skip.line == 55
    assert "90000023" in skip.reason


def test_html() -> None:
    (foam,) = records(DATA / "sample.html")
    assert (foam.id, foam.doi) == ("pmid:90000031", "10.1234/foam.17")
    assert foam.title == "Soap bubbles in cold kitchens"
    assert foam.authors == ("Seifen, Bella", "van Schuim, Jan")
    assert (foam.journal, foam.year, foam.volume, foam.issue, foam.pages) == (
        "Journal of Foam",
        2017,
        "5",
        "8",
        "210-219",
    )
    assert bodies(foam) == [
        ("Why we asked", "Bubbles last longer when it is cold."),
        ("What we did", "We blew 90 bubbles & timed them, at 4\u00a0°C and at 20 °C."),
        ("What we saw", "Cold bubbles lived for 61\u2009s, warm ones for 19 s.\nNone lived for ever."),
    ]
    assert foam.keywords == ("soap", "bubbles")
    assert foam.affiliations == ("Foam School, Seaside",)
    assert "Keywords" not in foam.abstract
    assert "reserved" not in foam.abstract


def test_page_text() -> None:
    (owls,) = records(DATA / "sample.txt")
    assert owls.title == "Owls in barns: who stays and who leaves"
    assert owls.authors == ("Uhu, Bruno", "de la Nuit, Claire")
    assert (owls.journal, owls.year, owls.volume, owls.issue, owls.pages) == (
        "Annals of Quiet Birds",
        2014,
        "9",
        "2",
        "88–95",
    )
    assert owls.doi == "10.1234/OWL.0000000000000099"
    assert owls.id == "doi:10.1234/owl.0000000000000099"
    assert [label for label, _ in bodies(owls)] == ["Purpose of review", "Recent findings", "Summary"]
    assert bodies(owls)[0][1].startswith("This article looks")
    assert bodies(owls)[2][1].endswith("Results of the mouse counts vary.")
    assert owls.affiliations == ("Department of Night Birds, Barn University, Eulenburg, Germany",)
    assert not any(
        word in str(owls.to_dict()) for word in ("Logo", "KeyRing", "Correspondence", "Copyright", "Beam Road")
    )


def test_bioc() -> None:
    under, sleep = records(DATA / "sample.bioc.xml")
    assert (under.id, under.title, under.year) == ("pmid:90000041", "Hedgehogs under hedges", 2021)
    assert under.abstract == "We looked under 12 hedges. There were five hedgehogs."
    assert (sleep.id, sleep.pmcid, sleep.authors) == ("doi:10.1234/hedge.42", "PMC9000042", ("Igel, Ines",))
    assert bodies(sleep) == [("Results", "They sleep in leaves.")]
    assert [skip.line for skip in skips(DATA / "sample.bioc.xml")] == [38]


def test_mods() -> None:
    (snow,) = records(DATA / "sample.mods.xml")
    assert (snow.title, snow.doi, snow.authors) == (
        "Paths in snow: who walks first",
        "10.1234/snow.8.2",
        ("Schnee, Nora",),
    )
    assert (snow.journal, snow.year, snow.volume, snow.issue, snow.pages) == ("Winter studies", 2012, "8", "2", "11-19")
    assert bodies(snow) == [("AIM", "To see who walks first."), ("RESULTS", "The postman did.")]
    assert snow.keywords == ("snow",)


def test_rdf() -> None:
    (tea,) = records(DATA / "sample.rdf")
    assert (tea.id, tea.doi, tea.title) == ("pmid:90000051", "10.1234/tea.21", "Tea that went cold")
    assert (tea.journal, tea.year, tea.volume, tea.issue, tea.pages) == ("Cups and saucers", 2015, "21", "4", "3-9")
    assert tea.authors == ("Tee, Tim",)
    assert tea.abstract == "Tea cools. It took 40 minutes."
    assert [skip.line for skip in skips(DATA / "sample.rdf")] == [25]


def test_table_of_scopus() -> None:
    path = DATA / "sample.scopus.csv"
    moss, letter, cat = records(path)
    assert (moss.id, moss.title) == ("pmid:90000041", 'Moss on "old" roofs, and under them')
    assert moss.authors == ("van der Reet, Ada", "Dach, Otto")
    assert (moss.journal, moss.year, moss.volume, moss.issue, moss.pages) == (
        "Annals of Roofing",
        2021,
        "12",
        "3",
        "101-109",
    )
    assert bodies(moss) == [
        ("BACKGROUND", "Roofs with moss stay damp."),
        ("METHODS", "We weighed 40 tiles after rain, in two villages."),
        ("RESULTS", "Scraped tiles dried in 3.5 h, the others in 7.1 h."),
    ]
    assert (moss.doi, moss.url) == ("10.1234/roof.2021.0007", "https://example.org/records?id=1")
    assert moss.keywords == ("Moss", "Roofs, thatched")
    assert moss.affiliations == ("Institute of Roofs, Tileham", "Moss School, Seaside")
    assert (moss.language, moss.publication_types) == ("English", ("Article",))
    assert (letter.title, letter.abstract, letter.journal, letter.pages) == (
        "A letter on gutters",
        "",
        "Gutter Letters",
        "e12",
    )
    assert (cat.title, cat.doi, cat.year) == ("A cat, dog, and bird", "10.1234/Roof.2004.5", 2004)
    (skip,) = skips(path)
    assert skip.line == 12
    assert "10.1234/roof.2003.0001" in skip.reason


def test_table_without_quoting() -> None:
    """Web of Science's own: quotation marks are the authors'."""
    bees, mark = records(DATA / "sample.tsv")
    assert bees.title == '"Smart" bees and blue boxes'
    assert bees.abstract == 'Bees came, "as ever", in June.'
    assert bees.authors == ("Honig, Mira", "Wabe, Otto")
    assert (bees.journal, bees.year, bees.volume, bees.issue, bees.pages) == (
        "JOURNAL OF APICULTURE",
        2019,
        "7",
        "2",
        "33-41",
    )
    assert (bees.id, bees.doi) == ("pmid:90000051", "10.1234/BEES.2019.42")
    assert bees.keywords == ("bees", "boxes", "COLOUR VISION")
    assert bees.affiliations == ("Hive Univ, Wax City", "Comb Inst, Sweet Hill")
    assert (mark.title, mark.pages) == ('An unclosed " mark, and "another', "17")
    assert [skip.line for skip in skips(DATA / "sample.tsv")] == [4]


def test_workbook_of_sheets() -> None:
    path = DATA / "sample.sheets.xlsx"
    kites, string, tree = records(path)
    assert (kites.id, kites.title, kites.year) == ("pmid:90000061", "Lift of small kites", 2018)
    assert kites.abstract == "Kites fly.\nSmall kites fly higher."
    assert kites.authors == ("Drachen, L", "Zug, P")
    assert (kites.journal, kites.doi, kites.pmcid) == ("Kites Wind", "10.1234/kite.44", "PMC9000061")
    assert (string.id, string.year) == ("pmid:90000062", 2019)
    assert (tree.title, tree.abstract) == ("A kite in a tree", "It hung there.")
    assert [(skip.line, skip.reason) for skip in skips(path)] == [
        (5, 'the entry has neither a title nor an abstract (sheet "Included")'),
        (0, 'the sheet "Read me" has no column for titles or abstracts'),
    ]


def test_all_of_bibtex() -> None:
    path = DATA / "sample.mill.bib"
    wheels, sails, stone, broken, again, volume = records(path)
    assert (wheels.id, wheels.doi) == ("pmid:90000041", "10.1234/mill_8.17")
    assert wheels.title == "Water wheels in Éire: η ≤ 0.85 at 100% load — a Survey"
    assert wheels.authors == ("Müller, Józef", "van der Mahl, Ans", "Society of Millers")
    assert (wheels.journal, wheels.year, wheels.volume, wheels.issue, wheels.pages) == (
        "Journal of Mills",
        2016,
        "8",
        "3",
        "17-29",
    )
    assert bodies(wheels) == [
        ("Objective", "To weigh 100% of the grain (< 5 kg, $3 a bag)."),
        ("Results", "Wheels gave ~40 turns; p > 0.05."),
    ]
    assert (wheels.url, wheels.language) == ("https://example.org/~mill/8", "english")
    assert wheels.keywords == ("water, wheel", "not one word, two")
    assert (sails.id, sails.title, sails.journal, sails.year) == (
        "pmid:90000042",
        'Sails that "never" rest',
        "Mills & Winds",
        2018,
    )
    assert sails.authors == ("Segel, Otto", "Wind, Ada, Jr.")
    assert (stone.title, stone.journal, stone.year) == ("Millstones", "Proceedings of the Stone Days", 2020)
    assert stone.authors == ("Stein, Ute",)
    assert (broken.title, broken.year) == ("A brace that is never closed", 2003)
    assert (broken.authors, broken.abstract) == (("Bruch, Bo",), "It costs this entry nothing.")
    assert (again.title, again.year) == ("The same key once more", 2011)
    assert again.keywords == ("ends here", "too early", "and goes on")
    assert (volume.title, volume.authors) == ("Proceedings of the Stone Days", ("Fels, Rosa",))
    assert [skip.line for skip in skips(path)] == [40]


def test_all_of_web_of_science() -> None:
    nets, boats = records(DATA / "sample.lake.ciw")
    assert (nets.id, nets.doi) == ("pmid:90000051", "10.1234/lake.31.200")
    assert nets.title == "Nets with wide meshes catch fewer small fish"
    assert nets.authors == ("Netz, Karla", "Angel, Rudi")
    assert (nets.journal, nets.year, nets.volume, nets.issue, nets.pages) == (
        "JOURNAL OF QUIET LAKES",
        2012,
        "31",
        "4",
        "200-210",
    )
    assert bodies(nets) == [
        ("Background", "Small fish grow."),
        ("Aims", "We asked which nets let them through."),
        ("Results", "Meshes of 40 mm let 9 of 10 through."),
    ]
    assert nets.keywords == ("nets", "meshes", "LAKES", "FISH")
    assert nets.publication_types == ("Article", "Early Access")
    assert nets.affiliations == (
        "[Netz, Karla] Lake Sch, Dept Nets, Seetal, Nowhere.",
        "[Angel, Rudi] Fish Off, Seetal, Nowhere.",
    )
    assert (boats.id, boats.authors, boats.pages) == ("pmid:90000052", ("Boje, M", "Kahn, L"), "17")
    assert [skip.line for skip in skips(DATA / "sample.lake.ciw")] == [42]


def test_all_of_ovid() -> None:
    bells, rope = records(DATA / "sample.bells.ovid.txt")
    assert bells.id == "doi:10.1234/bell.14.88"  # nothing says whose identifier 90000061 is
    assert bells.title == "Bells and the sleep of neighbours: a cohort study."
    assert bells.authors == ("Glocke, Anna", "Turm, Bert", "de Seil, Carl")
    assert (bells.journal, bells.year, bells.volume, bells.issue, bells.pages) == (
        "Sleep and Sound",
        2013,
        "14",
        "2",
        "88-97",
    )
    assert bodies(bells) == [
        ("BACKGROUND", "Bells ring at night."),
        ("METHODS", "We followed 60 neighbours for a year."),
        ("RESULTS", "Those next to the tower slept 40 minutes less."),
    ]
    assert bells.keywords == ("bells", "sleep", "towers")
    assert bells.publication_types == ("Article", "Original Studies")
    assert bells.language == "English"
    assert (rope.title, rope.authors, rope.journal, rope.year) == (
        "A rope and its knots",
        ("Seil, C",),
        "Journal of Ropes",
        2001,
    )
    assert [skip.line for skip in skips(DATA / "sample.bells.ovid.txt")] == [40]


def test_all_of_refer() -> None:
    pots, clay, glazes = records(DATA / "sample.pots.enw")
    assert (pots.id, pots.doi, pots.url) == ("pmid:90000071", "10.1234/pot.6.12", "https://example.org/pots")
    assert pots.authors == ("Blume, Rita", "Topf, Theo")
    assert (pots.journal, pots.year, pots.volume, pots.issue, pots.pages) == (
        "Pots and plants",
        2015,
        "6",
        "1",
        "12-19",
    )
    assert bodies(pots) == [
        ("Aims", "To see how small a pot may be."),
        ("Results", "Half a litre is enough."),
        ("Conclusions", "Smaller pots dry out."),
    ]
    assert pots.keywords == ("flowers", "pots", "clay")
    assert (clay.title, clay.authors, clay.journal, clay.year) == (
        "A chapter on clay",
        ("Lehm, Lea",),
        "The book of pots",
        1998,
    )
    assert (glazes.title, glazes.authors) == ("Glazes", ("Glasur, Gero",))
    assert [skip.line for skip in skips(DATA / "sample.pots.enw")] == [34]


def test_all_of_cff() -> None:
    software, paper, night = records(DATA / "sample.clouds.cff")
    assert (software.id, software.title) == ("doi:10.1234/cloudcount", "cloudcount: counts clouds")
    assert software.abstract == "Counts the clouds in a picture, and names them."
    assert software.authors == ("von Wolke, Ella", "The Sky Group")
    assert (software.year, software.url) == (2021, "https://example.org/cloudcount")
    assert (software.keywords, software.publication_types) == (("clouds", "counting"), ("software",))
    assert (paper.id, paper.authors) == ("doi:10.1234/sky.3.5", ("Wolke, Ella, Jr.",))
    assert (paper.journal, paper.year, paper.volume, paper.pages) == ("Annals of the Sky", 2020, "3", "5-14")
    assert (night.title, night.journal) == ("Clouds at night", "Night Days")
    assert [skip.line for skip in skips(DATA / "sample.clouds.cff")] == [36]


def test_all_of_pubmed_text() -> None:
    lanterns, wicks = records(DATA / "sample.lanterns.txt")
    assert (lanterns.id, lanterns.doi, lanterns.pmcid) == ("pmid:90000081", "10.1234/lantern.12.45", "PMC9000081")
    assert lanterns.title == "Lanterns in the fog: how far do they reach? A randomised trial."
    assert lanterns.authors == ("Leuchte, A", "de la Nuit, C", "Docht, E, Jr", "Fog Study Group")
    assert (lanterns.journal, lanterns.year, lanterns.volume, lanterns.issue, lanterns.pages) == (
        "J Lanterns",
        2019,
        "12",
        "3",
        "45-52",
    )
    assert bodies(lanterns) == [
        ("BACKGROUND", "Fog hides the road."),
        ("METHODS", "We lit 80 lanterns in two valleys."),
        ("RESULTS", "Yellow ones were seen at 40 m, white ones at 25 m."),
        ("CONCLUSIONS", "Yellow lanterns reach farther."),
        ("TRIAL REGISTRATION", "NCT00000000."),
    ]
    assert lanterns.affiliations == (
        "School of Light, Nebelheim, Nowhere.",
        "Fog Office, Nebelheim, Nowhere. fog@office.example.",
    )
    assert (wicks.title, wicks.abstract, wicks.authors) == ("[A note on wicks].", "", ("Docht, E",))
    assert [skip.line for skip in skips(DATA / "sample.lanterns.txt")] == [42]
