"""Every request knows its actor: `request.actor`."""

from django.utils.functional import SimpleLazyObject

from tongban.foundation.kernel.actors import ANONYMOUS


def actor(get_response):
    def middleware(request):
        request.actor = SimpleLazyObject(lambda: ANONYMOUS)
        return get_response(request)

    return middleware
