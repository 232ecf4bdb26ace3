from django.urls import path

from articles.reader.views import article, ask, home, machines, policy, search

urlpatterns = [
    path("", home.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("notices/<uuid:uuid>/", article.notice, name="notice"),
    path("search/", search.search, name="search"),
    path("search/suggest", search.suggest, name="suggest"),
    path("ask/", ask.ask, name="ask"),
    path("policy/", policy.policy, name="policy"),
    path("robots.txt", machines.robots, name="robots"),
]
