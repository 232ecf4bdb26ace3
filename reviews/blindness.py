"""What whoever sits on a panel doesn't find in the records either before they sign: what the others did there."""

from django.urls import reverse

from editorial.models import User
from editorial.registry import Hidden
from reviews.models import Objection, ReviewAssignment, ReviewComment
from reviews.states import AssignmentState


def hidden_from(user: User) -> Hidden:
    """Events about the rounds in which this person still owes a verdict, and mail about those articles."""
    seats = ReviewAssignment.objects.held_by(user).exclude(state=AssignmentState.COMPLETED).select_related("round")
    rounds = [seat.round for seat in seats]
    articles = [round.article_id for round in rounds]
    if not rounds:
        return Hidden()
    objections = Objection.objects.filter(article__in=articles)
    comments = ReviewComment.objects.filter(article__in=articles).only("pk")
    subjects = {row.subject for row in (*rounds, *objections, *comments)}
    paths = {reverse("admin:articles_article_change", args=[pk]) for pk in articles}
    return Hidden(frozenset(subjects), frozenset(paths))
