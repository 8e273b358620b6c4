"""The topic stores' pages."""

from .stores import urlpatterns

__all__ = ["urlpatterns"]
