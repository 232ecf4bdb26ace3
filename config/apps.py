"""The frame's own app, and the admin site under our theme."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    """First in the list, so that its templates win over those of libraries."""

    name = "config"
    label = "frame"


class DeskConfig(AdminConfig):
    """Django's admin, with the desk as its site."""

    default_site = "editorial.site.Desk"
