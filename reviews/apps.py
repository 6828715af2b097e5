from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        # Listens from here on; its models are not there any earlier.
        from reviews import receivers  # noqa: F401
