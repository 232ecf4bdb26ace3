"""Over HTTP and from the command line: who gets a dossier, what a download is, and what is refused in words."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from editorial import audit
from editorial.models import AuditEvent
from tests.desk import Person
from tests.reviews.dossier.folders import passes


def url(article) -> str:
    return f"/admin/articles/{article.pk}/dossier/"


def post(person: str, article, mode: str):
    return Person(person).client.post(url(article), {"mode": mode})


def exports() -> list[dict]:
    rows = AuditEvent.objects.filter(kind="dossier.exported").order_by("sequence")
    return [json.loads(event.body)["data"] for event in rows]


def test_who_gets_which(story):
    """Whoever holds no role is sent to sign in."""
    article = story.published()
    got = {
        (who, mode): post(who, article, mode).status_code
        for who in ("tom", "ingrid", "nora", "ravi", "stranger")
        for mode in ("full", "redacted")
    }
    assert got == {
        ("tom", "full"): 200,
        ("tom", "redacted"): 200,
        ("ingrid", "full"): 200,
        ("ingrid", "redacted"): 200,
        ("nora", "full"): 403,
        ("nora", "redacted"): 200,
        ("ravi", "full"): 404,
        ("ravi", "redacted"): 404,
        ("stranger", "full"): 403,
        ("stranger", "redacted"): 403,
    }
    assert [said["mode"] for said in exports()] == ["full", "redacted", "full", "redacted", "redacted"]


def test_before_readers_had_a_version_nobody_gets_a_redacted_one(story):
    article = story.round().article
    for who in ("nora", "tom"):
        answer = post(who, article, "redacted")
        assert answer.status_code == 403
        assert "Readers never had a version of this article" in answer.text
    assert post("tom", article, "full").status_code == 200


def test_an_editor_who_wrote_it_gets_no_full_one(story):
    article = story.published()
    article.authors.add(story.people["lena"])
    assert post("lena", article, "full").status_code == 403
    assert post("lena", article, "redacted").status_code == 200


def test_the_buttons_are_those_that_work(story):
    article = story.published()
    page = f"/admin/articles/article/{article.pk}/change/"
    assert ("Download in full" in Person("tom").client.get(page).text) is True
    author = Person("nora").client.get(page).text
    assert ("Download in full" in author, "Download redacted" in author) == (False, True)
    draft = story.draft(title="Another question?")
    assert "Download" not in Person("nora").client.get(f"/admin/articles/article/{draft.pk}/change/").text


def test_looking_at_the_address_makes_nothing(story):
    article = story.published()
    assert Person("tom").client.get(url(article)).status_code == 405
    assert exports() == []


def test_a_download_is_a_private_zip_that_checks_itself(story, tmp_path):
    answer = post("tom", story.published(), "full")
    assert answer["Content-Type"] == "application/zip"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    name = "how-low-should-blood-pressure-be-dossier"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        archive.extractall(tmp_path)
    passes(tmp_path / name)
    assert audit.verify() == []


def test_the_record_keeps_the_manifests_hash(story, tmp_path):
    article = story.published()
    call_command("export_dossier", article.slug, output=tmp_path / "d", stdout=io.StringIO())
    said = passes(tmp_path / "d")
    assert [entry["manifest"] in said for entry in exports()] == [True]


def test_two_zips_of_one_state_are_equal_byte_for_byte(story, tmp_path, monkeypatch):
    article = story.published()
    monkeypatch.setattr("editorial.clock.now", lambda: datetime(2026, 3, 14, 9, tzinfo=UTC))
    made = []
    for name in ("a", "b"):
        with transaction.atomic():
            call_command("export_dossier", article.slug, "--zip", output=tmp_path / name, stdout=io.StringIO())
            transaction.set_rollback(True)
        made.append((tmp_path / name / f"{article.slug}-dossier.zip").read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-article"], "No article has the address “no-such-article”."),
        (["SLUG", "--at", "yesterday"], "“yesterday” isn't an instant with a time zone"),
        (["SLUG", "--at", "2026-03-14T09:00"], "isn't an instant with a time zone"),
        (["SLUG", "--at", "2026-02-31T09:00Z"], "isn't an instant with a time zone"),
    ],
)
def test_bad_arguments_are_refused_in_words(story, tmp_path, arguments, said):
    slug = story.published().slug
    arguments = [slug if argument == "SLUG" else argument for argument in arguments]
    with pytest.raises(CommandError, match=said[:40].replace("(", r"\(")):
        call_command("export_dossier", *arguments, output=tmp_path / "d")
    assert not (tmp_path / "d").exists()
    assert exports() == []


def test_a_folder_that_isnt_empty_is_left_alone(story, tmp_path):
    slug = story.published().slug
    (tmp_path / "mine.txt").write_text("mine")
    for more in ([], ["--zip"]):
        with pytest.raises(CommandError, match="isn't empty"):
            call_command("export_dossier", slug, *more, output=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(CommandError, match="isn't a folder"):
        call_command("export_dossier", slug, output=tmp_path / "mine.txt")


def test_a_refusal_leaves_no_folder_behind(story, tmp_path):
    slug = story.draft().slug
    with pytest.raises(CommandError, match="Readers never had a version"):
        call_command("export_dossier", slug, "--redacted", output=tmp_path / "d")
    assert not (tmp_path / "d").exists()
