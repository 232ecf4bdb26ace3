"""The parts that rules are made of: sentences with their markers, journal names, AI names, syllables."""

import pytest

from articles.preflight.document import MarkedAt, Reference, Sentence, listed, read, shortened, spoken
from articles.preflight.findings import Facts
from articles.preflight.journals import journals_in, same_journal
from articles.preflight.names import ai_source, is_ai, own_issuer
from articles.preflight.readability import grades, syllables_in
from articles.preflight.status import is_preprint
from articles.preflight.wording import years_in


def sentences_of(markdown):
    facts = Facts(today=None)  # type: ignore[arg-type]
    return [
        sentence
        for variant in read({"variants": [{"audience": "patient", "markdown": markdown}]}, facts).variants
        for sentence in variant.sentences
    ]


def test_sentences_end_at_full_stops_before_capitals_and_keep_their_markers():
    found = sentences_of("One *is* here [@a]. Two, by Dr. Low et al. in 2.5 mg [@b][@c]. [@d] Three.")

    assert found == [
        Sentence("One is here .", (MarkedAt(12, ("a",)),)),
        Sentence("Two, by Dr. Low et al. in 2.5 mg .", (MarkedAt(33, ("b", "c")), MarkedAt(35, ("d",)))),
        Sentence("Three.", ()),
    ]


def test_headings_are_no_sentences_but_items_and_cells_are():
    assert [s.text for s in sentences_of("## Head\n\n- one\n- two\n\n|a|\n|-|\n|b|\n")] == ["one", "two", "a", "b"]


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("The best study, published in 2021 in the Mayo Clinic Proceedings ", ["Mayo Clinic Proceedings"]),
        ("Another study published in 2020 in Arthritis Care & Research ", ["Arthritis Care & Research"]),
        ("a trial in JAMA ", ["JAMA"]),
        ("a trial in The Lancet (2020) ", ["Lancet"]),
        ("In the New England Journal of Medicine it was shown that pain fell ", ["New England Journal of Medicine"]),
        ("published in Osteoarthritis and Cartilage, a trial ", ["Osteoarthritis and Cartilage"]),
        ("a trial in patients ", []),
        ("a trial in the United Kingdom ", []),
        ("a trial in Parkinson's Disease ", []),
        ("a trial in EMPA-REG OUTCOME ", []),
        ("published in March 2021 ", []),
        ("a trial in North American Adults, which ", []),
    ],
)
def test_journals_are_told_from_places_trials_and_diseases(clause, names):
    assert journals_in(clause) == names


@pytest.mark.parametrize(
    ("name", "source", "same"),
    [
        ("Mayo Clinic Proceedings", "Mayo Clin Proc", True),
        ("The Lancet", "Lancet (London, England)", True),
        ("NEJM", "The New England Journal of Medicine", True),
        ("Annals of the Rheumatic Diseases", "Ann Rheum Dis", True),
        ("Arthritis Care & Research", "Arthritis care and research", True),
        ("HSS Journal", "HSS journal : the musculoskeletal journal of Hospital for Special Surgery", True),
        ("Mayo Clinic Proceedings", "Medical Advisory Board & Editors", False),
        ("JAMA", "Lancet", False),
        ("Arthritis Care & Research", "Arthritis & Rheumatology", False),
        ("JAMA", "", False),
    ],
)
def test_a_journal_is_recognised_by_name_part_abbreviation_or_initials(name, source, same):
    assert same_journal(name, {"container-title": source}) is same


@pytest.mark.parametrize(
    ("name", "ai"),
    [
        ("ChatGPT", True), ("ChatGPT-4o (OpenAI)", True), ("GPT-4", True), ("Claude", True),
        ("Claude 3.5 Sonnet", True),         ("Google Gemini", True),
        ("Gemini 1.5 Pro", True), ("Microsoft Copilot", True), ("Perplexity AI", True),
        ("Claude Bernard", False), ("Claude Bernard University", False), ("Gemini Study Group", False), ("", False),
        ("Bard College", False), ("JAMA", False),
    ],
)  # fmt: skip
def test_ai_tools_are_told_from_people(name, ai):
    assert is_ai(name) is ai


@pytest.mark.parametrize(
    ("clause", "years"),
    [
        ("published in 2021 in", [2021]),
        ("the 1998 trial, and again in 1998", [1998]),
        ("2000 patients, $2000, 2,000, 2010-2012, since 2001, 12021, 2050.5", []),
    ],
)
def test_years_are_told_from_amounts_and_spans(clause, years):
    assert years_in(clause) == years


