"""One settings file for every machine; only the environment differs (see .env.example)."""

import logging
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import validate

from config.env import DATA_DIR, ROOT, env, join_running_servers

join_running_servers()
BASE_DIR = ROOT

# --- Secrets and hosts -------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters; make one with `make secret`.")
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# --- Applications ------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.CrossclaimAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "axes",
    "csp",
    "django_filters",
    "drf_spectacular",
    "knox",
    "rest_framework",
    "reviews",
    "claims",
    "config.apps.ConfigConfig",
]
MIDDLEWARE = [
    "config.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.response_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "config" / "templates"],
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

# --- PostgreSQL and Redis ----------------------------------------------------------------------
DATABASES: dict[str, Any] = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600)}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgresql://...).")
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Who migrates and owns the tables; DATABASE_URL is then of a role that may less (config/database_roles.py).
MIGRATION_DATABASE = (
    env.dj_db_url("MIGRATION_DATABASE_URL") if env.str("MIGRATION_DATABASE_URL", "") else None
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")

# --- Celery: messages only ring; every fact is a row (docs/decisions.md) ------------------------
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", 3)
JOB_RING_AGAIN_SECONDS = env.int("JOB_RING_AGAIN_SECONDS", 30)
TICK_SECONDS = env.float("TICK_SECONDS", 5.0)
_VISIBILITY_SECONDS = 900  # above the hard time limit, or Redis would hand out work that still runs
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # beat is a metronome: nothing to remember in a file
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.str("REDIS_KEY_PREFIX", "crossclaim:"),
    "visibility_timeout": _VISIBILITY_SECONDS,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 2,
    "socket_connect_timeout": 2,
    # Who rings must not wait for a Redis that is away; the tick finds the job.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "ingest"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # KiB
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20

# --- The engine that reads texts ---------------------------------------------------------------
ENGINE = env.str("ENGINE", "default", validate=validate.Regexp(r"(default|llm|spacy:[\w.-]{1,90})\Z"))
LLM = None
if ENGINE == "llm":
    from claims.llm_engine import read_settings  # here, for it needs the extra `llm`

    try:
        LLM = read_settings(env)
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error

# --- Review, where a question has no project with rules of its own -------------------------------
ASSESSMENTS_REQUIRED = env.int("ASSESSMENTS_REQUIRED", 2, validate=validate.Range(1, 3))
LEASE_HOURS = env.int("LEASE_HOURS", 72, validate=validate.Range(1, 24 * 60))

# --- E-mail: what concerns people, in digests (reviews/telling); none without a server -------------
SENDS_EMAIL = env.str("EMAIL_URL", "") != ""
_NO_EMAIL = dict.fromkeys(("EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_FILE_PATH"), "") | {
    "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    "EMAIL_PORT": 25,
    "EMAIL_USE_TLS": False,
    "EMAIL_USE_SSL": False,
}
_EMAIL: dict[str, Any] = env.dj_email_url("EMAIL_URL") if SENDS_EMAIL else _NO_EMAIL
if "EMAIL_BACKEND" not in _EMAIL:
    raise ImproperlyConfigured("EMAIL_URL must name a mail server (submission://user:password@host).")
EMAIL_BACKEND: str = _EMAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _EMAIL["EMAIL_HOST"], _EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL["EMAIL_HOST_USER"], _EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _EMAIL["EMAIL_USE_TLS"], _EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _EMAIL["EMAIL_FILE_PATH"] or None
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)  # seconds; a digest is sent inside a transaction
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM") if SENDS_EMAIL else "crossclaim@localhost"
# Where people reach this installation; links in e-mails begin with it.
BASE_URL = env.str("BASE_URL").rstrip("/") if SENDS_EMAIL else ""

# --- The audit trail, and the checkpoints by which a change of it shows (docs/audit.md) ------------
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", "")
AUDIT_PUBLIC_KEYS: list[str] = env.list("AUDIT_PUBLIC_KEYS", [])
AUDIT_CHECKPOINT_FILE = env.path("AUDIT_CHECKPOINT_FILE", DATA_DIR / "audit-checkpoints.jsonl")

