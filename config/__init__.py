"""Putting Crossclaim together: settings, URLs, Celery, the servers it stands on."""
