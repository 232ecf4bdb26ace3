import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles import importing
from articles.management.commands import import_article
from articles.models import AIContribution, Article, IntakeSource, Reference
from articles.states import ArticleState
from editorial.models import AuditEvent

PASTED = Path(__file__).parent / "intake" / "data" / "pasted_page.txt"
DEMO = Path(importing.__file__).parent.parent / "reviews" / "demo" / "manuscripts"

pytestmark = pytest.mark.sqlite


def run(*args: str, fails: bool = False) -> tuple[list[dict], str]:
    out, err = StringIO(), StringIO()
    if fails:
        with pytest.raises(CommandError) as stopped:
            call_command("import_article", *args, "--json", stdout=out, stderr=err)
        assert stopped.value.returncode == 1
        err.write(str(stopped.value))
    else:
        call_command("import_article", *args, "--json", stdout=out, stderr=err)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


@pytest.fixture
def take(people, now):
    def taken(data: bytes, name: str = "a.md", **values) -> importing.Outcome:
        return importing.take_in(data, name=name, actor=people["nora"], author=people["nora"], now=now, **values)

    return taken


def test_every_byte_of_the_source_is_kept(people):
    run(str(PASTED))

    assert bytes(IntakeSource.objects.get().data) == PASTED.read_bytes()


def test_a_file_gives_one_json_object_with_all_that_was_asked(people):
    (said,), _err = run(str(PASTED))

    assert set(said) == {
        *("file", "status", "title", "sections", "references", "markers", "left_out", "unplaced", "findings", "error"),
    }
    assert said["status"] == "imported"
    assert [section["kind"] for section in said["sections"]] == [
        "guideline",
        "key_points",
        "recommendations",
        "research",
        "limitations",
    ]
    assert set(said["references"][0]) == {"number", "kind", "title", "source", "year", "identifiers"}
    assert {"numbers", "text", "confirmed"} <= set(said["markers"][0])
    assert set(said["findings"][0]) == {"code", "severity", "message"}
    assert said["error"] is None


def test_the_same_file_twice_makes_no_second_article(people):
    run(str(PASTED))
    (said,), _err = run(str(PASTED))

    assert said["status"] == "duplicate"
    assert "was imported on" in said["findings"][0]["message"]
    assert Article.objects.count() == 1


def test_a_dry_run_writes_nothing(people):
    before = AuditEvent.objects.count()
    (said,), _err = run(str(PASTED), "--dry-run")

    assert said["status"] == "would_import"
    assert said["findings"]
    assert (Article.objects.count(), Reference.objects.count(), AuditEvent.objects.count()) == (0, 0, before)


def test_a_batch_goes_on_after_a_bad_file_and_ends_with_a_non_zero_exit(people, tmp_path):
    bad = tmp_path / "bad.md"
    bad.write_bytes(b"---\ntitle: [\n---\n")
    missing = tmp_path / "none.txt"
    empty = tmp_path / "empty"
    empty.mkdir()
    said, err = run(str(bad), str(missing), str(empty), str(PASTED), fails=True)

    assert [one["status"] for one in said] == ["refused", "refused", "refused", "imported"]
    assert f"{bad}:" in said[0]["error"]
    assert "no such file" in said[1]["error"]
    assert "This folder holds no manuscript: no file that ends in .markdown, .md, .text, .txt." in said[2]["error"]
    assert "3 of 4 files" in err


def test_a_file_of_more_than_a_mebibyte_is_refused_in_words(people, tmp_path):
    large = tmp_path / "large.txt"
    large.write_bytes(b"Title\n\n" + b"word " * 300_000)
    (said,), _err = run(str(large), fails=True)

    assert said["status"] == "refused"
    assert "MiB" in said["error"]


def test_an_unknown_author_is_refused_before_anything_is_read(people):
    with pytest.raises(CommandError, match="There is no account"):
        call_command("import_article", str(PASTED), "--author", "nobody")

    assert not Article.objects.exists()


def test_a_complete_manuscript_is_submitted_when_asked(people):
    (said,), _err = run(str(DEMO / "statins-after-heart-attack.md"), "--author", "nora", "--submit")

    assert said["error"] is None
    article = Article.objects.get()
    assert article.state == ArticleState.SUBMITTED
    assert {variant.audience for variant in article.variants.all()} == {"clinician", "patient"}


def test_a_manuscript_with_blocking_findings_is_imported_and_not_submitted(people):
    (said,), _err = run(str(PASTED), "--author", "nora", "--submit", fails=True)

    assert said["status"] == "imported"
    assert "not submitted" in said["error"]
    assert Article.objects.get().state == ArticleState.DRAFT


def test_ai_contributions_and_topics_come_with_the_manuscript(people):
    run(str(DEMO / "mediterranean-diet-prevention.md"), "--author", "nora")

    article = Article.objects.get()
    assert article.origin == "ai_assisted"
    assert AIContribution.objects.get().tool == "Draftwell"
    assert article.topics.exists()


