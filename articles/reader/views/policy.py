"""The editorial policy in public."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models import PublicPolicy
from articles.reader import answers, shell


@answers.reading
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force."""
    row = PublicPolicy.objects.filter(in_force_from__lte=answers.today()).order_by("-version").first()
    if row is None:
        return answers.not_found(request)
    return answers.page(shell.document(row.main_html, title=_("Editorial policy"), path="/policy/"))
