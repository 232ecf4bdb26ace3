from django.urls import path

from articles.reader.views import article, board, home, machines, policy, topics

urlpatterns = [
    path("", home.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("notices/<uuid:uuid>/", article.notice, name="notice"),
    path("board/", board.board, name="board"),
    path("board/<slug:slug>/", board.member, name="member"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("policy/", policy.policy, name="policy"),
    path("policy/v/<int:number>/", policy.version, name="policy_version"),
    path("robots.txt", machines.robots, name="robots"),
]
