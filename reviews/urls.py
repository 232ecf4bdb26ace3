from django.urls import path

from reviews import views

urlpatterns = [path("<str:token>.ics", views.calendar, name="calendar")]
