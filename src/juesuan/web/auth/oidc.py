"""Single sign-on with OpenID Connect (统一身份认证): the provider says who it is, roles and organisations stay here.

Authorization code flow with PKCE (RFC 7636), state and nonce; the id token is verified against the provider's keys.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from juesuan.account import JuesuanError

if TYPE_CHECKING:
    import ssl

SECONDS = 5
LEEWAY = 60
"""By how many seconds the clocks of both servers may differ."""

LONGEST = 600
"""How many seconds somebody has to sign in at the provider."""

USED_KEPT = 20_000
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with the provider's own key: none, and none that is made with the shared secret."""

AWAY = "统一身份认证暂时连不上，请稍后再试，或用本系统的口令登录。"
OVER = "这次登录已经过期或用过了，请回到登录页重新开始。"
UNSURE = "统一身份认证的答复没有通过核对，没有登录。请重新登录；再次出现请告诉管理员。"

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_log = logging.getLogger("juesuan.oidc")


class OidcError(JuesuanError, ValueError):
    """The settings of single sign-on cannot be used; the message says why."""


class NotSignedInError(JuesuanError):
    """Somebody is not signed in; the message says why and what to do."""


class Started(msgspec.Struct, frozen=True):
    """What the browser keeps, sealed, while its user is at the provider."""

    state: str
    nonce: str
    verifier: str
    onward: str
    moment: int


class Metadata(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Provider:
    """One provider, and this server as a client of it."""

    def __init__(self, issuer: str, client: str, secret: str, address: str, claim: str, clock: Callable[[], datetime]):
        """Raises OidcError for settings that are not complete or not safe."""
        if not client or not address:
            raise OidcError("用 --oidc 时要写明 --oidc-client 和 --address（公众访问的网址，登录后回到那里）。")
        _demand_safe(issuer)
        self._issuer = issuer
        self._client = client
        self._secret = secret
        self._claim = claim
        self._clock = clock
        self._metadata: Metadata | None = None
        self._used: OrderedDict[str, None] = OrderedDict()
        self.back = f"{address.rstrip('/')}/sign-in/oidc/back"
        self.home = f"{address.rstrip('/')}/sign-in"

    def begin(self, onward: str) -> tuple[str, Started]:
        """The address at the provider to go to, and what the browser is to keep. Raises NotSignedInError."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code", "scope": "openid profile", "client_id": self._client, "redirect_uri": self.back,
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }
        started = Started(state, nonce, verifier, onward, int(self._clock().timestamp()))
        return _with(self._known().authorization_endpoint, query), started

    def finish(self, started: Started | None, state: str, code: str, issuer: str) -> str:
        """The name of the user who was at the provider. Raises NotSignedInError."""
        now = int(self._clock().timestamp())
        if started is None or not secrets.compare_digest(started.state.encode(), state.encode()) or not code:
            raise NotSignedInError(OVER)
        if started.state in self._used or not 0 <= now - started.moment <= LONGEST:
            raise NotSignedInError(OVER)
        self._used[started.state] = None
        if len(self._used) > USED_KEPT:
            self._used.popitem(last=False)
        if issuer and issuer != self._issuer:
            raise _unsure("another issuer answered")
        claims = self._claims(self._token(code, started.verifier), started.nonce)
        name = claims.get(self._claim)
        if not isinstance(name, str) or not name:
            raise _unsure(f"no claim {self._claim}")
        return name

    def leave(self) -> str:
        """The address at which one signs out of the provider too; empty where it has none or cannot be reached."""
        try:
            end = self._known().end_session_endpoint
        except NotSignedInError:
            return ""
        return _with(end, {"client_id": self._client, "post_logout_redirect_uri": self.home}) if end else ""

    def _known(self) -> Metadata:
        if self._metadata is None:
            data = _fetched("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                found = msgspec.json.decode(data, type=Metadata)
                for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                    _demand_safe(address)
            except (msgspec.DecodeError, OidcError) as error:
                raise _unsure(f"metadata: {error}") from None
            if found.issuer != self._issuer:
                raise _unsure("metadata of another issuer")
            self._metadata = found
        return self._metadata

    def _token(self, code: str, verifier: str) -> str:
        """The id token for a code."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": verifier,
            "client_id": self._client,
        }
        basic = None
        if self._secret and "client_secret_basic" in self._known().token_endpoint_auth_methods_supported:
            basic = (quote(self._client, safe=""), quote(self._secret, safe=""))
        elif self._secret:
            form["client_secret"] = self._secret
        data = _fetched("POST", self._known().token_endpoint, data=form, auth=basic)
        try:
            return msgspec.json.decode(data, type=_Tokens).id_token
        except msgspec.DecodeError:
            raise _unsure("no id token") from None

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What the id token says, verified (OpenID Connect Core, 3.1.3.7)."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(msgspec.json.decode(_fetched("GET", self._known().jwks_uri)))
            claims = dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            jwt.JWTClaimsRegistry(
                now=int(self._clock().timestamp()), leeway=LEEWAY, iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client}, exp={"essential": True}, iat={"essential": True},
                sub={"essential": True}, nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, msgspec.DecodeError, ValueError, TypeError, KeyError) as error:
            raise _unsure(f"id token: {type(error).__name__}") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self._client:
            raise _unsure("made for another client")
        return claims


class _Tokens(msgspec.Struct):
    id_token: str


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that are trusted, read once: it takes longer than the request."""
    import httpx

    return httpx.create_ssl_context()


def _fetched(method: str, address: str, **more: Any) -> bytes:
    """What the provider answers; redirects are not followed, nothing else is asked of anybody else."""
    import httpx

    try:
        answer = httpx.request(method, address, timeout=SECONDS, follow_redirects=False, verify=_trusted(), **more)
    except httpx.HTTPError as error:
        _log.warning("oidc", extra={"fields": {"trouble": type(error).__name__, "place": urlsplit(address).path}})
        raise NotSignedInError(AWAY) from None
    if answer.status_code != 200:
        raise _unsure(f"{urlsplit(address).path} answered {answer.status_code}")
    return answer.content


def _unsure(why: str) -> NotSignedInError:
    """The reason goes to the log, never to the browser."""
    _log.warning("oidc", extra={"fields": {"trouble": why}})
    return NotSignedInError(UNSURE)


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _demand_safe(address: str) -> None:
    parts = urlsplit(address)
    if not parts.hostname or not (parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )):
        raise OidcError("统一身份认证的地址应以 https:// 开头；明文的 http:// 只用于本机。")
