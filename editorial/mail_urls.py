from django.urls import path

from editorial import mail_views

urlpatterns = [path("unsubscribe/<str:token>/", mail_views.unsubscribe, name="unsubscribe")]
