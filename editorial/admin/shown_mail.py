"""Pages on which chief editors see mail: a sample of each kind, and any that stands in the outbox."""

from typing import Any

from csp.decorators import csp_update
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial import registry, shown_mail
from editorial.models import OutboxMessage
from editorial.registry import Page
from editorial.roles import is_chief
from editorial.shown_mail import FRAMES, Sample


@csp_update(FRAMES)
def show(request: HttpRequest) -> HttpResponse:
    """A sample of each kind of mail, under its subject."""
    context = admin.site.page_context(request, title=_("What each mail looks like"), samples=_samples(request))
    return TemplateResponse(request, "admin/editorial/mail_samples.html", context)


def frame(request: HttpRequest, name: str) -> HttpResponse:
    found = next((sample for sample in _samples(request) if sample.name == name), None)
    if found is None:
        raise Http404
    return shown_mail.framed(found.mail.html)


def _samples(request: HttpRequest) -> list[Sample]:
    if not is_chief(request.user):
        raise PermissionDenied
    return shown_mail.samples(request.user)


class ShowsMail(admin.ModelAdmin):
    """An admin of mail with a page for each. What ``get_queryset`` leaves out stays hidden here too."""

    @admin.display(description=gettext_lazy("mail"))
    def as_mail(self, message: OutboxMessage) -> str:
        """Nothing where there are no words: an erased person's mail, a summary that wasn't needed."""
        if not message.payload.get("text"):
            return ""
        url = reverse("admin:editorial_outboxmessage_mail", args=[message.pk])
        return format_html('<a href="{}">{}</a>', url, _("Show the mail"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/mail/", self.admin_site.admin_view(self.show_mail), name="editorial_outboxmessage_mail"),
            path(
                "<int:pk>/mail/html/", self.admin_site.admin_view(self.frame_mail), name="editorial_outboxmessage_html"
            ),
        ]
        return [*own, *super().get_urls()]

    def show_mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = self._together(request, pk)
        context = admin.site.page_context(
            request, title=_("A mail of the outbox"), row=rows[0], shown=self._shown(rows), opts=self.opts
        )
        response = TemplateResponse(request, "admin/editorial/outbox_mail.html", context)
        response._csp_update = FRAMES
        return response

    def frame_mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        shown = self._shown(self._together(request, pk))
        if shown is None:
            raise Http404
        return shown_mail.framed(shown.mail.html)

    def _shown(self, rows: list[OutboxMessage]) -> shown_mail.Shown | None:
        """None where nothing can be shown: no words, or a kind that this release doesn't know."""
        try:
            return shown_mail.shown(rows) if all(row.payload.get("text") for row in rows) else None
        except KeyError:
            return None

    def _together(self, request: HttpRequest, pk: int) -> list[OutboxMessage]:
        """The message, and those that leave or left in the same mail. Missing and hidden look the same: 404."""
        rows: Any = self.get_queryset(request).select_related("recipient")
        row = rows.filter(pk=pk).first() if pk <= 10**18 and self.has_view_permission(request) else None
        if row is None:
            raise Http404
        if row.mail_id is None:
            return [row]
        same = {"mail_id": row.mail_id, "status": row.status, "recipient": row.recipient_id}
        return [row, *rows.filter(**same).exclude(pk=row.pk).order_by("pk")]


registry.add_page(Page("mail-samples/", show, "mail_samples"))
registry.add_page(Page("mail-samples/<slug:name>/", frame, "mail_sample"))
