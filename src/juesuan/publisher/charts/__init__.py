"""Charts: specifications made from declared series, drawn in one house style."""

from juesuan.publisher.charts.drawing import svg
from juesuan.publisher.charts.specifications import figure

__all__ = ["figure", "svg"]
