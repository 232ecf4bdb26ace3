"""The editorial policy in public: the version in force, and each other at an address of its own."""

import re
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models import PublicPolicy
from articles.reader import answers, shell

STANDING = "<!--slot:standing-->"
_BEGINS = re.compile(r"<!--slot:from:(\d{4}-\d\d-\d\d)-->(.*?)<!--slot:else-->(.*?)<!--slot:end-->", re.DOTALL)


@answers.reading
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force."""
    row = PublicPolicy.objects.filter(in_force_from__lte=answers.today(), disabled_on=None).order_by("-version").first()
    if row is None:
        return answers.not_found(request)
    return _answer(row, is_in_force=True)


@answers.reading
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A version that is or was in force. One that is only announced may still change, so it isn't shown."""
    begun = PublicPolicy.objects.filter(in_force_from__lte=answers.today())
    row = begun.filter(version=number).first() if number < 2**31 else None
    if row is None:
        return answers.not_found(request)
    newest = begun.filter(disabled_on=None).order_by("-version").values_list("version", flat=True).first()
    return _answer(row, is_in_force=row.version == newest)


def _answer(row: PublicPolicy, *, is_in_force: bool) -> HttpResponse:
    today = answers.today()
    main = row.main_html.replace(STANDING, "" if is_in_force else shell.static("policy_past.html"), 1)
    main = _BEGINS.sub(lambda found: found[2] if date.fromisoformat(found[1]) <= today else found[3], main)
    title = _("Editorial policy") if is_in_force else _("Editorial policy, version %s") % row.version
    return answers.page(
        shell.document(main, title=title, path="/policy/" if is_in_force else f"/policy/v/{row.version}/")
    )
