from django.urls import path

from editorial import accounts, factor_views, views

urlpatterns = [
    path("password/reset/", accounts.password_reset, name="account_reset_password"),
    path("factors/", factor_views.overview, name="factors"),
    path("factors/passkey/", factor_views.add_passkey, name="factor_add_passkey"),
    path("factors/app/", factor_views.add_app, name="factor_add_app"),
    path("factors/codes/", factor_views.renew_codes, name="factor_renew_codes"),
    path("factors/<int:pk>/remove/", factor_views.remove, name="factor_remove"),
    path("proof/", factor_views.challenge, name="proof_challenge"),
    path("invitation/", views.own_invitation, name="own_invitation"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
