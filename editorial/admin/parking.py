"""The two actions on what is parked, in every list that has such rows."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial import clock
from editorial.admin.base import ByRole
from editorial.parking import Parking
from editorial.roles import is_chief


class WithParking(ByRole):
    """Chief editors have parked rows tried again, or give them up."""

    parking: ClassVar[Parking]
    actions = ("retry", "discard")

    def has_chief_permission(self, request: HttpRequest) -> bool:
        return is_chief(request.user)

    @admin.action(description=gettext_lazy("Try parked ones again"), permissions=["chief"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = self.parking.try_again(queryset.values_list("pk", flat=True), actor=request.user, now=clock.now())
        self._told(request, count, ngettext("%(count)s is tried again now.", "%(count)s are tried again now.", count))

    @admin.action(description=gettext_lazy("Discard parked ones"), permissions=["chief"])
    def discard(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = self.parking.discard(queryset.values_list("pk", flat=True), actor=request.user, now=clock.now())
        self._told(request, count, ngettext("%(count)s was discarded.", "%(count)s were discarded.", count))

    def _told(self, request: HttpRequest, count: int, said: str) -> None:
        if count:
            messages.success(request, said % {"count": count})
        else:
            messages.warning(request, _("None of these is parked, so nothing was done."))
