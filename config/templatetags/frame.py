"""What the frame of a page needs besides Django's own tags."""

from functools import cache

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
@cache
def desk_files() -> str:
    """Style sheets and scripts of every desk page, the same on each: their addresses are looked up once a process."""
    return render_to_string("admin/desk/files.html")
