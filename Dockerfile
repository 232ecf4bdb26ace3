# syntax=docker/dockerfile:1
# One image for web, reader, workers, beat and the migration job. `--target ops` adds PostgreSQL's client programs, for
# backup and restore. Pin the base by digest where builds must be the same to the byte: docs/operating.md says how.
ARG PYTHON=python:3.12-slim-trixie

FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH="/opt/venv/bin:${PATH}"
COPY requirements.txt /tmp/requirements.txt
RUN pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt
WORKDIR /app
COPY . .
# The style sheets and scripts are collected here, so that nothing is written where it runs. The values are for this one
# command, and none of them is kept.
RUN IMPRIMATUR_ENV=production SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=build.example.org PUBLIC_URL=https://build.example.org DATABASE_URL=postgres://build@build/build \
    REDIS_URL=redis://build:6379/0 EMAIL_URL=smtp+tls://build:587 \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q /app /opt/venv

FROM ${PYTHON} AS run
RUN groupadd --system --gid 10001 imprimatur \
    && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin imprimatur
ENV PATH="/opt/venv/bin:${PATH}" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 IMPRIMATUR_ENV=production
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "config.alive", "web"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"]

FROM run AS ops
USER 0:0
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
HEALTHCHECK NONE
CMD ["python", "-m", "config.backup", "--help"]

# What `docker build` makes when no target is named.
FROM run
