"""The editorial policy in the reader's table: one page a version that is, was or will be in force."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.template.loader import render_to_string

from articles import policy_page
from articles.models import PublicPolicy
from editorial.models import EditorialPolicy


def projected(policy: EditorialPolicy, versions: Sequence[EditorialPolicy]) -> dict[str, object]:
    """The values that ``PublicPolicy`` must hold for this version. ``versions``: all of them, the newest first."""
    main = render_to_string(
        "articles/reader/policy.html", {**policy_page.of(policy, versions), "site_name": settings.SITE_NAME}
    )
    return {
        "in_force_from": policy.in_force_from,
        "disabled_on": policy.disabled_at.date() if policy.disabled_at else None,
        "main_html": main,
    }


def differences() -> Iterator[tuple[str, str]]:
    """Rows of the reader's policy table that say something else than the policies do, with what is wrong."""
    versions = policy_page.versions()
    known = {policy.version: policy for policy in versions if policy_page.is_kept(policy, versions)}
    rows = {row.version: row for row in PublicPolicy.objects.all()}
    for version in known.keys() - rows.keys():
        yield f"PublicPolicy {version}", "is missing; run `manage.py rebuild_public`"
    for row in rows.values():
        policy = known.get(row.version)
        if policy is None:
            yield f"PublicPolicy {row.version}", "is shown, and no such version was ever in force"
        elif any(getattr(row, name) != value for name, value in projected(policy, versions).items()):
            yield f"PublicPolicy {row.version}", "isn't what the policy says"


def project() -> str:
    """Every version that is, was or will be in force into the reader's table. Each page names the others."""
    versions = policy_page.versions()
    kept = [policy for policy in versions if policy_page.is_kept(policy, versions)]
    for policy in kept:
        values = projected(policy, versions)
        PublicPolicy.objects.update_or_create(version=policy.version, defaults=values)
    PublicPolicy.objects.exclude(version__in=[policy.version for policy in kept]).delete()
    return f"{len(kept)} shown"
