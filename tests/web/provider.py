"""A small OpenID Connect provider on a loopback port, that can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from .conftest import Clock

CLIENT, SECRET = "juesuan", "geheim/ü:1"


@cache
def key(number: int = 0) -> RSAKey:
    """The provider's key, or another of the same name: made once, since it takes long to find primes."""
    return RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


class OpenProvider:
    """Signs in whoever `user` names; `twist` changes the claims, `sign` makes the token."""

    def __init__(self, clock: Clock, port: int) -> None:
        self.clock = clock
        self.issuer = f"http://127.0.0.1:{port}"
        self.registered = "http://testserver/sign-in/oidc/back"
        self.user = "editor"
        self.key = key()
        self.twist: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign = self.signed
        self.metadata: dict[str, Any] = {}
        self.away: dict[str, Response] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def signed(self, claims: dict[str, Any]) -> str:
        """The claims with the provider's own signature."""
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)

    def unsigned(self, claims: dict[str, Any]) -> str:
        """alg none."""
        parts = [json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims)]
        return "".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() + "." for part in parts)

    def by_another(self, claims: dict[str, Any]) -> str:
        """A key of the same name that is not the provider's."""
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, key(1))

    def by_the_shared_secret(self, claims: dict[str, Any]) -> str:
        """HS256 with what the client knows too, and with the public key as a secret."""
        return jwt.encode({"alg": "HS256", "kid": "1"}, claims, OctKey.import_key(SECRET.encode()), ["HS256"])

    def by_the_public_key(self, claims: dict[str, Any]) -> str:
        """HS256 with the public key taken for a secret."""
        key = OctKey.import_key(base64.urlsafe_b64encode(self.key.as_pem(private=False)))
        return jwt.encode({"alg": "HS256", "kid": "1"}, claims, key, ["HS256"])

    def application(self) -> FastAPI:
        """Its pages."""
        pages = FastAPI()

        @pages.get("/.well-known/openid-configuration")
        def about() -> Any:
            return self.away.get("about") or {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "end_session_endpoint": f"{self.issuer}/leave",
            } | self.metadata

        @pages.get("/keys")
        def keys() -> Any:
            return self.away.get("keys") or {"keys": [self.key.as_dict(private=False)]}

        @pages.get("/authorize")
        def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            right = asked["redirect_uri"] == self.registered and asked["client_id"] == CLIENT
            if not right or asked["code_challenge_method"] != "S256" or asked["response_type"] != "code":
                return Response("refused", 400)
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked
            return RedirectResponse(f"{self.registered}?{urlencode({'code': code, 'state': asked['state']})}", 303)

        @pages.post("/token")
        def token(request: Request, code: str = Form(), code_verifier: str = Form(), redirect_uri: str = Form()) -> Any:
            if "token" in self.away:
                return self.away["token"]
            asked = self._codes.pop(code, None)
            told = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
            challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
            if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != redirect_uri:
                return JSONResponse({"error": "invalid_grant"}, 400)
            if told != f"{CLIENT}:geheim%2F%C3%BC%3A1":
                return JSONResponse({"error": "invalid_client"}, 401)
            now = int(self.clock().timestamp())
            claims = {
                "iss": self.issuer, "aud": CLIENT, "sub": "17", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                "preferred_username": self.user,
            }
            return {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(self.twist(claims))}

        return pages


@contextmanager
def open_provider(clock: Clock) -> Iterator[OpenProvider]:
    """A provider that answers while the block runs."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        provider = OpenProvider(clock, listening.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(provider.application(), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join()
