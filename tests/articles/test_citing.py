"""Finding a source in the library over HTTP, by words, DOI or PMID, with the key to cite it by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import citations, keys
from articles.models import Reference
from tests.desk import Person

DOI, PMID = "10.1056/nejmoa2021436", "32678530"


@pytest.fixture
def recovery(db) -> Reference:
    return Reference.objects.create(
        kind="research",
        title="Dexamethasone in Hospitalized Patients with Covid-19",
        authors="RECOVERY Collaborative Group",
        container_title="New England Journal of Medicine",
        year=2021,
        doi=DOI,
        pmid=PMID,
    )


def look(article, query: str, *rows: str, by: str = "nora"):
    return Person(by).client.post(f"/admin/articles/article/{article.pk}/sources/", {"q": query, "row": list(rows)})


@pytest.mark.parametrize(
    "query",
    [
        *("dexamethasone", "recovery COVID", "england journal dexa 2021", DOI, DOI.upper(), f"doi:{DOI}"),
        *(f"https://doi.org/{DOI}", f" https://dx.doi.org/{DOI} ", PMID, f"PMID: {PMID}"),
        f"https://pubmed.ncbi.nlm.nih.gov/{PMID}/",
    ],
)
def test_a_source_is_found_however_it_is_asked_for(story, recovery, query):
    answer = look(story.draft(), query)
    assert answer.status_code == 200
    assert f'data-key="recovery2021" data-reference="{recovery.pk}"' in answer.text
    assert answer.text.count("data-insert") == 1
    assert "Insert [@recovery2021]" in answer.text


def test_a_source_that_is_cited_keeps_its_key(story):
    article = story.draft()
    answer = look(article, "SPRINT")
    assert 'data-key="sprint"' in answer.text
    assert "cited already" in answer.text


def test_a_key_is_free_among_saved_and_typed_rows(story, recovery):
    article = story.draft()
    other = article.citations.first().reference_id
    assert 'data-key="recovery2021b"' in look(article, DOI, f"{other}:recovery2021").text
    assert 'data-key="typed"' in look(article, DOI, f"{recovery.pk}:typed").text


@pytest.mark.parametrize(
    ("query", "says", "adds"),
    [
        (
            "https://doi.org/10.1000/Not.Here",
            "DOI 10.1000/not.here isn't in the library yet",
            "?doi=10.1000%2Fnot.here",
        ),
        ("PMID 99999999", "PMID 99999999 isn't in the library yet", "?pmid=99999999"),
    ],
)
def test_what_isnt_in_the_library_is_added_by_hand(story, query, says, adds):
    article = story.draft()
    answer = look(article, query)
    assert says in answer.text
    assert "nothing is looked up on other sites" in answer.text
    assert f'href="/admin/articles/reference/add/{adds}"' in answer.text
    field = adds.partition("=")[0][1:]
    form = Person("nora").fields(f"/admin/articles/reference/add/{adds}", having="doi")
    assert form[field] in ("10.1000/not.here", "99999999")


def test_a_retracted_source_says_so(story, recovery):
    Reference.objects.update(status=Reference.Status.RETRACTED)
    assert '<span class="badge badge--bad">retracted</span>' in look(story.draft(), DOI).text


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "'; --", "é" * 500, "\U0001f4a9", "nothing like this"])
def test_any_query_is_answered(story, recovery, query):
    article = story.draft()
    answer = look(article, query, "nonsense", "::", ":" * 50)
    assert answer.status_code == 200
    assert "data-insert" not in answer.text


def test_a_query_that_cant_be_asked_is_refused_in_words(story):
    answer = look(story.draft(), "A\x00")
    assert answer.status_code == 422
    assert "NUL character" in answer.text


def test_a_title_is_text_in_the_answer(story, recovery):
    Reference.objects.update(title='"><script>alert(1)</script>')
    assert "<script" not in look(story.draft(), DOI).text


@pytest.mark.parametrize(
    ("authors", "title", "year", "key"),
    [
        ("McMurray, JJV\nSolomon, SD", "Dapagliflozin", 2019, "mcmurray2019"),
        ("SPRINT Research Group", "A Trial", 2015, "sprint2015"),
        ("Müller-Østergård, Å", "", 2020, "mullerstergard2020"),
        ("O’Brien, T", "", None, "obrien"),
        ("", "The effect of salt", 2001, "effect2001"),
        ("Иванов, И", "Тест", 1999, "source1999"),
    ],
)
def test_a_key_is_who_and_when(authors, title, year, key):
    assert keys.propose(authors=authors, title=title, year=year, taken=()) == key


@given(authors=st.text(), title=st.text(), year=st.none() | st.integers(0, 9999), used=st.integers(0, 40))
def test_a_key_can_always_be_cited_and_is_never_taken(authors, title, year, used):
    taken: set[str] = set()
    for _ in range(used):
        taken.add(keys.propose(authors=authors, title=title, year=year, taken=taken))
    key = keys.propose(authors=authors, title=title, year=year, taken=taken)
    assert len(taken) == used
    assert key not in taken
    assert citations.extract(citations.marker(key)).order == [key]
