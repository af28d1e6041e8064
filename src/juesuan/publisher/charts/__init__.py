"""Charts: specifications made from declared series, drawn in one house style."""

from juesuan.publisher.charts.drawing import svg

__all__ = ["svg"]