def test_the_library_keeps_one_entry_for_one_doi_and_title(people):
    run(str(DEMO / "statins-after-heart-attack.md"), str(DEMO / "sglt2-inhibitors-heart-failure.md"))

    assert Reference.objects.filter(doi="10.1093/eurheartj/ehab368").count() == 1


def test_a_title_alone_never_joins_two_references(take):
    text = (
        "---\ntitle: {}\nreferences:\n"
        "  - id: a\n    type: article-journal\n    kind: research\n    title: Same\n    DOI: {}\n"
        "---\n\n## From the research\n\nText [@a].\n"
    )
    take(text.format("One?", "10.1000/one").encode(), "one.md")
    take(text.format("Two?", "10.1000/two").encode(), "two.md")

    assert Reference.objects.filter(title="Same").count() == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n", b"\x89PNG\r\n\x1a\n", b"a\x00b", b"\xff\xfe\xfa", b"# T\n\n<script>alert(1)</script>\n"],
    ids=["empty", "blank", "image", "nul", "undecodable", "active"],
)
def test_a_bad_file_is_refused_in_a_sentence_that_names_it(take, data):
    outcome = take(data, "bad.md")

    assert outcome.status == "refused"
    assert outcome.error.startswith("bad.md")
    assert not Article.objects.exists()


def test_titles_and_slugs_never_collide(take):
    text = "# Same question?\n\n## Key points\n\nText {}.\n"
    first, second = take(text.format(1).encode(), "1.md"), take(text.format(2).encode(), "2.md")

    assert (first.article.slug, second.article.slug) == ("same-question", "same-question-2")


def folder_of(tmp_path: Path, count: int) -> Path:
    """So many manuscripts in a folder and one below it, beside files that are none."""
    folder = tmp_path / "manuscripts"
    (folder / "below").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in (".hidden.md", ".git/HEAD.md", "photo.jpg", "below/notes.docx"):
        (folder / name).write_text("Nothing to import.")
    for number in range(count):
        place = folder / "below" if number % 2 else folder
        text = (
            PASTED.read_text().replace("metformin", f"metformin {number}").replace("Metformin", f"Metformin {number}")
        )
        (place / f"{number:03}.txt").write_text(f"Is it safe in case {number}?\n\n{text}")
    return folder


def told(*args: str, **options: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_article", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_of_a_folder_its_manuscripts_are_taken_and_those_below_and_nothing_else(people, tmp_path):
    said, _err = run(str(folder_of(tmp_path, 4)))
    assert [Path(one["file"]).name for one in said] == ["000.txt", "002.txt", "001.txt", "003.txt"]
    assert {one["status"] for one in said} == {"imported"}
    assert Article.objects.count() == 4


def test_of_many_files_only_those_that_need_attention_are_told_and_how_far_it_is(people, tmp_path, monkeypatch):
    monkeypatch.setattr(import_article, "MOST_TOLD", 3)
    folder = folder_of(tmp_path, 4)
    (folder / "bad.md").write_text("---\ntitle: [\n---\n")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 5 files need attention"):
        call_command("import_article", str(folder), stdout=out, stderr=err)
    assert "000.txt" not in out.getvalue()
    assert "bad.md: refused" in out.getvalue()
    assert "Summary: 4 imported, 1 refused." in out.getvalue()
    assert "5 of 5 files" in err.getvalue()
    out, _err = told(str(folder / "below"), str(folder / "000.txt"), str(folder / "002.txt"), verbosity=2)
    assert out.count(": duplicate") == 4


def test_an_import_that_is_stopped_goes_on_where_it_was(people, tmp_path, monkeypatch):
    folder, take_in, taken = folder_of(tmp_path, 4), importing.take_in, []

    def stopped_at_the_third(data: bytes, **values: object) -> importing.Outcome:
        taken.append(values["name"])
        if len(taken) == 3:
            raise KeyboardInterrupt
        return take_in(data, **values)

    monkeypatch.setattr(importing, "take_in", stopped_at_the_third)
    with pytest.raises(CommandError, match=r"Stopped after 2 of 4 files\. What was imported stays\.") as stopped:
        told(str(folder))
    assert stopped.value.returncode == 130
    assert Article.objects.count() == 2
    out, _err = told(str(folder))
    assert "Summary: 2 duplicate, 2 imported." in out
    assert Article.objects.count() == 4


def test_a_folder_that_cannot_be_read_is_refused_in_words(people, tmp_path, monkeypatch):
    folder = folder_of(tmp_path, 2)

    def walk(_folder: str, onerror: Callable[[OSError], None]) -> None:
        onerror(PermissionError(13, "Permission denied", f"{folder}/below"))

    monkeypatch.setattr(import_article.os, "walk", walk)
    with pytest.raises(CommandError, match=r"below can't be read: Permission denied\. Nothing was imported\."):
        told(str(folder))
    assert not Article.objects.exists()
