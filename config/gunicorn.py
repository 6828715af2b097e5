"""How the web server runs, in `make up` and in the image alike: `gunicorn -c python:config.gunicorn`."""

from pathlib import Path

from config.env import env

wsgi_app = "config.wsgi"
bind = env.list("BIND", ["127.0.0.1:8000"])
workers = env.int("WEB_WORKERS", 2)
# A browser opens connections ahead of need, and one of those holds a worker without threads up.
# Behind a proxy that buffers requests, WEB_THREADS=1 (plain workers) answers more of them.
threads = env.int("WEB_THREADS", 4)
preload_app = True
loglevel = "warning"
timeout = 60
graceful_timeout = 10
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True  # it would lie in the home directory
if Path("/dev/shm").is_dir():  # noqa: S108  a disk may stall the heartbeat, memory does not
    worker_tmp_dir = "/dev/shm"  # noqa: S108