# --- What may come in --------------------------------------------------------------------------
# Above the limit of claims.ingestion.readable, so that its clear message is the one that is seen.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Who may come in ---------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "config.sign_in_limits.locked_out"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "config.sign_in_limits.address_of"
# Its default, written down for migrations ask for it by this name.
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "TOKEN_PREFIX": "cct_", "AUTO_REFRESH": False}

# --- A second factor at the sign-in (config/two_factor), by django-allauth, of which else nothing is loaded
TWO_FACTOR = env.str("TWO_FACTOR", "off", validate=validate.OneOf(["off", "optional", "required"]))
if TWO_FACTOR != "off":
    if not all(map(find_spec, ("allauth", "fido2", "qrcode"))):
        raise ImproperlyConfigured(
            f"TWO_FACTOR={TWO_FACTOR} needs the extra `sso`: pip install 'django-allauth[mfa]~=65.21'"
        )
    # Before our own: what we write down and take out of the admin is theirs.
    INSTALLED_APPS[:0] = ["allauth", "allauth.account", "allauth.mfa"]
    MIDDLEWARE += [
        "allauth.account.middleware.AccountMiddleware",
        "config.two_factor.requirement.second_factor_first",
    ]
    LOGIN_REDIRECT_URL = "admin:index"
    ACCOUNT_ADAPTER = "config.two_factor.adapters.AccountAdapter"
    ACCOUNT_EMAIL_VERIFICATION = "none"
    ACCOUNT_LOGIN_TIMEOUT = 300  # seconds from the password to the code
    ACCOUNT_RATE_LIMITS = False  # axes counts passwords, config/two_factor/codes.py counts codes
    MFA_ADAPTER = "config.two_factor.adapters.SecretsAdapter"
    MFA_ALLOW_UNVERIFIED_EMAIL = True
    MFA_FORMS = {
        "authenticate": "config.two_factor.forms.SignInForm",
        "activate_totp": "config.two_factor.forms.EnrolForm",
        "deactivate_totp": "config.two_factor.forms.SwitchOffForm",
        "generate_recovery_codes": "config.two_factor.forms.NewRecoveryCodesForm",
    }
    MFA_REAUTHENTICATION_REQUIRED = False  # each form asks for a code or the password itself
    MFA_RECOVERY_CODES_SHOW_ONCE = True
    MFA_TOTP_ISSUER = "Crossclaim"
    MFA_TOTP_TOLERANCE = 1  # one step of thirty seconds, for clocks that differ

# --- Browsers ----------------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # probes come from inside, over plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if HTTPS and env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Two checkouts run on one host name with different ports, and cookies do not know ports.
SESSION_COOKIE_NAME = env.str("SESSION_COOKIE_NAME", "crossclaim_session")
CSRF_COOKIE_NAME = env.str("CSRF_COOKIE_NAME", "crossclaim_csrf")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Files, language, time ---------------------------------------------------------------------
STATIC_URL = "static/"
# The image collects, hashes and compresses stylesheets and scripts when it is built, which takes a
# minute; `make up` and tests serve them from where they lie.
COLLECTED_STATIC = env.bool("COLLECTED_STATIC", not DEBUG)
STATIC_ROOT = DATA_DIR / "static" if COLLECTED_STATIC else None
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "config.static_files.HashedStaticFiles"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "config.formats"

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.strict.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.TokenPermissions", "config.api.ModelPermissions"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claims.api.strict.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "config.api.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["config.api.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.DescribedWithProblems",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", "600/min")},
    "EXCEPTION_HANDLER": "config.api.problem_response",
    "NUM_PROXIES": 1 if env.bool("BEHIND_PROXY", False) else 0,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Crossclaim API",
    "DESCRIPTION": "Articles, the claims in them, the questions they compete under, and ingestion jobs.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Several shapes have the one, and fields of one name the other.
    "ENUM_NAME_OVERRIDES": {
        "ClaimKindEnum": "claims.models.Claim.Kind",
        "JudgementEnum": "reviews.models.Judgement",
        "NotificationKindEnum": "reviews.models.Notification.Kind",
        "QuestionStateEnum": "reviews.models.Question.State",
    },
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Logs --------------------------------------------------------------------------------------
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.line_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Three lines for every tick would hide the others; what became of a job is in its row.
    "loggers": {
        name: {"level": "WARNING"} for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")
    },
}
