"""What the reviews bring to an article's page: the round, its seats, comments, objections."""

import json
from collections.abc import Iterable

from articles import conditions as article_conditions
from articles.models import Article
from articles.states import PublicationStatus
from editorial.models import AuditEvent, User
from editorial.registry import Panel, add_panels
from editorial.roles import is_editor
from reviews import conditions, decisions, evidence
from reviews.models import ReviewRound, Signature
from reviews.panel import seats_shown


def round_panel(article: Article, user: User) -> Iterable[Panel]:
    """Editors see who signed what; authors see verdicts and comments without names (house rules)."""
    last = article.rounds.order_by("-number").first()
    if last is None:
        return
    editor = bool(article_conditions.editor_of(article, user))
    decision = decisions.decision_of(last) if last.is_open else None
    signed = list(evidence.signatures_of(last))
    members = list(dict.fromkeys(signature.review.member_id for signature in signed))
    numbers = {member: number for number, member in enumerate(members, start=1)}
    yield Panel(
        "admin/reviews/round_panel.html",
        {
            "round": last,
            "rule": last.rule,
            "decision": decision,
            "seats": seats_shown(last, verdicts=True, all_of_it=True) if editor else [],
            "reviews": [_review(s, numbers[s.review.member_id], editor, last) for s in signed],
            "editor": editor,
        },
    )


def hold_panel(article: Article, user: User) -> Iterable[Panel]:
    """Why a page is off the site, and who took it off."""
    current = article_conditions.current_publication(article)
    if current is None or current.status != PublicationStatus.ON_HOLD or not is_editor(user):
        return
    event = AuditEvent.objects.filter(subject=current.subject, kind="publication.hold").order_by("-sequence").first()
    if event:
        said = json.loads(event.body)
        who = User.objects.filter(uuid=said["actor"]).first()
        context = {"who": who, "at": event.at, "reason": said["data"].get("reason", "")}
        yield Panel("admin/reviews/hold_panel.html", context)


def objection_panel(article: Article, user: User) -> Iterable[Panel]:
    standing = list(article.objections.select_related("member__user", "specialty").prefetch_related("steps__by"))
    if standing and article_conditions.editor_of(article, user):
        yield Panel(
            "admin/reviews/objection_panel.html",
            {
                "objections": standing,
                "may_confirm": [o.pk for o in standing if conditions.may_confirm_adjudication(o, user)],
            },
        )


def _review(signature: Signature, number: int, editor: bool, round: ReviewRound) -> dict[str, object]:
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
        "carried": signature.round_id != round.pk,
    }


add_panels(hold_panel)
add_panels(round_panel)
add_panels(objection_panel)
