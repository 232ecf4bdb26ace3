"""What the demo adds to pages of the frame."""

from typing import Any

from django import template

from reviews.demo.views import is_open

register = template.Library()


@register.inclusion_tag("demo/banner.html", takes_context=True)
def demo_banner(context: dict[str, Any]) -> dict[str, Any]:
    """Says where the demo's mail is; nothing outside the demo."""
    request = context.get("request")
    return {"is_open": request is not None and is_open(request)}
