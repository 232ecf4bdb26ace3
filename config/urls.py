from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

handler404 = "articles.reader.answers.not_found"
handler500 = "config.views.server_error"

# Of django-allauth's pages only these: an address that could be changed in an unlocked browser would be
# a way to a new password, and so to a signature.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

urlpatterns = [
    path("act/", RedirectView.as_view(url="/admin/act/")),
    path("act/<slug:slug>", RedirectView.as_view(url="/admin/act/%(slug)s/")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("accounts/", include(accounts)),
    path("accounts/", include("editorial.urls")),
    path("accounts/demo/mail/", include("reviews.demo.urls")),
    path("mail/", include("editorial.mail_urls")),
    path("calendar/", include("reviews.urls")),
]
if settings.SURFACE != "desk":
    urlpatterns.append(path("", include("articles.reader.urls")))
