"""The HTML of a document."""

from juesuan.publisher.html.elements import HtmlCell, html_rows, own_identifiers
from juesuan.publisher.html.writer import write_html

__all__ = ["HtmlCell", "html_rows", "own_identifiers", "write_html"]
