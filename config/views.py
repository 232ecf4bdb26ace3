"""Pages of the frame itself: what to say when a form was refused or something broke."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: nothing was done; says how to go on, and whether what was typed is kept."""
    kept = request.path if _is_from_here(request) and admin.site.keep_form(request) else ""
    return render(request, "403_csrf.html", {"kept": kept}, status=403)


def _is_from_here(request: HttpRequest) -> bool:
    """A browser says where a form stood; another site's form leaves nothing behind."""
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. Says so and under which name it is in the log; needs neither database nor session."""
    context = {"request_id": getattr(request, "request_id", "")}
    return render(None, "500.html", context, status=500)  # type: ignore[arg-type]
