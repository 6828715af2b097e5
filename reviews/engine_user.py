"""Who stands for the machine in the audit trail: for engines that read anew, and for the matcher."""

from django.contrib.auth.models import User

USERNAME = "engine"


def engine_user() -> User:
    """The user that machine steps are audited as; it cannot sign in anywhere."""
    user, created = User.objects.get_or_create(username=USERNAME, defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
