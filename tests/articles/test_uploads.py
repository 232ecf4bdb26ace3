"""Files as an attacker sends them to the desk: each is refused in words, or comes out as text that does nothing."""

import gzip
import io
import re
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.contributors import contributors
from articles.models import Article, IntakeSource
from tests.desk import Person

UPLOAD = "/admin/articles/upload/"
IMPORT = "/admin/board/import/"
TEXT = b"# Is rest enough?\n\n## From the research\n\nRest helps most people [1].\n"


def bomb(size: int = 50_000_000) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.md", b"0" * size)
    return made.getvalue()


FILES = {
    "a zip that unpacks to 50 MB": bomb(),
    "a gzip": gzip.compress(b"0" * 10_000_000),
    "a zip behind a text": TEXT + bomb(1000),
    "a PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "a picture with a script": b"GIF89a/*<svg onload=alert(1)>*/=1;",
    "a PNG": b"\x89PNG\r\n\x1a\n" + TEXT,
    "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a page": b"<!doctype html><script>alert(1)</script>Is rest enough?",
    "an XML bomb": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>",
    "a YAML bomb": b"---\ntitle: T\na: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n---\nText.\n",
    "YAML that makes an object": b"---\ntitle: !!python/object/apply:os.system ['true']\n---\nText.\n",
    "an entity that reads a file": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "a program": b"\x7fELF\x02\x01\x01",
    "UTF-16": "Is rest enough?\n\n<script>alert(1)</script>".encode("utf-16"),
    "UTF-7": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "nothing": b"",
    "too much": b"Rest helps. " * 100_000,
    "too many lines": b"a\n" * 30_000,
    "too many citations": b"# T\n\n" + b"a [1] " * 6_000,
    "a script in a heading": b"# Is rest enough?\n\n## <script>alert(1)</script>\n\nRest helps.\n",
    "a handler": b"# Is rest enough?\n\n<p onclick=alert(1)>Rest helps.</p>\n",
    "a link that runs": b"# Is rest enough?\n\n[Rest](JaVaScRiPt:alert(1)) helps.\n",
    "a link that runs, spelt out": b"# Is rest enough?\n\n[Rest](&#106;avascript:alert(1)) helps.\n",
    "a definition that runs": b"# Is rest enough?\n\n[Rest][r] helps.\n\n[r]: vbscript:x\n",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["md", "txt"])
def test_what_is_no_manuscript_is_refused_in_words(name, ending, people):
    answer = send(UPLOAD, f"page.{ending}", FILES[name])

    assert answer.status_code == 422
    words = re.sub(r"<[^>]*>", " ", answer.text)
    assert re.search(r"refused|empty|title|isn.t|can.t|takes at most", words), words
    assert not Article.objects.exists()
    assert not re.search(r"<script>alert|<svg onload|<p onclick", answer.text)


NAMES = (
    *("../../etc/passwd.md", "..\\..\\boot.md", "/etc/cron.d/x.md", "C:\\x.md", "a\r\nX: y.md", "a\x00.md"),
    *('"><img src=x onerror=alert(1)>.md', "<script>alert(1)</script>.md", "x" * 300 + ".md", "\u202egnp.md", ".md"),
    *("page.md/", "page.html.md", "{{ 7|add:7 }}.md", "%2e%2e%2fx.md", "=cmd|' /C calc'!A0.md"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_kept_as_a_name_alone_and_shown_as_text(name, people):
    answer = send(UPLOAD, name, TEXT)

    assert answer.status_code in (200, 422)
    assert not re.search(r"<img src=x|<script>alert|\b14\.md", answer.text)
    for source in IntakeSource.objects.all():
        assert "/" not in source.name
        assert len(source.name) <= 255
        page = Person("tom").client.get(f"/admin/articles/article/{source.article_id}/change/")
        assert page.status_code == 200
        assert not re.search(r"<img src=x|<script>alert|\b14\.md", page.text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", ["text/html", "application/zip", "image/svg+xml", "x" * 80, "text/plain; charset=utf-7"]
)
def test_what_a_browser_says_a_file_is_counts_for_nothing(kind, people):
    assert send(UPLOAD, "page.md", TEXT, kind=kind).status_code == 200
    assert Article.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a zip that unpacks to 50 MB", "a PNG", "UTF-16", "nothing", "too much", "a page"])
def test_a_list_of_members_that_is_none_is_refused_in_words(name, people):
    answer = send(IMPORT, "board.csv", FILES[name])

    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text
    assert len(people) == type(people["tom"]).objects.exclude(username="system").count()


def send(url: str, name: str, data: bytes, *, kind: str = "text/plain", who: str = "tom"):
    person = Person(who)
    fields = person.fields(url, having="csrfmiddlewaretoken")
    file = SimpleUploadedFile("x", data, content_type=kind)
    file._name = name  # as a browser may send it, whatever Django makes of it
    return person.client.post(url, {**{k: v for k, v in fields.items() if v is not None}, "file": file})


@pytest.mark.django_db
def test_whoever_may_not_see_an_article_learns_nothing_of_it_from_its_file(people):
    """Somebody else who has the manuscript: neither what it is called by now, nor how far it got."""
    assert send(UPLOAD, "rest.md", TEXT, who="nora").status_code == 200
    Article.objects.update(title="Rest after a fall", state="rejected")
    people["stranger"].groups.add(Group.objects.get(name="author"))
    for who, told in (("nora", True), ("stranger", False)):
        page = send(UPLOAD, "rest.md", TEXT, who=who).text
        assert "Already here" in page
        assert ("Rest after a fall" in page, "Rejected" in page) == (told, told), who
    assert IntakeSource.objects.count() == 1


@pytest.mark.django_db
def test_whoever_uploads_a_text_as_somebody_elses_is_a_contributor_too(people):
    """Else an editor writes as their author, and confirms it."""
    tom = Person("tom")
    fields = {**tom.fields(UPLOAD, having="csrfmiddlewaretoken"), "author": people["nora"].pk}
    answer = tom.client.post(UPLOAD, {**fields, "file": SimpleUploadedFile("rest.md", TEXT)})
    assert answer.status_code == 200
    assert contributors(Article.objects.get()) == {people["nora"].pk, people["tom"].pk}
