"""Who may end a safety objection, with the reason when not."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from articles.models import Article
from editorial.conditions import Condition, no, unless
from editorial.models import User
from editorial.once import once
from editorial.roles import is_board, is_chief
from reviews import eligibility, matching
from reviews.conditions import impartial, not_on_panel
from reviews.models import Objection, ReviewAssignment


@once
def objections_to(article: Article) -> list[Objection]:
    """All that were ever raised, with what became of them."""
    rows = article.objections.select_related("member__user", "specialty", "review")
    return list(rows.prefetch_related("steps__by"))


def may_withdraw_objection(objection: Objection, user: User) -> Condition:
    return (
        unless(objection.is_open, _("This objection has ended."))
        & unless(objection.member.user_id == user.pk, _("Only the physician who raised it can withdraw it."))
        & unless(is_board(user), _("You are not on the board any more; a peer has to adjudicate it."))
    )


def may_adjudicate(objection: Objection, user: User, *, now: datetime) -> Condition:
    """A board member in the same specialty who isn't on the panel and wrote none of it (house rules)."""
    article = objection.article
    member = getattr(user, "board_member", None)
    if member is None or not is_board(user):
        return no(_("Only a board member in the same specialty may adjudicate; an editor can't overrule a physician."))
    candidate = matching.candidate_of(member, article=article, today=now.date())
    against = eligibility.standing_reasons(candidate, matching.subject_of(article))
    panels = Q(round__article=article, round__closed_at=None) | Q(round=objection.review.round_id)
    seated = ReviewAssignment.objects.filter(panels, member=member)
    return (
        unless(objection.is_open and objection.adjudication is None, _("This objection has been adjudicated already."))
        & unless(not against, _("You can't adjudicate this: %(reasons)s.") % {"reasons": "; ".join(against)})
        & unless(
            objection.specialty.slug in candidate.credentials,
            _("Adjudication needs a credential in %(specialty)s.") % {"specialty": objection.specialty.name},
        )
        & unless(
            objection.member_id != member.pk and not seated.exists(),
            _("You are on the panel of this article; somebody off the panel has to adjudicate."),
        )
    )


def may_confirm_adjudication(objection: Objection, user: User) -> Condition:
    return (
        unless(is_chief(user), _("Only a chief editor confirms an adjudication."))
        & unless(objection.is_open and objection.adjudication, _("There is no adjudication waiting for confirmation."))
        & unless(
            objection.adjudication is None or objection.adjudication.by_id != user.pk,
            _("Whoever adjudicated can't confirm it too."),
        )
        & unless(objection.member.user_id != user.pk, _("Whoever raised the objection can't end it as chief editor."))
        & impartial(objection.article, user)
        & not_on_panel(objection.article, user)
    )
