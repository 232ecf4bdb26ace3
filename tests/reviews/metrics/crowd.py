"""Many rows at once, written straight into the tables: for counting queries, not for what they mean."""

from datetime import timedelta
from typing import Any

from articles.models import Article, Publication
from editorial.models import BoardMember, Credential, Specialty, User
from reviews.models import Objection, Review, ReviewAssignment, ReviewRound, Signature


def crowd(story: Any, count: int) -> None:
    """``count`` of everything that a page of metrics counts: members, articles, rounds, seats, reviews, pages."""
    start = ReviewRound.objects.count()
    for number in range(start, start + count):
        member = _member(story, number)
        _live(story, number, member)
        _in_review(story, number, member)


def _member(story: Any, number: int) -> BoardMember:
    user = User.objects.create(username=f"member{number}", first_name="Member", last_name=str(number))
    user.groups.set(story.people["claire"].groups.all())
    member = BoardMember.objects.create(user=user, slug=f"member-{number}", joined_on=story.now.date())
    copied = Credential.objects.filter(member__user__username="claire").values().first()
    Credential.objects.create(**{**copied, "id": None, "member_id": member.pk})
    return member


def _article(story: Any, name: str, state: str) -> Article:
    tom, slugs = story.people["tom"], ("cardiology", "rheumatology")
    return Article.objects.create(
        slug=name,
        title=f"{name}?",
        state=state,
        created_at=story.now,
        created_by=tom,
        submitted_at=story.now,
        state_since=story.now,
        specialty=Specialty.objects.get(slug=slugs[len(name) % 2]),
        risk_tier="standard",
    )


def _round(story: Any, article: Article, member: BoardMember, **values: Any) -> ReviewRound:
    rule = {"risk_tier": "standard", "change_class": "new", "acceptance": "standing"}
    round = ReviewRound.objects.create(
        article=article,
        number=1,
        digest="d" * 64,
        rule=rule,
        opened_at=story.now - timedelta(days=9),
        opened_by=story.people["tom"],
        **values,
    )
    due = story.now.date() - timedelta(days=2)
    seat = ReviewAssignment.objects.create(
        round=round,
        member=member,
        state="completed",
        respond_on=due,
        review_on=due,
        time_zone="UTC",
        assigned_at=round.opened_at,
        assigned_by=story.people["tom"],
    )
    kept = {"round": round, "digest": round.digest, "signed_at": story.now - timedelta(days=3)}
    review = Review.objects.create(assignment=seat, member=member, verdict="approve", **kept)
    Signature.objects.create(
        review=review, signer=member.user, meaning="x", shown_name="x", standing={}, proof="x", **kept
    )
    return round


def _live(story: Any, number: int, member: BoardMember) -> None:
    article = _article(story, f"live-{number}", "approved")
    _round(story, article, member, closed_at=story.now, outcome="approved")
    today = story.now.date()
    days = dict.fromkeys(("submitted_on", "review_opened_on", "last_updated", "last_reviewed"), today)
    Publication.objects.create(
        article=article,
        number=1,
        slug=article.slug,
        status="live",
        title=article.title,
        digest="d" * 64,
        html={},
        evidence={"signatures": []},
        policy={"risk_tier": "standard"},
        change_class="new",
        reviewed_version=1,
        editorial_responsibility="Tom",
        published_at=story.now,
        next_review_due=today + timedelta(days=number * 11 - 20),
        **days,
    )


def _in_review(story: Any, number: int, member: BoardMember) -> None:
    article = _article(story, f"open-{number}", "under_review")
    round = _round(story, article, member, unsatisfiable="Nobody is left.", unsatisfiable_since=story.now)
    review = round.reviews.get()
    Objection.objects.create(
        article=article, review=review, member=member, specialty=article.specialty, reason="x", raised_at=story.now
    )
