from django.urls import path

from articles.reader.views import article, home, machines, policy

urlpatterns = [
    path("", home.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("notices/<uuid:uuid>/", article.notice, name="notice"),
    path("policy/", policy.policy, name="policy"),
    path("robots.txt", machines.robots, name="robots"),
]
