"""What a round has to say to an editor who is away reaches whoever decides meanwhile."""

from editorial.models import Leave, OutboxMessage, PersonalText
from reviews.models import ManualReminder
from reviews.workflow import board, seating


def told(text: str) -> set[str]:
    return set(OutboxMessage.objects.filter(payload__text=text).values_list("recipient__username", flat=True))


def test_news_of_an_article_go_to_the_deputy_of_its_editor(story, people):
    article = story.triaged()
    seating.tell_editors(article, "Before.", now=story.tick())
    Leave.objects.create(
        user=people["tom"], first_day=story.now.date(), last_day=story.now.date(), deputy=people["ingrid"]
    )
    seating.tell_editors(article, "While away.", now=story.tick())
    assert (told("Before."), told("While away.")) == ({"tom"}, {"ingrid"})


def test_the_notes_of_reminders_go_with_the_person_they_were_written_to(story, people):
    seat = story.seat(story.round(), "claire")
    note = PersonalText.objects.create(text="Dear Claire, please.", written_at=story.now)
    ManualReminder.objects.create(assignment=seat, sent_by=people["tom"], sent_at=story.now, note=note)
    board.erase(people["ravi"], now=story.tick())
    assert PersonalText.objects.get(pk=note.pk).text
    board.erase(people["claire"], now=story.tick())
    assert PersonalText.objects.get(pk=note.pk).text == ""
