"""How static files are named where they were collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash of the content, also where one JavaScript module imports another.

    Without that the modules of a page would come from the browser's memory of the version before.
    """

    support_js_module_import_aggregation = True
