"""Imprimatur's settings. What differs between installations comes from the environment, through ``config.env``."""

import logging
from pathlib import Path

from csp.constants import NONE, SELF

from config import env, logs, rings

env.read_files()
BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_DIR = env.folder("DEMO_DIR", default=BASE_DIR / "var" / "demo")
MODE = env.mode()
PRODUCTION = MODE is env.Mode.PRODUCTION
SURFACE = env.surface()
READER_ALONE = SURFACE is env.Surface.READER

SECRET_KEY = env.secret_key(DEMO_DIR)
DEBUG = False
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS",
    default=None if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"],
    takes="the site's host names, separated by commas",
)
PUBLIC_URL = env.text(
    "PUBLIC_URL",
    default=None if PRODUCTION else f"http://127.0.0.1:{env.number('PORT', default=8000, least=1)}",
    takes="the site's address, such as https://example.org",
).rstrip("/")

SITE_NAME = env.text("SITE_NAME", default="Imprimatur", takes="the publication's name")
PUBLISHER_NAMES = env.names("PUBLISHER_NAMES", default=[SITE_NAME], takes="names the publisher goes by")
DEFAULT_AUDIENCE = env.text("DEFAULT_AUDIENCE", default="clinician", takes="clinician, patient, student or general")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "editorial",
    "articles",
    "reviews",
    "config.apps.DeskConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "simple_history",
    "csp",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

# Probes come by address and without TLS, so they are answered first.
# Everything after the gate is for the desk alone: reader pages never reach sessions, CSRF or sign-in.
MIDDLEWARE = [
    "editorial.probes.Probes",
    "config.middleware.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentPolicy",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "articles.reader.gate.ReaderGate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.middleware.PrivatePages",
    "editorial.once.AskingOnce",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],  # the frame's own templates come first because its app does
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.database(DEMO_DIR, SURFACE)}
MIGRATION_DATABASE = None if READER_ALONE else env.migration_database(DATABASES["default"])
DATABASE_ROLES = env.database_roles()
FORGOTTEN_SECONDS = env.FORGOTTEN_SECONDS
DATABASE_ROLE_PASSWORDS = env.role_passwords()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "editorial.User"
AUTHENTICATION_BACKENDS = ["editorial.accounts.OneCheck"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "editorial.accounts.ClosedSignup"
ACCOUNT_FORMS = {"login": "editorial.accounts.SignIn"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key",  # by account; by address only the view is limited: neighbours don't lock anybody out
    "login": "30/m/ip",
    "change_password": "5/5m/user",
    "reset_password": "20/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_ADAPTER = "editorial.passkeys.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # editorial.passkeys.is_from_here asks for exactly ours
MFA_FORMS = {
    "authenticate": "editorial.accounts.CodeStep",
    "authenticate_webauthn": "editorial.accounts.PasskeyStep",
    "login_webauthn": "editorial.accounts.PasskeySignIn",
}
PASSKEY_ORIGIN = PUBLIC_URL if PRODUCTION else ""  # the demo is looked at under any name of this machine
SECOND_FACTOR = env.switch("SECOND_FACTOR", on="required", off="off", default=PRODUCTION)

SESSION_COOKIE_NAME = "imprimatur_desk"
SESSION_COOKIE_AGE = 30 * 24 * 3600  # a mail's link opens the page; every signature asks for fresh proof anyway
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
}
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "en"
TIME_ZONE = env.time_zone("PUBLISHER_TIME_ZONE", default="UTC")
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static" if PRODUCTION else DEMO_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    *([] if MODE is env.Mode.TEST else ["config.sheets.Bundles"]),  # tests serve files as they lie
]
WHITENOISE_USE_FINDERS = MODE is env.Mode.TEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": {
            env.Mode.TEST: "django.contrib.staticfiles.storage.StaticFilesStorage",
            env.Mode.DEMO: "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            env.Mode.PRODUCTION: "whitenoise.storage.CompressedManifestStaticFilesStorage",
        }[MODE]
    },
}

DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", default="Imprimatur <desk@example.org>", takes="a sender address")
if READER_ALONE:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
elif PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(env.mail())
else:
    EMAIL_BACKEND = "reviews.demo.mailbox.Backend"
    EMAIL_FILE_PATH = DEMO_DIR / "mail"

REDIS_URL = env.redis()
if REDIS_URL == "off" and MODE is env.Mode.TEST:
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
elif REDIS_URL == "off":
    CELERY_FOLDER = DEMO_DIR / "celery"
    for folder in ("queue", "control"):
        (CELERY_FOLDER / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "folder://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(CELERY_FOLDER / "queue"),
        "data_folder_out": str(CELERY_FOLDER / "queue"),
        "control_folder": str(CELERY_FOLDER / "control"),
        "polling_interval": 0.1,
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DEMO_DIR / "cache",
        }
    }
else:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,  # five times the longest task
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
        "socket_keepalive": True,
        "retry_on_timeout": True,
        "health_check_interval": 25,
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# Rows are the queue and Celery only rings: losing every message here loses nothing but seconds.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away, workers come back with it
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.2, "interval_step": 0.3, "interval_max": 1}
CELERY_BEAT_SCHEDULE_FILENAME = (
    str(DEMO_DIR / "celery" / "beat-schedule") if not PRODUCTION else str(BASE_DIR / "var" / "beat-schedule")
)
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.number("SWEEP_SECONDS", default=30, least=1)
CELERY_BEAT_SCHEDULE = rings.every(SWEEP_SECONDS)

# The end of the audit chain is signed with a key that the database's host doesn't have; see docs/operating.md.
AUDIT_KEY_FILE = env.text("AUDIT_KEY_FILE", default="", takes="the path of a key made by make_audit_key")
ANCHOR_FILE = env.text("ANCHOR_FILE", default="", takes="the path of a file that signed anchors are added to")
ANCHOR_MAIL = env.text("ANCHOR_MAIL", default="", takes="a mail address for one anchor a day")

METRICS_TOKEN = env.text("METRICS_TOKEN", default="", takes="a secret that reads /metrics")

LOGGING = logs.configured(readable=not PRODUCTION)
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG if not PRODUCTION else logging.INFO
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# The public site as a process of its own knows nothing of the desk, and rings for nobody.
READER_APPS = ("config.apps.ConfigConfig", "editorial", "articles", "simple_history", "csp")
READER_APPS += ("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.staticfiles")
if READER_ALONE:
    INSTALLED_APPS = [name for name in INSTALLED_APPS if name in READER_APPS]
    MIDDLEWARE = MIDDLEWARE[: MIDDLEWARE.index("articles.reader.gate.ReaderGate") + 1]
    ROOT_URLCONF = "config.reader_urls"
    TEMPLATES[0]["OPTIONS"] = {}
    CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS, CELERY_BEAT_SCHEDULE = "memory://", {}, {}
    METRICS_TOKEN = ""

if MODE is env.Mode.TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    INSTALLED_APPS.append("zeal")
