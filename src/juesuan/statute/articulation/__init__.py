"""Relations (勾稽关系) at work: the notation, its expansion over an account, judgement within rounding, solution."""

from juesuan.statute.articulation.notation import (
    Comparison,
    Name,
    NotationError,
    Place,
    Quantity,
    Sum,
    parse_place,
    split_notes,
)

__all__ = ["Comparison", "Name", "NotationError", "Place", "Quantity", "Sum", "parse_place", "split_notes"]
