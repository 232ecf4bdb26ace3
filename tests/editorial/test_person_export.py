"""What is kept about a person: all of it, nothing that proves who they are, and nobody else by name or number."""

import base64
import json
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, IntakeSource
from editorial import person_export
from editorial.models import Interest, PersonalText, User
from reviews import workflow
from reviews.models import ManualReminder, ReviewAssignment, ReviewComment
from tests.desk import Person

OWN = "/admin/your-data/"


@pytest.fixture
def worked(story):
    """Claire signed an article and commented on another; its author resolved the comment."""
    Interest.objects.create(
        member=story.people["claire"].board_member, company="Acme", nature="Fees.", since=story.now.date()
    )
    story.published()
    round = story.round("claire", "ravi", title="Another?")
    story.declare(round, "claire")
    workflow.add_comment(
        round.article, actor=story.people["claire"], now=story.tick(), kind="question", body="Say for whom."
    )
    workflow.request_changes(round.article, actor=story.people["tom"], now=story.tick(), reason="See the comment.")
    comment = ReviewComment.objects.get()
    workflow.resolve(round.article, comment=comment, actor=story.people["nora"], now=story.tick(), reason="Said.")
    return story


def data_of(story, username: str):
    data = person_export.data_of(story.people[username], now=story.now)
    return json.loads(person_export.as_json(data))


@pytest.mark.sqlite
def test_what_a_member_did_and_declared_is_in_it(worked):
    data = data_of(worked, "claire")

    assert data["account"]["email"] == "claire@example.org"
    assert data["roles"] == ["board member"]
    tables = data["tables"]
    assert tables["editorial.Interest"][0]["company"] == "Acme"
    assert tables["reviews.Signature"][0]["shown_name"] == "Claire Dubois"
    assert tables["reviews.ReviewComment"][0]["body"] == "Say for whom."
    assert "licence_number" in tables["editorial.Credential"][0]
    assert "review.signed" in {event["kind"] for event in data["events"]}


def test_nothing_in_it_lets_anybody_act_as_the_person(worked):
    claire = User.objects.get(username="claire")
    text = json.dumps(data_of(worked, "claire"))

    assert claire.password not in text
    assert "salt" not in text


def test_whose_comment_an_author_resolved_stays_hidden(worked):
    nora = worked.people["nora"].pk
    asked, answered = data_of(worked, "nora")["tables"]["reviews.ReviewComment"]

    assert (asked["author"], asked["resolved_by"]) == (person_export.SOMEBODY_ELSE, nora)
    assert answered["author"] == nora


def test_everybody_gets_their_own_and_nobody_anothers(worked):
    answer = Person("claire").client.get(OWN)

    assert answer["Content-Disposition"] == 'attachment; filename="your-data.json"'
    assert "no-store" in answer["Cache-Control"]
    assert json.loads(answer.content)["account"]["username"] == "claire"
    assert Person("ravi").client.get(OWN, {"username": "claire"}).json()["account"]["username"] == "ravi"


@pytest.mark.sqlite
def test_whoever_uploaded_a_manuscript_gets_it_back_byte_for_byte(worked):
    article = Article.objects.first()
    data, nora = b"\x89 not any text \xff", worked.people["nora"]
    values = {"sha256": "a" * 64, "data": data, "taken_in_at": worked.now, "taken_in_by": nora}
    IntakeSource.objects.create(article=article, name="answer.md", **values)
    answer = Person("nora").client.get(OWN)
    assert answer.status_code == 200
    [source] = answer.json()["tables"]["articles.IntakeSource"]
    assert base64.b64decode(source["data"]) == data


def test_the_operator_writes_a_file_that_only_its_owner_may_read(worked, tmp_path):
    file, said = tmp_path / "claire.json", StringIO()
    call_command("export_person", "claire", output=file, stdout=said)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["of"] == "Claire Dubois"
    assert said.getvalue().startswith("Written: ")


@pytest.mark.parametrize(
    ("username", "name", "says"),
    [
        ("nobody", "data.json", "There is no account “nobody”."),
        ("claire", "kept.json", "exists already. Name another file."),
        ("claire", "none/data.json", "can't be written: No such file or directory."),
    ],
)
def test_what_cant_be_written_is_refused_in_words(username, name, says, worked, tmp_path):
    (tmp_path / "kept.json").write_text("kept")
    with pytest.raises(CommandError, match=says):
        call_command("export_person", username, output=tmp_path / name)
    assert (tmp_path / "kept.json").read_text() == "kept"


def test_confidential_texts_are_in_it_and_cost_no_query_each(worked, django_assert_num_queries):
    tom, seat = worked.people["tom"], ReviewAssignment.objects.order_by("pk").first()
    with CaptureQueriesContext(connection) as before:
        data_of(worked, "tom")
    for number in range(5):
        note = PersonalText.objects.create(text=f"Please, {number}.", written_at=worked.now)
        ManualReminder.objects.create(assignment=seat, sent_by=tom, sent_at=worked.now, note=note)
    with django_assert_num_queries(len(before)):
        notes = {row["note"] for row in data_of(worked, "tom")["tables"]["reviews.ManualReminder"]}
    assert notes == {f"Please, {number}." for number in range(5)}
