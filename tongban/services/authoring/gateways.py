"""Whether an address on the web opens: asked with patience for a few seconds, never of a machine inside our own network."""

from __future__ import annotations

import ipaddress
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings

USER_AGENT = "Tongban link check"


class _OnlyOutside(urllib.request.HTTPRedirectHandler):
    """Every step of a redirect is asked the same question as the first address."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if why_not(newurl):
            raise urllib.error.URLError("inside")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def why_not(url: str) -> str:
    """Why an address is not even tried: it is no address of a web page (`form`), unknown (`name`), or our own (`inside`)."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "form"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "form"
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return "name"
    inside = any(not ipaddress.ip_address(str(address).partition("%")[0]).is_global for address in found)
    return "inside" if inside and not settings.LINK_CHECK_INSIDE else ""


def fault_of(url: str) -> str:
    """Empty when the page opens; else `form`, `name`, `inside`, `HTTP 404`, `timeout`, `refused`."""
    if why := why_not(url):
        return why
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _OnlyOutside())
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310 (http and https alone, above)
    try:
        with opener.open(request, timeout=settings.LINK_CHECK_TIMEOUT_S) as answer:
            answer.read(1)
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except TimeoutError:
        return "timeout"
    except (OSError, ValueError):
        return "refused"
    return ""
