"""Telling people by e-mail what stands in their inbox; see reviews/notices.py."""
