from django.urls import path

from reviews.demo import views

urlpatterns = [
    path("", views.inbox, name="demo_mailbox"),
    path("send/", views.send, name="demo_mailbox_send"),
    path("<str:name>/", views.read, name="demo_letter"),
    path("<str:name>/html/", views.frame, name="demo_letter_html"),
]
