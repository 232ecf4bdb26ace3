from django.urls import path

from editorial import views

urlpatterns = [
    path("invitation/", views.own_invitation, name="own_invitation"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
