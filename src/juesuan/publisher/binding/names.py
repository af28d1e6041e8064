"""The names by which the controls of a DOCX and its data part are known."""

from __future__ import annotations

NAMESPACE = "urn:juesuan:account"
ITEM = "{5B1F6C1E-8C0D-4B57-9E62-3D0A6F5C7A21}"
"""The identifier of the data part, the same in every document, by which controls name it."""
MAPPING = f"xmlns:j='{NAMESPACE}'"
PATH = "/j:account[1]/j:v[{}]"
"""Where the value of a bound control stands, by its number."""
ALIAS_LOCKED = "决算数 "
ALIAS_OPEN = "填写 "
"""How the titles of controls begin: those bound to the account, and those to write in."""
TAG_LOCKED = "f"
TAG_OPEN = "x"
"""How their tags begin; the number of the control and what it holds follow (f12:表1!1行1栏)."""
NAME_LENGTH = 64
"""Word takes no longer title or tag."""
