"""The proof of a review (审核证明): file, law, program, what was checked, what was not, who decided; recomputable."""

from juesuan.inspection.proof.model import (
    Decision,
    DeskFinding,
    Explained,
    PackedFile,
    Proof,
    ProofError,
    ProofFinding,
    SignOff,
    Waived,
    digest_of,
)
from juesuan.inspection.proof.packing import degrees, write_proof
from juesuan.inspection.proof.verifying import Verification, verify_proof

__all__ = [
    "Decision",
    "DeskFinding",
    "Explained",
    "PackedFile",
    "Proof",
    "ProofError",
    "ProofFinding",
    "SignOff",
    "Verification",
    "Waived",
    "degrees",
    "digest_of",
    "verify_proof",
    "write_proof",
]
