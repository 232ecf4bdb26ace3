"""Pages of the frame itself: what to say when a form was refused or something broke."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: nothing was done; says how to go on."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. Says so without any of it, and needs neither database nor session."""
    return render(None, "500.html", status=500)  # type: ignore[arg-type]
