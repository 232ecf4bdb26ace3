"""A rule of the policy as people say it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.models import ReviewRule


def rule_words(rule: ReviewRule) -> list[str]:
    """Who must approve, who confirms, and the clocks: a short phrase each. Reads ``also``, so prefetch it."""
    return [phrase for phrase in (_approvals(rule), confirmation_words(rule), _clocks(rule), _blocking(rule)) if phrase]


def approvers_words(rule: ReviewRule) -> str:
    """Whose the approvals must be: “all in the article's specialty”, “of these 2 in the article's specialty”."""
    also = [_("1 in %(name)s") % {"name": other.name} for other in rule.also.all()]
    if not rule.in_specialty and not also:
        return _("by any member")
    if rule.in_specialty == rule.approvals:
        return _("in the article's specialty") if rule.approvals == 1 else _("all in the article's specialty")
    inside = [_("%(count)s in the article's specialty") % {"count": rule.in_specialty}] if rule.in_specialty else []
    return _("of these %(parts)s") % {"parts": ", ".join([*inside, *also])}


def confirmation_words(rule: ReviewRule) -> str:
    if rule.chief_confirms:
        return _("a chief editor confirms")
    if rule.change_class == "typographic" and not rule.approvals:
        return _("a second editor signs")
    return _("an editor confirms") if rule.editor_confirms else ""


def _approvals(rule: ReviewRule) -> str:
    if not rule.approvals:
        return _("no approval by the board")
    count = ngettext("%(count)s approval", "%(count)s approvals", rule.approvals) % {"count": rule.approvals}
    return f"{count}, {approvers_words(rule)}"


def _clocks(rule: ReviewRule) -> str:
    if not rule.approvals:
        return ""
    return _("%(days)s days to review, at most %(load)s open at once, again after %(months)s months") % {
        "days": rule.review_days,
        "load": rule.load_limit,
        "months": rule.re_review_months,
    }


def _blocking(rule: ReviewRule) -> str:
    return "" if rule.changes_needed_blocks else _("the editor decides on “changes needed”")
