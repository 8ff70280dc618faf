"""What every answer carries, whoever gives it: the application, the guard before it, or the door."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
NOT_KEPT = {"Cache-Control": "no-store"}
"""What an answer says of itself may be kept; all else may not."""
ONLY_SECURE = {"Strict-Transport-Security": "max-age=2592000"}
"""Over TLS: browsers come back over TLS for 30 days (RFC 6797), no longer, since a hall may have to do without it."""
PLAIN_REFUSAL = {"Content-Type": "text/plain; charset=utf-8", **SECURITY_HEADERS, **NOT_KEPT}


def with_headers(scope: Scope, send: Send) -> Send:
    """Send an answer with its headers, and cookies that came over TLS never without it (RFC 6265, Secure)."""
    secure = scope.get("scheme") == "https"

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({**SECURITY_HEADERS, **(ONLY_SECURE if secure else {})})
            headers.setdefault("Cache-Control", NOT_KEPT["Cache-Control"])
            if secure:
                message["headers"] = [_kept_to_tls(header) for header in message["headers"]]
        await send(message)

    return send_with_headers


def _kept_to_tls(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = header
    if name.lower() != b"set-cookie" or b"; secure" in value.lower():
        return header
    return name, value + b"; Secure"
