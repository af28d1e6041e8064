"""Accounts as JSON, in and out without loss, and the JSON Schema that describes them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account.errors import JuesuanError
from juesuan.account.model import Account

SCHEMA_FILE = Path(__file__).with_name("account.schema.json")
"""The published schema; a test holds it to `schema()`."""

_encoder = msgspec.json.Encoder(decimal_format="string", order="deterministic")
_decoder = msgspec.json.Decoder(Account)
_LACKING = re.compile(r"Object missing required field `([^`]+)`")
_CHINESE = re.compile(r"[一-鿿]")


class NotAnAccountError(JuesuanError, ValueError):
    """A JSON document that is not an account; the message says in Chinese what is wrong and where."""


def to_json(account: Account) -> bytes:
    """The account as UTF-8 JSON: decimals as strings, keys in order, the same bytes for the same account."""
    return msgspec.json.format(_encoder.encode(_canonical(account)), indent=2) + b"\n"


@cache
def _defaults(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in msgspec.structs.fields(kind))


def _canonical(value: Any) -> Any:
    """`value` with every field that equals its default holding the default itself: the encoder goes by identity."""
    if isinstance(value, msgspec.Struct):
        changes = {}
        for name, default in _defaults(type(value)):
            own = getattr(value, name)
            new = default if own == default else _canonical(own)
            if new is not own:
                changes[name] = new
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, tuple):
        items = tuple(map(_canonical, value))
        return value if all(new is own for new, own in zip(items, value, strict=True)) else items
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    return value


def from_json(data: bytes | str) -> Account:
    """The account that `data` describes. Raises NotAnAccountError."""
    try:
        return _decoder.decode(data)
    except (ValueError, RecursionError) as error:
        # Bytes that are no UTF-8, nesting without end, numbers that are none: msgspec passes on what Python raises.
        raise NotAnAccountError(f"不是本程序的决算、预算数据文件（{_reason(str(error))}）") from None


def _reason(text: str) -> str:
    """In Chinese why something is no account."""
    said, _, where = text.partition(" - at ")
    place = f"{where.strip('`')} " if where else ""
    if lacking := _LACKING.match(said):
        return f"{place}缺少 {lacking.group(1)}"
    if said.startswith(("Expected", "Invalid", "Object contains")):
        return f"{place}的内容不合规定".lstrip("的")
    return f"{place}{said}" if _CHINESE.search(said) else f"{place}不是完整的 JSON"


def schema() -> dict[str, Any]:
    """The JSON Schema of an account."""
    described = msgspec.json.schema(Account)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "juesuan account 单位决算",
        **described,
    }
