"""What a proof says, and how its archive is laid out."""

from __future__ import annotations

import hashlib
import io
from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import CsvWriter, JuesuanError, Severity
from juesuan.statute import Statute
from juesuan.statute.register import rule_texts

FORMAT, NATIONAL_FORMAT = 3, 4
"""Of a manifest; of one whose files have the digest SM3 besides."""

FORMATS = (1, 2, FORMAT, NATIONAL_FORMAT)
"""Those that can be verified. In 1 and 2 (with SM3) the words did not say how many findings there are of each degree,
nor what the unit says to findings whose words at the desk are other than those of the file.
"""

MANIFEST, READ_ME, RULES, ACCOUNT = "证明.json", "说明.txt", "规则.csv", "决算数据.json"
FILE, AGAINST, PUBLISHED = "文件", "对照", "公开文件"
"""The folders of the archive: the file itself, the accounts that it was held against, what was published of it."""

_DATA = Path(__file__).parents[2] / "statute"


class ProofError(JuesuanError):
    """A proof cannot be made or read; the message is for people."""


class PackedFile(msgspec.Struct, frozen=True):
    """A file of the archive."""

    name: str
    sha256: str
    size: int
    sm3: str = ""
    """Where the national algorithms are asked for."""


class SignOff(msgspec.Struct, frozen=True):
    """A step that somebody took: what, who in which role, when (Beijing time), and what they wrote."""

    step: str
    name: str
    role: str
    moment: str
    opinion: str = ""


class Waived(msgspec.Struct, frozen=True):
    """A finding that a reviewer accepts (豁免), by its fingerprint."""

    fingerprint: str
    reason: str
    name: str
    moment: str


class Explained(msgspec.Struct, frozen=True):
    """What the unit says to a finding that is to be explained, in the words in which the desk told it."""

    message: str
    text: str


class Decision(msgspec.Struct, frozen=True):
    """What people decided, as the one who keeps it says: nothing of it can be computed."""

    subject: str
    """审核的文件 or 批复的决算."""
    made: str
    maker: str
    outcome: str = ""
    signoffs: tuple[SignOff, ...] = ()
    waived: tuple[Waived, ...] = ()
    explained: tuple[Explained, ...] = ()


class ProofFinding(msgspec.Struct, frozen=True):
    """A finding, with its waiver and explanation where there are."""

    code: str
    severity: Severity
    message: str
    place: str
    fingerprint: str
    equation: str = ""
    waived: Waived | None = None
    explanation: str = ""


class Proof(msgspec.Struct, frozen=True):
    """The manifest. `law` is the digest of the whole statute, `rules` that of the register packed with it."""

    format: int
    unit: str
    year: int
    profile: str
    program: str
    law: str
    file: PackedFile
    decision: Decision
    conclusion: str
    checked: str
    """How much was understood and checked, in words."""
    relations: dict[str, int]
    unchecked: tuple[dict[str, str], ...]
    """Every number that was held against nothing, with place and reason."""
    findings: tuple[ProofFinding, ...]
    void: tuple[Waived, ...]
    """Waivers whose finding is not there (any more)."""
    files: tuple[PackedFile, ...]
    """All others of the archive."""


def digest_of(data: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(data).hexdigest()


def sm3_of(data: bytes) -> str:
    """SM3 (GB/T 32905); empty where this Python's OpenSSL does not have it."""
    return hashlib.new("sm3", data).hexdigest() if "sm3" in hashlib.algorithms_available else ""


@cache
def law_digest() -> str:
    """The digest of the statute of this program: of every file of data it consists of."""
    sums = hashlib.sha256()
    for path in sorted(_DATA.rglob("*")):
        if path.suffix in (".yaml", ".csv", ".lark"):
            sums.update(f"{path.relative_to(_DATA).as_posix()}\0{digest_of(path.read_bytes())}\n".encode())
    return sums.hexdigest()


def register_text(statute: Statute) -> bytes:
    """The register of the rules of a place and year as CSV: code, title, severity, basis."""
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.line(("编号", "规则", "程度", "依据"))
    writer.lines((rule.code, rule.title, rule.degree, rule.basis) for rule in rule_texts(statute).values())
    return text.getvalue().encode("utf-8-sig")
