from django.urls import path

from articles.reader import views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("notices/<uuid:uuid>/", views.notice, name="notice"),
    path("policy/", views.policy, name="policy"),
    path("robots.txt", views.robots, name="robots"),
]
