"""What the reviews bring to an article's page: the round, its seats, comments, objections."""

from collections.abc import Iterable

from articles.models import Article
from editorial.models import User
from editorial.registry import Panel, add_panels
from editorial.roles import is_editor
from reviews import conditions, decisions
from reviews.models import Signature
from reviews.panel import seats_shown


def round_panel(article: Article, user: User) -> Iterable[Panel]:
    """Editors see who signed what; authors see verdicts and comments without names (house rules)."""
    last = article.rounds.order_by("-number").first()
    if last is None:
        return
    editor = is_editor(user)
    decision = decisions.decision_of(last) if last.is_open else None
    signed = list(
        Signature.objects.filter(round=last, review__isnull=False)
        .select_related("review__private_note", "review__member")
        .order_by("id")
    )
    yield Panel(
        "admin/reviews/round_panel.html",
        {
            "round": last,
            "rule": last.rule,
            "decision": decision,
            "seats": seats_shown(last, verdicts=True) if editor else [],
            "reviews": [_review(s, index, editor) for index, s in enumerate(signed, start=1)],
            "editor": editor,
        },
    )


def objection_panel(article: Article, user: User) -> Iterable[Panel]:
    standing = list(article.objections.select_related("member__user", "specialty").prefetch_related("steps__by"))
    if standing and is_editor(user):
        yield Panel(
            "admin/reviews/objection_panel.html",
            {
                "objections": standing,
                "may_confirm": [o.pk for o in standing if conditions.may_confirm_adjudication(o, user)],
            },
        )


def _review(signature: Signature, number: int, editor: bool) -> dict[str, object]:
    specialty = ", ".join(signature.shown_specialties)
    note = signature.review.private_note
    return {
        "name": f"{signature.shown_name}, {signature.shown_credentials}" if editor else f"Reviewer {number}",
        "specialty": specialty,
        "verdict": signature.review.verdict,
        "verdict_label": signature.review.get_verdict_display(),
        "comment": signature.review.comment,
        "note": note.text if editor and note else "",
        "signed_at": signature.signed_at,
        "digest": signature.digest,
    }


add_panels(round_panel)
add_panels(objection_panel)
