"""The WSGI entry for pages and API."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
application = get_wsgi_application()

from tongban.config.heartbeat import beat_in_a_thread  # noqa: E402  Django is awake now
from tongban.config.production import refuse_if_unfit  # noqa: E402

refuse_if_unfit()

# Every page and operation is read before the first request instead of within it, and the garbage collector passes over what has
# been there from the start: half a million objects that nobody will ever let go.
get_resolver().url_patterns  # noqa: B018  reading them is the point
gc.collect()
gc.freeze()
beat_in_a_thread("web")