@pytest.mark.parametrize(
    ("word", "count"),
    [("hip", 1), ("table", 2), ("the", 1), ("make", 1), ("walked", 1), ("treated", 2), ("patient", 2), ("arthritis", 3),
     ("exercise", 3), ("medication", 4), ("x", 1)],
)  # fmt: skip
def test_syllables_are_estimated(word, count):
    assert syllables_in(word) == count


def test_grades_follow_the_two_formulas():
    found = grades(["The cat sat on the mat."] * 30)

    assert found is not None
    assert (found.flesch_kincaid, found.smog, found.words, found.sentences) == (-1.4, 3.1, 180, 30)
    assert found.smog_reliable
    assert grades(["12 — 3"]) is None


def test_words_for_lists_and_keys():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [spoken("ref12"), spoken("ref0"), spoken("nice")] == ["12", "“ref0”", "“nice”"]
    assert shortened("word " * 50, 12) == "word word w…"


def source(**csl):
    return Reference("ref1", "guideline", csl, cited_because_retracted=False, rationale="")


@pytest.mark.parametrize(
    ("csl", "issuer"),
    [
        ({"publisher": "Hip Answers Ltd"}, "Hip Answers Ltd"),
        ({"container-title": "The HIP-ANSWERS review"}, "The HIP-ANSWERS review"),
        ({"author": [{"literal": "Ask Medical Advisory Board & Editors"}]}, "Ask Medical Advisory Board & Editors"),
        ({"author": [{"family": "Staff", "given": "Editorial"}]}, "Editorial Staff"),
        ({"author": [{"family": "Editor", "given": "Ann"}], "publisher": "Elsevier"}, ""),
        ({"publisher": "Advisory Committee on Immunization Practices"}, ""),
        ({"title": "What Hip Answers says"}, ""),
        ({"author": "Hip Answers"}, ""),
        ({}, ""),
    ],
)
def test_the_publishers_own_papers_are_told_by_who_issued_them(csl, issuer):
    assert own_issuer(source(**csl), ("Hip Answers", "", " ")) == issuer


@pytest.mark.parametrize(
    ("csl", "tool"),
    [
        ({"author": [{"literal": "Claude 3"}]}, "Claude 3"),
        ({"author": [{"family": "ChatGPT"}]}, "ChatGPT"),
        ({"URL": "https://claude.ai/share/1"}, "claude.ai"),
        ({"URL": "https://notclaude.ai/"}, ""),
        ({"URL": "http://[broken"}, ""),
        ({"author": [{"family": "Gemini", "given": "Paolo"}]}, ""),
    ],
)
def test_an_ai_source_is_told_by_author_carrier_or_site(csl, tool):
    assert ai_source(source(**csl)) == tool


@pytest.mark.parametrize(
    ("csl", "preprint"),
    [
        ({"genre": "Preprint"}, True),
        ({"publisher": "Research Square"}, True),
        ({"DOI": "10.21203/rs.3.rs-1/v1"}, True),
        ({"DOI": "10.48550/arXiv.2101.00001"}, True),
        ({"DOI": "10.1101/123456"}, True),
        ({"DOI": "10.1101/gad.123456.115"}, False),
        ({"title": "Trust in medRxiv"}, False),
    ],
)
def test_preprints_are_told_by_genre_server_or_doi(csl, preprint):
    assert is_preprint(csl) is preprint


def test_text_before_the_first_section_is_read_too():
    facts = Facts(today=None)  # type: ignore[arg-type]
    markdown = "Lead [@a].\n\n## One {.guideline}\n\nText [@b; @a].\n\n## Two {.bad}\n\nText."
    variant = read({"variants": [{"audience": "patient", "markdown": markdown}]}, facts).variants[0]

    assert [(part.section.heading, part.section.kind, part.keys, part.starts) for part in variant.sections] == [
        ("", "other", ("a",), False),
        ("One", "guideline", ("b", "a"), True),
        ("Two", "other", (), True),
    ]
    assert [bool(part.error) for part in variant.sections] == [False, False, True]


def test_wrong_types_read_as_empty():
    facts = Facts(today=None)  # type: ignore[arg-type]
    document = read({"variants": "x", "citations": [None, {"key": 7, "csl": "x"}], "title": []}, facts)

    assert document.variants == ()
    assert document.references == (Reference("7", "", {}, cited_because_retracted=False, rationale=""),)
