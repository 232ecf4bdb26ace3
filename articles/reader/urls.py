from django.urls import path

from articles.reader.views import article, feeds, forms, home, machines, policy

urlpatterns = [
    path("", home.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("articles/<slug:slug>/report/", forms.report, name="report"),
    path("articles/<slug:slug>/report/sent/", forms.reported, name="reported"),
    path("ask/send/", forms.ask, name="ask_send"),
    path("ask/send/sent/", forms.asked, name="ask_sent"),
    path("notices/<uuid:uuid>/", article.notice, name="notice"),
    path("policy/", policy.policy, name="policy"),
    path("feeds/articles.atom", feeds.articles, name="feed"),
    path("feeds/corrections.atom", feeds.corrections, name="feed_corrections"),
    path("feeds/topics/<slug:slug>.atom", feeds.topic, name="feed_topic"),
    path("sitemap.xml", machines.sitemap_index, name="sitemap_index"),
    path("sitemap-<int:number>.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
]
