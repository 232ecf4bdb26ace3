"""How the desk offers to move what is due while the board is closed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editorial.admin.verbs import VerbForm
from editorial.conditions import Condition, unless
from editorial.models import ClosedPeriod, User
from editorial.registry import VerbSpec, add_verb
from editorial.roles import is_chief
from reviews.workflow.closing import due_in, move_due_days


def may_move(period: ClosedPeriod, user: User) -> Condition:
    return unless(due_in(period), _("No open review falls due in it."))


def consequences(period: ClosedPeriod) -> list[str]:
    seats = due_in(period)
    count = ngettext("%(count)s open review falls due in it.", "%(count)s open reviews fall due in it.", len(seats)) % {
        "count": len(seats)
    }
    told = [f"{seat.member}: “{seat.round.article.title}”" for seat in seats[:20]]
    return [
        count,
        str(_("Each member gets the days back that were left before it, and a mail with the new day.")),
        *told,
    ]


add_verb(
    "editorial.ClosedPeriod",
    VerbSpec(
        name="move_due_days",
        label=_("Move these due days behind it"),
        condition=may_move,
        run=move_due_days,
        form=lambda period, user: VerbForm,
        visible=lambda period, user: is_chief(user),
        consequences=consequences,
    ),
)
