"""What the page tells machines: valid by schema.org, and nothing that the page itself doesn't show."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client

from articles import lifecycle, projection
from articles.models import AIContribution, AudienceVariant, Publication, PublicPage, Reference, Topic
from editorial.verbs import save, work
from reviews import verification
from tests.articles.data.schema_org import MEMBERS, PARENTS, PROPERTIES
from tests.story import BODY

HOSTILE = "</script><script>alert(1)</script><!-- \"&amp;' \u2028 <b>"
MACHINES_ALONE = {"@context", "@type", "propertyID", "termCode", "inDefinedTermSet", "digitalSourceType"}
"""Names and numbers by which machines know what stands beside them in words."""
SHOWN_AS = {"Not the newest version": "is not the newest"}


class Page(HTMLParser):
    """A page as machines and people get it: its text, where it leads, its metadata and its JSON-LD."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.meta: dict[str, str] = {}
        self.scripts: list[str] = []
        self._inside = ""
        self.language = ""
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._inside = given.get("type", "script")
        elif tag == "html":
            self.language = given["lang"]
        elif tag == "meta":
            self.meta[given.get("name") or given.get("property", "")] = given.get("content", "")
        elif (tag == "a" and "href" in given) or given.get("rel") == "canonical":
            self.links.append(unquote(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "title"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "application/ld+json":
            self.scripts.append(data)
        elif not self._inside:
            self.words.append(data)

    @property
    def data(self) -> dict[str, Any]:
        (script,) = self.scripts
        return json.loads(script)


def read(article: Any, query: str = "") -> Page:
    return Page(Client().get(f"/articles/{article.slug}/{query}").text)


def rich(story: Any, **fields: Any) -> Any:
    """A published article with all that a page can show: two audiences, AI, a topic known to MeSH."""
    article = story.draft(origin="ai_drafted", byline="Nora Lind, MD\nJo Ash", **fields)
    author = article.authors.get()
    Topic.objects.filter(slug="hypertension").update(mesh_id="D006973")
    with work(actor=author, now=story.tick()):
        body = BODY.replace("A target below 130", "Below 130").replace(" [@sprint]", "")
        save(AudienceVariant(article=article, audience="patient", body=body + "\nIt helps [@sprint].\n"), actor=author)
        save(AIContribution(article=article, tool="Drafter", version="4.1", use="First draft."), actor=author)
    round = story.round(article=article)
    story.sign(round, "claire")
    story.sign(round, "ravi")
    return story.confirm(round.article)


def retracted(story: Any, article: Any) -> Any:
    story.tick()
    ingrid = story.people["ingrid"]
    return lifecycle.retract(
        article, actor=ingrid, now=story.now, notice="The trial was made up.", proof=story.proof("ingrid")
    )


def lineage(kind: str) -> Iterator[str]:
    while kind:
        yield kind
        kind = PARENTS.get(kind, "")


def problems(node: dict[str, Any], allowed: set[str] | None = None) -> Iterator[str]:
    """In what ``node`` isn't what schema.org has."""
    kind = node["@type"]
    if allowed is not None and not allowed & set(lineage(kind)):
        yield f"{kind} where {sorted(allowed)} is expected"
    known = {name: types for one in lineage(kind) for name, types in PROPERTIES.get(one, {}).items()}
    for name, value in node.items():
        if name.startswith("@"):
            continue
        if name not in known:
            yield f"{kind} has no {name}"
            continue
        for each in value if isinstance(value, list) else [value]:
            yield from _value_problems(f"{kind}.{name}", each, known[name])


def _value_problems(where: str, value: Any, types: set[str]) -> Iterator[str]:
    if isinstance(value, dict) and set(value) == {"@id"}:
        if MEMBERS.get(value["@id"]) not in types:
            yield f"{where}: {value['@id']}"
    elif isinstance(value, dict):
        yield from problems(value, types)
    elif isinstance(value, int):
        if "Number" not in types:
            yield f"{where}: a number"
    elif not (
        ("Text" in types and value)
        or ("URL" in types and re.fullmatch(r"https?://[^\s<>]+", value))
        or ("Date" in types and date.fromisoformat(value))
    ):
        yield f"{where}: {value!r}"


def values_of(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in it with the property that it stands under."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in MACHINES_ALONE:
                yield from values_of(value, key)
    elif isinstance(node, list):
        for each in node:
            yield from values_of(each, name)
    else:
        yield name, str(node)


def is_shown(name: str, value: str, page: Page) -> bool:
    text = page.text.casefold()
    if name.startswith("date") or name == "lastReviewed":
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}".casefold() in text
    if name == "inLanguage":
        return page.language == value
    if name == "version":
        return f"version {value}." in text
    if value.startswith(("http://", "https://")):
        path = value.removeprefix(settings.PUBLIC_URL)
        return unquote(value) in page.links or unquote(path) in page.links
    if name == "value":
        return any(value.casefold() in link.casefold() for link in page.links)
    parts = value.split(". ") if name == "description" else [SHOWN_AS.get(value, value)]
    return all(part.strip(" .").casefold() in text for part in parts)


def made(story: Any, kind: str) -> Page:
    if kind.startswith("rich"):
        return read(rich(story), "?for=patient" if "patients" in kind else "")
    article = story.published()
    if kind == "second":
        round = story.round(article=story.revised(article, ("130", "125"), conclusions_changed=True))
        story.sign(round, "claire")
        if story.open_round_of(article):
            story.sign(round, "ravi")
            story.confirm(round.article)
    if kind == "retracted":
        retracted(story, article)
    if kind == "retired":
        lifecycle.retire(article, actor=story.people["ingrid"], now=story.tick(), reason="Nobody asks any more.")
    return read(article)


@pytest.mark.parametrize("kind", ["plain", "rich", "rich for patients", "second", "retracted", "retired"])
def test_machines_are_told_what_the_vocabulary_has_and_the_visible_page_says(story, kind):
    page = made(story, kind)
    data, meta = page.data, page.meta

    assert (data["@context"], data["@type"]) == ("https://schema.org", "MedicalWebPage")
    assert list(problems(data)) == []
    assert [pair for pair in values_of(data) if not is_shown(*pair, page)] == []
    assert meta["description"] == meta["og:description"] == data["description"]
    assert (meta["og:title"], meta["og:url"]) == (data["name"], data["url"])
    assert meta["article:published_time"] == data["datePublished"] <= data["dateModified"]
    assert meta["article:modified_time"] == data["dateModified"]


def test_a_page_names_its_reviewers_dates_audiences_topics_and_sources(story):
    data = read(rich(story)).data

    signers = [story.people[name].shown_name for name in ("claire", "ravi")]
    assert [person["name"] for person in data["reviewedBy"]] == signers
    assert [one["audienceType"] for one in data["medicalAudience"]] == [
        "Health professionals",
        "Patients and caregivers",
    ]
    assert data["about"] == [
        {
            "@type": "DefinedTerm",
            "name": "Hypertension",
            "termCode": "D006973",
            "inDefinedTermSet": "https://id.nlm.nih.gov/mesh/",
        }
    ]
    assert data["author"] == [
        {"@type": "Person", "name": "Nora Lind", "honorificSuffix": "MD"},
        {"@type": "Person", "name": "Jo Ash"},
    ]
    assert data["creditText"] == "drafted with AI (Drafter 4.1)"
    numbers = [{one["propertyID"]: one["value"] for one in work["identifier"]} for work in data["citation"]]
    assert numbers == [
        {"doi": "10.1161/hyp.0000000000000249", "pmid": "40811516"},
        {"doi": "10.1056/nejmoa1511939", "pmid": "26551272"},
    ]


def test_a_retracted_page_says_so_to_machines_and_keeps_its_answer_from_them(story):
    article = retracted(story, story.published())
    page = read(article)

    assert page.data["name"].startswith("RETRACTED: How low")
    assert page.data["creativeWorkStatus"] == "Retracted"
    assert "reviewedBy" not in page.data
    assert "lastReviewed" not in page.data
    assert page.meta["description"] == "This article has been retracted. The trial was made up."
    assert page.data["correction"][0].startswith(f"{settings.PUBLIC_URL}/notices/")


def test_what_became_of_a_source_since_is_told_to_machines_as_it_is_to_people(story):
    article = story.published()
    reference = Reference.objects.get(citations__key="sprint")
    reference.status = "retracted"
    reference.save()
    told = [work.get("creativeWorkStatus") for work in read(article).data["citation"]]

    assert sorted(filter(None, told)) == ["Retracted"]
    assert len(told) == 2


def test_without_a_standing_signature_nobody_is_said_to_have_reviewed(story):
    article = story.published()
    publication = Publication.objects.get(article=article)
    publication.evidence = {**publication.evidence, "reviewers": []}
    values = projection.pages.projected(publication)

    assert "reviewedBy" not in values["head_html"]
    assert "lastReviewed" not in values["head_html"]
    assert "dateModified" in values["head_html"]


def test_a_page_that_is_held_or_removed_tells_machines_nothing(story):
    held, removed = story.published(title="Is it held?"), story.published(title="Is it removed?")
    story.tick()
    lifecycle.hold(held, actor=story.people["lena"], now=story.now, reason="Unsafe.", proof=story.proof("lena"))
    ingrid = story.people["ingrid"]
    lifecycle.remove(removed, actor=ingrid, now=story.now, notice="A court ordered it.", proof=story.proof("ingrid"))

    for article in (held, removed):
        page = read(article)
        assert page.scripts == []
        assert "description" not in page.meta
        assert "og:title" not in page.meta


def test_no_field_of_an_article_breaks_out_of_the_script(story):
    article = story.published(title=f"Is it safe? {HOSTILE}", byline=f"{HOSTILE}, MD")
    html = Client().get(f"/articles/{article.slug}/").text
    page = Page(html)

    assert page.data["name"] == f"Is it safe? {HOSTILE}".strip()
    assert html.count("<script") == html.count("</script>") == 4
    assert "alert(1)</script>" not in html
    assert page.meta["og:title"] == page.data["name"]


def test_machines_get_the_sources_of_the_text_that_is_shown(story):
    article = rich(story)
    names = {query: [work["name"] for work in read(article, query).data["citation"]] for query in ("", "?for=patient")}
    assert len(read(article).scripts) == 1
    assert set(names[""]) == set(names["?for=patient"])


def test_what_machines_are_told_is_verified_like_the_page(story):
    article = story.published()
    PublicPage.objects.update(head_html="<meta name='description' content='Something else'>")

    (found,) = verification.pages()
    assert "head_html" in found.message
    projection.project(Publication.objects.get(article=article))
    assert list(verification.pages()) == []


def test_a_page_with_what_machines_get_stays_one_query(story, django_assert_num_queries):
    url = f"/articles/{story.published().slug}/"
    with django_assert_num_queries(1):
        Client().get(url)
