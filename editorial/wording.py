"""A rule of the policy as people say it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.models import ReviewRule


def rule_words(rule: ReviewRule) -> list[str]:
    """Who must approve, who confirms, and the clocks: a short phrase each. Reads ``also``, so prefetch it."""
    return [phrase for phrase in (_approvals(rule), confirmation_words(rule), _clocks(rule), _blocking(rule)) if phrase]


def specialties_words(rule: ReviewRule) -> str:
    """The specialties that must be among the approvers; empty where any member may sign."""
    parts = []
    if rule.in_specialty:
        parts.append(_("%(count)s in the article's specialty") % {"count": rule.in_specialty})
    parts.extend(_("1 in %(name)s") % {"name": other.name} for other in rule.also.all())
    return ", ".join(parts)


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
    inside = specialties_words(rule)
    return f"{count}: {inside}" if inside else _("%(approvals)s by any member") % {"approvals": count}


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
