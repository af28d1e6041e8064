"""The rules: each module holds one family against an account and gives its findings."""

from juesuan.checker.rules.across import differences, period_of

__all__ = ["differences", "period_of"]
