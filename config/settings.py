"""Every setting of the product. What may differ between two installations is read from the
environment here on top; the rest below is the same everywhere.

SECRET_KEY, SEALING_KEYS   required, except under DEMO=1, which makes both once in DATA_DIR
WITHOUT_KEYS               1: a worker, beat or sweep; it opens nothing sealed, and needs no key
DEMO                       1: demonstration users and data, no second factor, plain http
DATABASE_URL               postgres://… ; default: a SQLite file in DATA_DIR
REDIS_URL                  redis://… or redis+socket:///… ; without a broker the sweep works alone
DATA_DIR                   default: var/ beside manage.py
SITE_NAME                  what stands at the top of every page; titles never name the site
HSDS_API                   off, partners (by token) or everyone: who reads the directory at /hsds/;
                           default: off, under DEMO=1 everyone
DUTY_PHONE                 the number on the pocket card; default: the public hotlines of the
                           directory where HSDS_API is “everyone”, else a line to write on
LEAVE_URL                  a harmless site that “Leave now” opens; default: a blank page of ours
EMAIL_URL                  smtp+tls://…; asks providers to confirm their numbers; default: nobody is
EMAIL_FROM, SITE_ADDRESS   with EMAIL_URL: the sender, and where we are, such as https://…
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, TRUST_PROXY, OPENNRM_APPS, STATEMENT_TIMEOUT, DEBUG
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import environ
import structlog
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.logs import logging_config

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

SUBSETS = {
    "providers": ["providers"],
    "providers,referral": [
        "providers",
        "referral",
        "referral.identity",
        "referral.justice",
        "referral.finding",
        "referral.firstmile",
        "referral.pathways",
        "referral.screening",
        "referral.voice",
    ],
    "providers,referral,routing": [
        "providers",
        "referral",
        "referral.identity",
        "referral.justice",
        "referral.finding",
        "referral.firstmile",
        "referral.pathways",
        "referral.screening",
        "referral.voice",
        "routing",
    ],
}


def from_demo_file(name: str, make) -> str:
    """A secret of this demonstration: made once, readable by its owner only, never in git."""
    path = DATA_DIR / name
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = DATA_DIR / f".{name}.{secrets.token_hex(4)}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        try:
            path.hardlink_to(draft)  # of two processes that start at once, the first one wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def secret(name: str, make) -> str:
    value = env.str(name, default="")
    if value:
        return value
    if DEMO:
        return from_demo_file(name.lower(), make)
    raise ImproperlyConfigured(
        f"{name} is not set. Set it, or DEMO=1 to try the product with invented people only."
    )


def sealing_key() -> str:
    return "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def installed_subset() -> list[str]:
    names = "".join(env.str("OPENNRM_APPS", default="providers,referral,routing").split())
    if names not in SUBSETS:
        allowed = " or ".join(f"“{one}”" for one in SUBSETS)
        raise ImproperlyConfigured(f"OPENNRM_APPS is “{names}”; it can be {allowed}.")
    return SUBSETS[names]


def hsds_api() -> str:
    chosen = env.str("HSDS_API", default="everyone" if DEMO else "off")
    if chosen not in ("off", "partners", "everyone"):
        raise ImproperlyConfigured(
            f"HSDS_API is “{chosen}”; it can be “off”, “partners” or “everyone”."
        )
    return chosen


def database() -> dict:
    if not env.str("DATABASE_URL", default=""):
        chosen = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "opennrm.sqlite3"}
    else:
        chosen = env.db_url("DATABASE_URL")
    options = chosen.get("OPTIONS", {})
    if chosen["ENGINE"] == "django.db.backends.sqlite3":
        return chosen | {"OPTIONS": SQLITE | options}
    if chosen["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite://.")
    # Nobody waits for long behind a lock or a forgotten transaction: the sweep tries again.
    waits = (
        f"-c lock_timeout=5s -c statement_timeout={env.str('STATEMENT_TIMEOUT', default='10s')} "
        "-c idle_in_transaction_session_timeout=10s"
    )
    return chosen | {
        "OPTIONS": {"options": waits} | options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def broker() -> str:
    url = env.str("REDIS_URL", default="")
    # Without a broker every nudge must fail at once, and port 1 of this machine does that.
    return url.replace("unix://", "redis+socket://", 1) or "redis://127.0.0.1:1/0"


def post() -> dict:
    """How letters leave. Without EMAIL_URL none is written, rather than lost."""
    if not env.str("EMAIL_URL", default=""):
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    missing = [one for one in ("EMAIL_FROM", "SITE_ADDRESS") if not env.str(one, default="")]
    if missing:
        raise ImproperlyConfigured(f"With EMAIL_URL, set {' and '.join(missing)} too.")
    return env.email_url("EMAIL_URL") | {"DEFAULT_FROM_EMAIL": env.str("EMAIL_FROM")}


# ---------------------------------------------------------------------- this installation
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
SECRET_KEY = secret("SECRET_KEY", lambda: secrets.token_urlsafe(50))
# No task opens identity: workers, beat and sweep are started WITHOUT_KEYS and need none.
WITHOUT_KEYS = env.bool("WITHOUT_KEYS", default=False)
KEYS = "" if WITHOUT_KEYS else secret("SEALING_KEYS", sealing_key)
SEALING_KEYS = [one.strip() for one in KEYS.split(",") if one.strip()]
DATABASES = {"default": database()}
OPENNRM_APPS = installed_subset()
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
HSDS_API = hsds_api()

# ---------------------------------------------------------------------- apps and pages
INSTALLED_APPS = [
    *reversed(OPENNRM_APPS),  # the upper apps' templates win
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "js_lib_leaflet",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_standardized_errors",
    "knox",
]
MIDDLEWARE = [
    # Pages are a fifth as long on a slow line. What could be guessed from the length is guarded:
    # the tokens of forms differ at every load, Django pads at random, cookies stay on our own site.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.no_copy_kept",
    "config.middleware.told_where_to_go",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "providers.local_time.LocalTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.sign_in_on_a_whole_page",
    "config.middleware.only_sane_requests",
    "config.middleware.session_while_used",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SecondFactor",
    "providers.once.Once",  # the last one: it calls the view
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["providers.templatetags.once"],
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
CSRF_FAILURE_VIEW = "config.errors.form_expired"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ---------------------------------------------------------------------- languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / app / "locale" for app in ("providers", "referral", "routing", "config")]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = "UTC"  # stored and computed; pages show the area's own time

# ---------------------------------------------------------------------- static files
STATIC_URL = "static/"
STATIC_ROOT = None if DEMO else DATA_DIR / "static"
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---------------------------------------------------------------------- accounts
AUTH_USER_MODEL = "providers.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SITE_NAME = env.str("SITE_NAME", default="OpenNRM")
LEAVE_URL = env.str("LEAVE_URL", default="")  # where “Leave now” goes on to; empty: a blank page
DUTY_PHONE = env.str("DUTY_PHONE", default="")  # on the pocket card, which anybody may read
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # no “remember me” on a shared telephone
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0
MFA_ADAPTER = "config.accounts.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts need no email address
SECOND_FACTOR_REQUIRED = not DEMO
SECOND_FACTOR_NAME = env.str("SECOND_FACTOR_NAME", default="Directory")

# ---------------------------------------------------------------------- letters
vars().update(post())
ASKS_BY_EMAIL = bool(env.str("EMAIL_URL", default=""))
SITE_ADDRESS = env.str("SITE_ADDRESS", default="")
EMAIL_TIMEOUT = 10

# ---------------------------------------------------------------------- sessions and headers
SESSION_COOKIE_AGE = 30 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # never in a cookie
SESSION_WRITE_MINUTES = 5
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # no cookie stays on a telephone after the browser is closed
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = not DEMO
X_FRAME_OPTIONS = "DENY"
# “no-referrer” would make browsers send “Origin: null” with our own forms, which then fail as
# forged. “same-origin” tells other sites just as little.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the QR code of the second factor
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# ---------------------------------------------------------------------- the API
KNOX_TOKEN_MODEL = "providers.ApiToken"
MIGRATION_MODULES = {"knox": None}  # its own table would stay empty for ever: ours stands for it
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["providers.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["providers.api.doors.HasRole"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["providers.api.parsing.PlainJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["providers.api.filters.KnownFilters"],
    "DEFAULT_PAGINATION_CLASS": "providers.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "providers.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "SCHEMA_COERCE_PATH_PK": False,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "providers.api.errors.Handler",
    "EXCEPTION_FORMATTER_CLASS": "providers.api.errors.Formatter",
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OpenNRM",
    "DESCRIPTION": (BASE_DIR / "providers" / "api" / "about.md").read_text(encoding="utf-8"),
    "VERSION": "1",
    "OAS_VERSION": "3.0.3",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "COMPONENT_SPLIT_REQUEST": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["providers.api.schema.only_known"],
    "POSTPROCESSING_HOOKS": ["providers.api.schema.named_lists"],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # a test of ours looks, and fails on every warning
}

# ---------------------------------------------------------------------- limits on what comes in
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
UPLOADS_AT = ("/imports/",)
UPLOAD_LIMIT = 11_000_000  # a file of 10 MB and the form around it, there and nowhere else

# ---------------------------------------------------------------------- tasks
CELERY_BROKER_URL = broker()
# A stopped or frozen broker must cost a request a second, not twenty: one try, no retry. Workers
# wait for messages in an event loop, so that the socket's timeout does not reach them.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 1,
}
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "opennrm"
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 60
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # none: we acknowledge early
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BEAT_SCHEDULE = {  # only what may be late; what must not be late is the sweep's
    "ask_to_confirm": {
        "task": "providers.ask_to_confirm",
        "schedule": crontab(hour="6", minute="7"),
    },
    "let_time_pass": {
        "task": "providers.let_time_pass",
        "schedule": crontab(minute="*/10"),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")

# ---------------------------------------------------------------------- logs
LOGGING = logging_config()
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
