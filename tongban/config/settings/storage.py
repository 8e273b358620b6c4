"""Where uploaded and made files are kept, sealed: a folder, or any S3 store by setting what they are sealed `within`."""

import os

from tongban.config.launch.cluster import home

MEDIA_ROOT = home() / "files"
MEDIA_URL = "/never-served/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
STORAGES = {
    "default": {
        "BACKEND": "tongban.foundation.files.gateways.store.SealedFiles",
        "OPTIONS": {"within": {"BACKEND": "tongban.foundation.files.gateways.store.WholeFiles"}},
    },
    "staticfiles": {"BACKEND": "tongban.web.collected.Collected"},
}

FILE_MAX_BYTES = int(os.environ.get("TONGBAN_FILE_MAX_BYTES", 10 * 1024 * 1024))
FILE_ORPHAN_DAYS = 90  # a file that hangs on nothing, as long as a draft is kept
FILE_SCANNER = os.environ.get("TONGBAN_FILE_SCANNER", "pretend")  # or clamd://host:port
