"""Writes the table of roles in docs/desk.zh-CN.md anew from the declared rights: `python scripts/role_table.py`."""

from __future__ import annotations

from pathlib import Path

from juesuan.web.auth.rights import load_rights

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "desk.zh-CN.md"
BEGIN, END = "<!-- 权限表：由 scripts/role_table.py 生成 -->\n", "<!-- 权限表完 -->\n"
ROLES = (
    "unit_editor", "unit_approver", "unit_secrecy", "unit_head", "department", "bureau_reviewer", "bureau_admin",
    "auditor",
)
"""The roles of people who sign in; everybody else is the public."""

SCOPES = {"own": "本单位", "below": "本部门", "all": "全市", None: ""}


def table() -> str:
    """The rights that not everybody has, by role, each with how far it goes, as Markdown."""
    rights = load_rights()
    lines = [
        "| | " + " | ".join(rights.roles[role] for role in ROLES) + " |",
        "|---|" + "---|" * len(ROLES),
    ]
    for key, right in rights.rights.items():
        scopes = [rights.scope(role, key) for role in ROLES]
        if "public" not in right.roles and any(scopes):
            lines.append(f"| {right.title} | " + " | ".join(SCOPES[scope] for scope in scopes) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Puts the table between its marks in the guide."""
    text = GUIDE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    GUIDE.write_text(before + BEGIN + table() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
