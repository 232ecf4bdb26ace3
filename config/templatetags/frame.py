"""What the frame of a page needs besides Django's own tags."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from config import sheets as style

register = template.Library()


@register.simple_tag
def sheets(kind: str) -> SafeString:
    """Links to the style sheets of a kind of page; see ``config.sheets``."""
    medium = {"": "", "print": mark_safe(' media="print"')}
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}"{}>',
        ((address, medium[name]) for address, name in style.links(kind)),
    )


@register.simple_tag
@cache
def desk_files() -> str:
    """Style sheets and scripts of every desk page, the same on each: their addresses are looked up once a process."""
    return render_to_string("admin/desk/files.html")
