"""What the reviews bring to an article's page: the round, its seats, comments, objections."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from articles import conditions as article_conditions
from articles import holds
from articles.models import Article
from articles.states import PublicationStatus
from editorial.admin.verbs import article_url
from editorial.models import User
from editorial.registry import Panel, add_panels
from editorial.roles import is_editor
from reviews import comment_conditions, conditions, decisions, objection_conditions
from reviews.comment_conditions import Viewer
from reviews.objection_conditions import objections_to
from reviews.panel import reviewer_numbers, seats_of, seats_shown, signed_in


def round_panel(article: Article, user: User) -> Iterable[Panel]:
    """Editors see who signed what; authors see verdicts and comments without names (house rules).

    An editor who sits on the open panel sees what its members see: nobody's review before their own.
    """
    last = conditions.last_round_of(article)
    if last is None:
        return
    viewer = comment_conditions.viewer_of(article, user)
    editor, seated = viewer.editor, not conditions.not_seated(article, user)
    sees = viewer.sees_others or not seated
    decision = decisions.decision_of(last) if last.is_open and sees else None
    signed = signed_in(last) if sees else []
    numbers = reviewer_numbers(seats_of(last))
    yield Panel(
        "admin/reviews/round_panel.html",
        {
            "round": last,
            "rule": last.rule,
            "decision": decision,
            "seats": seats_shown(last, verdicts=sees, all_of_it=editor, zone=user.zone) if editor or seated else [],
            "reviews": [_as_seen(row, numbers.get(row["member"], 0), editor, seated) for row in signed],
            "editor": editor,
            "seated": seated,
        },
        rank=20,
    )


def hold_panel(article: Article, user: User) -> Iterable[Panel]:
    """Why a page is off the site, and who took it off."""
    current = article_conditions.current_publication(article)
    if current is None or current.status != PublicationStatus.ON_HOLD or not is_editor(user):
        return
    held = holds.latest(current, path=article_url(article))
    if held:
        yield Panel("admin/reviews/hold_panel.html", {"who": held.who, "at": held.at, "reason": held.reason}, rank=10)


def objection_panel(article: Article, user: User) -> Iterable[Panel]:
    standing = objections_to(article)
    if standing and _sees_objections(comment_conditions.viewer_of(article, user)):
        yield Panel(
            "admin/reviews/objection_panel.html",
            {
                "objections": standing,
                "may_confirm": [o.pk for o in standing if objection_conditions.may_confirm_adjudication(o, user)],
            },
            rank=10,
        )


def _sees_objections(viewer: Viewer) -> bool:
    """Editors; and whoever of them sits on the open panel, once they may know what others signed."""
    return viewer.editor or (viewer.sees_others and not viewer.author)


def _as_seen(signed: dict[str, Any], number: int, editor: bool, seated: bool) -> dict[str, Any]:
    """Authors read “Reviewer 2, rheumatology”. The private note is for the editors alone."""
    if editor:
        return signed
    if seated:
        return {**signed, "note": ""}
    return {**signed, "name": _("Reviewer %(number)s") % {"number": number}, "credentials": "", "note": ""}


add_panels(hold_panel)
add_panels(round_panel)
add_panels(objection_panel)
