"""What a store consists of: `store.json`, replaced whole, so that every moment shows one state or the next."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from juesuan.corpus.store.folders import Folder, StoreError
from juesuan.corpus.store.schema import FORMAT
from juesuan.version import VERSION

STATE = "store.json"
_MAKERS = (
    "account", "statute", "scoring", "reader", "checker", "inspection",
    "corpus/store/rows.py", "corpus/ingest/document.py", "corpus/ingest/pairs.py",
)  # fmt: skip
"""The rooms and modules that decide what is read from a document and found in it."""
_DATA = (".py", ".yaml", ".csv", ".lark")


class CompactedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A compacted file: its table, its name in the store, its rows and its year."""

    table: str
    file: str
    rows: int
    year: int = 0


class StoreState(msgspec.Struct, frozen=True):
    """The engines in the order in which they were first used, the compacted files, the shards that these contain."""

    format: int = FORMAT
    engines: tuple[str, ...] = ()
    parts: tuple[CompactedFile, ...] = ()
    absorbed: tuple[str, ...] = ()
    """Compacted shards that are still to be removed."""

    def files(self, table: str) -> list[str]:
        """The compacted files of a table."""
        return [part.file for part in self.parts if part.table == table]


def load_state(store: Folder) -> StoreState | None:
    """The state of a store, None where there is no store. Raises StoreError for one that cannot be used."""
    data = store.read(STATE)
    if data is None:
        return None
    try:
        state = msgspec.json.decode(data, type=StoreState)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise StoreError(f"{store.root}：{STATE} 读不出来（{error}），不是决算库或已损坏。") from None
    if state.format != FORMAT:
        message = f"{store.root}：库的格式是第 {state.format} 版，本程序用第 {FORMAT} 版；请用相应版本的程序。"
        raise StoreError(message)
    return state


def existing(store: Folder) -> StoreState:
    """The state of a store that must be there. Raises StoreError."""
    state = load_state(store)
    if state is None:
        raise StoreError(f"{store.root}：没有决算库。请先用 juesuan ingest 文件… --store {store.root} 建立。")
    return state


def save_state(store: Folder, state: StoreState) -> None:
    """Switches the store to `state`."""
    store.put(STATE, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")


@cache
def engine_version() -> str:
    """The version of the rules: of this package, and of the code and law that read and check."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for maker in _MAKERS:
        for path in (root / maker,) if maker.endswith(".py") else sorted((root / maker).rglob("*")):
            if path.suffix in _DATA:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return f"{VERSION}-{digest.hexdigest()[:12]}"
