# One image for web, worker, beat and migrate; docker-compose.yml says which it is.
FROM python:3.11-slim-bookworm AS build
COPY requirements/image.txt /tmp/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: --requirement /tmp/image.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/srv/crossclaim-data \
    BIND=0.0.0.0:8000
RUN groupadd --system --gid 10001 crossclaim \
    && useradd --system --uid 10001 --gid crossclaim --home-dir /srv/crossclaim --no-create-home crossclaim \
    && install --directory --owner crossclaim --group crossclaim /srv/crossclaim-audit
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/crossclaim
COPY . .
# Nothing is connected to and nothing signed while stylesheets are collected; no value stays in the image.
RUN SECRET_KEY=only-while-the-image-is-built-to-collect-stylesheets \
    DATABASE_URL=postgresql:///unused REDIS_URL=redis://unused \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q /opt/venv/lib /srv/crossclaim
USER crossclaim
EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.gunicorn"]
