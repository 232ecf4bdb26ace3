"""The choice among many people: a list written in one go, or a name where they are too many for one."""

import pytest
from django import forms

from editorial.models import BoardMember
from reviews.queue import names
from reviews.queue.names import Names
from tests.desk import Person

pytestmark = pytest.mark.django_db

HOSTILE = '"><script>alert(1)</script>'


class _Form(forms.Form):
    member = forms.ModelChoiceField(BoardMember.objects.order_by("pk"), required=False, empty_label="Any")


def _written(widget: type[forms.Select], chosen: object) -> str:
    form = _Form({"member": chosen})
    form.fields["member"].widget = widget(attrs={"class": HOSTILE})
    form.fields["member"].widget.choices = form.fields["member"].choices
    return str(form["member"])


@pytest.mark.parametrize("which", ["nobody", "somebody", "no number"])
def test_names_are_written_as_the_framework_writes_a_select(people, which):
    member = people["claire"].board_member
    user = member.user
    user.last_name = HOSTILE
    user.save()
    chosen = {"nobody": "", "somebody": member.pk, "no number": HOSTILE}[which]
    plain, quick = (_written(widget, chosen) for widget in (forms.Select, Names))
    assert "&lt;script&gt;" in quick
    assert "<script>" not in quick
    assert quick.count(" selected") == (0 if which == "no number" else 1)
    assert quick == "".join(line.strip() for line in plain.splitlines())


def queue(person: str, **asked: object) -> str:
    """What stands in the queue's own part of the page."""
    return Person(person).client.get("/admin/queue/", asked).text.split('class="queue__main"')[1]


@pytest.fixture
def too_many(monkeypatch):
    """A board of which no list is made."""
    monkeypatch.setattr(names, "MOST_LISTED", 1)


@pytest.mark.parametrize("words", ["dubois", "Claire DUBOIS", "clai"])
def test_of_a_large_board_a_reviewer_is_asked_for_by_name(story, too_many, words):
    round = story.round(title="Asked?")
    page = queue("tom", member=words)
    assert 'type="search" name="member"' in page
    assert '<select name="member"' not in page
    assert f'value="{words}"' in page
    assert round.article.title in page
    assert round.article.title not in queue("tom", member=f"{words} menon")


def test_an_address_that_a_list_made_still_means_that_reviewer(story, too_many):
    round = story.round(title="Asked?")
    claire, nobody = story.seat(round, "claire").member_id, 99_999
    assert round.article.title in queue("tom", member=claire)
    for other in (nobody, "9" * 40, "\x00", "%"):
        assert Person("tom").client.get("/admin/queue/", {"member": other}).status_code == 200
    assert round.article.title not in queue("tom", member=nobody)


def test_whoever_wrote_the_text_learns_of_no_reviewer_by_guessing_names(story, too_many):
    theirs, other = story.round(title="Theirs?"), story.round(title="Another?")
    theirs.article.authors.add(story.people["tom"])
    assert theirs.article.title in queue("tom")
    page = queue("tom", member="dubois")
    assert other.article.title in page
    assert theirs.article.title not in page
