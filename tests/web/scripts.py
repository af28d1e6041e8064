"""What a browser would run of a page: found with a parser, as a browser finds it, not by looking for signs."""

from __future__ import annotations

import json
from html.parser import HTMLParser

ATTACK = (
    "<script>alert('甲')</script>\"'><img src=x onerror=alert(1)>{{7*7}}{%x%} javascript:alert(1) "
    "#read(\"/etc/passwd\") $x^2$ *乙* _丙_ `丁` @戊 \\"
)
"""Tries to be a script, a template, and the language that documents are set in."""

LINKS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcdoc", "srcset")


class Page(HTMLParser):
    """The elements of a page that run or lead somewhere: `wrong` tells those that are not ours.

    A published file that stands alone (`alone`) has its charts' data and program inside; a page of the server has not.
    """

    def __init__(self, text: str, alone: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self._alone = alone
        self._script = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "script":
            self._script = known.get("type", "script")
            inside = self._script in ("application/ld+json", *(("application/json", "module") if self._alone else ()))
            if not inside and not known.get("src", "").startswith("/assets/"):
                self.wrong.append(f"<script {known}>")
        if tag in ("iframe", "object", "embed", "base", "svg:script") or (tag == "img" and known.get("src") == "x"):
            self.wrong.append(f"<{tag} {known}>")
        for name, value in known.items():
            scheme = "".join(value.split()).lower()
            leads = name in LINKS and scheme.startswith(("javascript:", "vbscript:", "data:text"))
            if name.startswith("on") or leads:
                self.wrong.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self._script.endswith("json"):
            json.loads(data)
        elif self._script and "甲" in data:
            self.wrong.append(data[:200])

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = ""


def wrong_in(text: str, alone: bool = False) -> list[str]:
    """What would run on a page although it is not ours, and what a template or a setter has worked out."""
    worked_out = ["49 javascript", "root:x:0"]
    return Page(text, alone).wrong + [sign for sign in worked_out if sign in text]
