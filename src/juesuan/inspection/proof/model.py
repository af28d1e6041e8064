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

FORMAT, NATIONAL_FORMAT = 5, 6
"""Of a manifest; of one whose files have the digest SM3 besides."""

COUNTING, CONCLUDING = 3, 5
"""The first formats whose words say how many findings there are of each degree, and what the unit says to findings
whose words at the desk are other than those of the file; and whose conclusion says how many there are, with what only
the desk found.
"""

FORMATS = (1, 2, COUNTING, 4, FORMAT, NATIONAL_FORMAT)
"""Those that can be verified; even ones have the digest SM3."""

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


class DeskFinding(msgspec.Struct, frozen=True):
    """A finding that the desk had on what was sent in."""

    code: str
    severity: Severity
    message: str


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
    found: tuple[DeskFinding, ...] = ()
    """All findings that the desk had when an account was sent in."""


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

    @property
    def left(self) -> tuple[ProofFinding, ...]:
        """The findings without a waiver."""
        return tuple(finding for finding in self.findings if not finding.waived)

    @property
    def desk_only(self) -> tuple[DeskFinding, ...]:
        """What the desk found on what was filled in and checking the file does not: it is by rules of filling in."""
        known = {finding.code for finding in self.findings}
        return tuple(each for each in self.decision.found if each.code not in known)

    @property
    def total(self) -> int:
        """How many findings there are, waived ones too."""
        return len(self.findings) + len(self.desk_only)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """The degree of every finding without a waiver, as the desk counts them."""
        return (*(each.severity for each in self.left), *(each.severity for each in self.desk_only))


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
