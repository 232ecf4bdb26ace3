"""The addresses of the public site where it is a process of its own: ``SURFACE=reader``."""

from django.urls import include, path

handler404 = "articles.reader.answers.not_found"
handler500 = "config.views.server_error"

urlpatterns = [path("", include("articles.reader.urls"))]
