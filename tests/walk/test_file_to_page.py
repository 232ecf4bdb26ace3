"""The spine: a pasted page becomes a signed public page, through the admin's own HTTP path."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.models import Article, Publication, Reference
from articles.states import ArticleState
from reviews.demo.cast import PASSWORD
from reviews.models import ReviewAssignment
from tests.desk import Person
from tests.reviews.panels import opens

PASTED = Path(__file__).parent.parent / "articles" / "intake" / "data" / "pasted_page.txt"


def upload(person: Person) -> Article:
    file = SimpleUploadedFile("cramps.txt", PASTED.read_bytes())
    nora = person.fields("/admin/articles/upload/", having="author")
    page = person.client.post(
        "/admin/articles/upload/",
        {
            **nora,
            "author": Article._meta.apps.get_model("editorial.User").objects.get(username="nora").pk,
            "file": file,
        },
    )
    assert page.status_code == 200, page.text
    assert "Imported" in page.text
    return Article.objects.get()


def mend(person: Person, article: Article) -> None:
    """What an editor does about the findings: identifiers, a guideline with a DOI, funding, a short answer."""
    aha = Reference.objects.create(
        kind="guideline",
        title="Guideline on muscle cramps",
        authors="Example College of Neurology",
        container_title="Neurology",
        year=2020,
        doi="10.1000/cramps.1",
    )
    for number, citation in enumerate(article.citations.exclude(reference__kind="guideline"), start=2):
        Reference.objects.filter(pk=citation.reference_id).update(doi=f"10.1000/cramps.{number}")
    url = f"/admin/articles/article/{article.pk}/change/"
    fields = person.fields(url, having="edit_stamp")
    body = fields["variants-0-body"]
    for gone in ("[@ref4]", "[@ref5]"):
        body = body.replace(gone, "[@ref2]")
    body = body.replace("@ref5; ", "").replace("; @ref4", "").replace("; @ref5", "").replace("@ref4; ", "")
    guideline = next(i for i in range(5) if fields[f"citations-{i}-key"] == "ref1")
    saved = person.fill(
        url,
        having="edit_stamp",
        **{
            "short_answer": "Magnesium does little for night-time leg cramps in older adults; stretching comes first.",
            "funding": "none",
            "variants-0-body": body.replace("Cochrane Library", "journal Neurology"),
            f"citations-{guideline}-reference": aha.pk,
        },
    )
    assert saved.status_code == 302, saved.text


@pytest.mark.sqlite
def test_a_pasted_page_is_mended_reviewed_confirmed_and_read(people):
    tom, claire, ravi = Person("tom"), Person("claire"), Person("ravi")
    article = upload(tom)
    pk, url = article.pk, f"/articles/{article.slug}/"

    refused = tom.act(pk, "submit")
    assert refused.status_code == 403
    assert "restored" in refused.text
    markers = tom.client.get(f"/admin/articles/{pk}/markers/").text
    ticked = [int(part.split('"')[0]) for part in markers.split('name="marker" value="')[1:]]
    assert tom.client.post(f"/admin/articles/{pk}/markers/", {"marker": ticked}).status_code == 302
    mend(tom, article)

    # Tom has changed the text, so he is a contributor: Lena handles it from here.
    lena = Person("lena")
    assert lena.act(pk, "submit").status_code == 302
    specialty = people["claire"].board_member.credentials.get().specialty_id
    assert lena.act(pk, "triage", risk_tier="standard", specialty=specialty).status_code == 302
    assert opens(lena, article, people, claire="required", ravi="required").status_code == 302
    assert Client().get(url).status_code == 404

    for person in (claire, ravi):
        seat = ReviewAssignment.objects.get(member__user__username=person.username)
        signed = person.sign(seat.pk)
        assert signed.status_code == 302, signed.text
    assert Client().get(url).status_code == 404
    refused = tom.force(article, "confirm", password=PASSWORD)
    assert refused.status_code == 403
    assert "You contributed to this text" in refused.text
    confirmed = lena.act(pk, "confirm", password=PASSWORD)
    assert confirmed.status_code == 302, confirmed.text

    assert Article.objects.get().state == ArticleState.APPROVED
    publication = Publication.objects.get()
    page = Client().get(url)
    assert page.status_code == 200
    assert "Medically reviewed by" in page.text
    assert "Claire Dubois, MD" in page.text
    assert publication.html["clinician"] in page.text
    assert not page.cookies
    assert article.title in Client().get("/").text
