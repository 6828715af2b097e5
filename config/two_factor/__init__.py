"""A second factor at the sign-in: six digits of an app on somebody's telephone, or a recovery code.

Only where `TWO_FACTOR` asks for it; else nothing of this is imported. Secrets, codes and the state between
password and code are django-allauth's; the pages, the limits and what is written down are ours. Needs the
extra `sso`.
"""
