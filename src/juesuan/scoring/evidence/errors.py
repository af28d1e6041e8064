"""What can go wrong with evidence, as a message for the person who has to put it right."""

from __future__ import annotations

from juesuan.account import JuesuanError


class EvidenceError(JuesuanError):
    """Evidence that cannot be had; the message says in Chinese what was found and what would be right."""
