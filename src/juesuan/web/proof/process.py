"""A file read and checked once more and proved, in a process with limits."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from juesuan.account import UnreadableFileError
from juesuan.inspection.proof import Decision, ProofError, write_proof
from juesuan.web.infra.limited_process import LimitedOrder, main_of

PACK, DIGEST = "proof.zip", "digest.txt"


class ProofOrder(LimitedOrder, frozen=True):
    """What the process is to do in `folder`: prove `file`, held against the accounts `against`."""

    folder: str
    file: str
    decision: Decision
    against: tuple[str, ...] = ()
    published: dict[str, str] = msgspec.field(default_factory=dict)
    national: bool = False


def _work(order: ProofOrder) -> None:
    published = {name: Path(path) for name, path in order.published.items()}
    digest = write_proof(
        Path(order.folder) / PACK, Path(order.file), order.decision, against=[Path(path) for path in order.against],
        published=published, national=order.national,
    )
    (Path(order.folder) / DIGEST).write_text(digest, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main_of(ProofOrder, _work, (UnreadableFileError, ProofError), task="出具证明"))
