from django.urls import path, register_converter

from articles.reader.addresses import Number
from articles.reader.views import article, home, machines, policy, versions

register_converter(Number, "version")

urlpatterns = [
    path("", home.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("articles/<slug:slug>/history/", versions.history, name="history"),
    path("articles/<slug:slug>/v/<version:number>/", versions.version, name="version"),
    path("articles/<slug:slug>/v/<version:number>/changes/", versions.changes, name="changes"),
    path("notices/<uuid:uuid>/", article.notice, name="notice"),
    path("policy/", policy.policy, name="policy"),
    path("robots.txt", machines.robots, name="robots"),
]
