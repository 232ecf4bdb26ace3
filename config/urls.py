from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import views

handler404 = "articles.reader.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("act/", RedirectView.as_view(url="/admin/act/")),
    path("act/<slug:slug>", RedirectView.as_view(url="/admin/act/%(slug)s/")),
    path("admin/", admin.site.urls),
    path("accounts/signup/", views.no_signup),
    path("accounts/", include("allauth.account.urls")),
    path("", include("articles.reader.urls")),
]
