from django.urls import path, register_converter

from articles.reader.addresses import Number
from articles.reader.views import article, ask, board, feeds, forms, home, machines, policy, search, topics, versions

register_converter(Number, "version")

urlpatterns = [
    path("", home.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("articles/<slug:slug>/report/", forms.report, name="report"),
    path("articles/<slug:slug>/report/sent/", forms.reported, name="reported"),
    path("ask/send/", forms.ask, name="ask_send"),
    path("ask/send/sent/", forms.asked, name="ask_sent"),
    path("articles/<slug:slug>/history/", versions.history, name="history"),
    path("articles/<slug:slug>/v/<version:number>/", versions.version, name="version"),
    path("articles/<slug:slug>/v/<version:number>/changes/", versions.changes, name="changes"),
    path("notices/<uuid:uuid>/", article.notice, name="notice"),
    path("board/", board.board, name="board"),
    path("board/<slug:slug>/", board.member, name="member"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("search/", search.search, name="search"),
    path("search/suggest", search.suggest, name="suggest"),
    path("ask/", ask.ask, name="ask"),
    path("policy/", policy.policy, name="policy"),
    path("feeds/articles.atom", feeds.articles, name="feed"),
    path("feeds/corrections.atom", feeds.corrections, name="feed_corrections"),
    path("feeds/topics/<slug:slug>.atom", feeds.topic, name="feed_topic"),
    path("sitemap.xml", machines.sitemap_index, name="sitemap_index"),
    path("sitemap-<int:number>.xml", machines.sitemap, name="sitemap"),
    path("policy/v/<int:number>/", policy.version, name="policy_version"),
    path("robots.txt", machines.robots, name="robots"),
]
