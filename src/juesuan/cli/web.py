"""The commands for whoever runs the server: serve, user, organisation, audit, backup, restore."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from juesuan.account import os_error_text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from juesuan.web import Settings, Site

DONE, FAULTY, UNUSABLE = 0, 1, 2
"""Exit codes: done; the audit trail does not verify; it cannot be done."""


def _data(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which server."""
    command = click.option("--database", default="", help="PostgreSQL 地址；默认用数据文件夹里的 SQLite")(command)
    folder = click.Path(path_type=Path, file_okay=False)
    return click.option("--data", required=True, type=folder, help="数据文件夹")(command)


@contextmanager
def explained() -> Iterator[None]:
    """Turns what can go wrong into a sentence and an exit code."""
    try:
        try:
            yield
        except ModuleNotFoundError:
            raise
        except Exception as error:
            # What can go wrong is only loaded when something has: it takes longer to load than most commands to run.
            told = _told(error)
            if not told:
                raise
            click.echo(told, err=True)
            sys.exit(UNUSABLE)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing == "juesuan":
            raise
        what, extra = EXTRAS.get(missing, ("网络服务", "web"))
        click.echo(f"缺少{what}的组件（{missing}），请安装：pip install 'juesuan[{extra}]'", err=True)
        sys.exit(UNUSABLE)


def _told(error: Exception) -> str:
    """The sentence on an error that is no defect of the program; empty for one that is."""
    known, of_the_database = _known_errors()
    if isinstance(error, known):
        return str(error)
    if isinstance(error, of_the_database):
        return f"数据库用不了：{_database_trouble(error)}"
    if isinstance(error, OSError):
        return f"文件读写出错：{error.filename or ''}（{os_error_text(error)}）"
    return ""


EXTRAS = {"psycopg": (" PostgreSQL 数据库", "postgres")}
"""What a package is wanted for and the extra it comes with; all others are the server's own."""


DATABASE_TROUBLE = {
    "disk is full": "磁盘满了。请腾出空间再试，数据没有改动。",
    "file is not a database": "juesuan.sqlite 已经损坏。请移走数据文件夹，用 juesuan restore 从备份恢复。",
    "malformed": "juesuan.sqlite 已经损坏。请移走数据文件夹，用 juesuan restore 从备份恢复。",
    "readonly": "只能读、不能写。请核对数据文件夹的权限。",
    "is locked": "正由别的程序占用。请稍等再试。",
}
"""What SQLite says of a database that cannot be used, by a piece of its words, and what to do."""


def _database_trouble(error: Exception) -> str:
    """Why a database cannot be used, and what to do, as far as its words tell."""
    said = str(error)
    known = (text for words, text in DATABASE_TROUBLE.items() if words in said)
    return next(known, f"请核对 --database 和数据文件夹的权限（{type(error).__name__}）。")


def _known_errors() -> tuple[tuple[type[Exception], ...], tuple[type[Exception], ...]]:
    """The errors whose messages are for people, and the roots of those of the database."""
    import sqlite3

    from sqlalchemy.exc import SQLAlchemyError

    from juesuan.web import (
        AddressTakenError,
        AlreadyServedError,
        BackupError,
        BadListError,
        DirectoryError,
        EmptiedDatabaseError,
        LicenceError,
        NewerDatabaseError,
        OidcError,
        UpgradeError,
        UserError,
        WeakPasswordError,
    )

    known = (
        BackupError, DirectoryError, OidcError, NewerDatabaseError, EmptiedDatabaseError, UpgradeError, BadListError,
        WeakPasswordError, AddressTakenError, AlreadyServedError, LicenceError, UserError,
    )
    return known, (SQLAlchemyError, sqlite3.Error)


def _settings(data: Path, database: str) -> Settings:
    from juesuan.web import Settings

    return Settings(data, database)


@contextmanager
def _site(data: Path, database: str) -> Iterator[tuple[Site, Session]]:
    """The server's database, brought up to date, with a transaction."""
    from juesuan.web import Site, keep_private, migrate

    keep_private()
    site = Site(_settings(data, database))
    migrate(site.database, site.sealer, site.settings.files)
    try:
        with site.database.writing() as session:
            yield site, session
    finally:
        site.database.close()


@click.command()
@_data
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8600, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.option("--address", default="", help="公众访问的网址（https://…），写进公开页面、订阅和站点地图")
@click.option("--directory", default="", help="统一身份认证：ldaps://主机/uid={name},ou=people,dc=…；口令由目录核对")
@click.option("--local-user", "local", multiple=True, help="口令仍存在本系统的用户（如系统管理员），可多次")
@click.option("--oidc", default="", help="单点登录（OpenID Connect）的 issuer；密钥在环境变量 JUESUAN_OIDC_SECRET")
@click.option("--oidc-client", default="", help="在统一身份认证登记的 client_id")
@click.option("--oidc-claim", default="preferred_username", show_default=True, help="哪一项是本系统的用户名")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="同时读几份文件")
@click.option(
    "--per-address", default=600, show_default=True, type=click.IntRange(1), help="没有登录的，一个地址每分钟请求几次"
)
@click.option(
    "--per-account", default=600, show_default=True, type=click.IntRange(1), help="登录的，一个用户每分钟最多请求几次"
)
@click.option(
    "--wrong-passwords", default=30, show_default=True, type=click.IntRange(1), help="一个地址每分钟最多输错几次口令"
)
@click.option("--national", is_flag=True, help="用国密算法：审计日志和公开的文件用 SM3，加密存放用 SM4")
@click.option("--licence", default=None, metavar="文件.txt", type=click.Path(path_type=Path, dir_okay=False),
              help="开放数据的使用许可（文本文件，第一行为名称）；默认自由使用、注明来源")
@click.option("--private", multiple=True, metavar="主机", help="“张贴”可以去取的内部网络主机，可多次；默认一律不取")
def serve(
    data: Path, database: str, host: str, port: int, address: str, directory: str, local: tuple[str, ...], oidc: str,
    oidc_client: str, oidc_claim: str, workers: int, per_address: int, per_account: int, wrong_passwords: int,
    private: tuple[str, ...], national: bool, licence: Path | None,
) -> None:
    """启动服务，直到 Ctrl-C。"""
    with explained():
        from dataclasses import replace

        from juesuan.web import read_licence
        from juesuan.web import serve as run

        settings = replace(
            _settings(data, database), address=address, directory=directory, local_users=local, workers=workers,
            oidc=oidc, oidc_client=oidc_client, oidc_claim=oidc_claim,
            oidc_secret=os.environ.get("JUESUAN_OIDC_SECRET", ""), requests_per_minute=per_address,
            account_requests_per_minute=per_account, sign_ins_per_minute=wrong_passwords,
            watched_private=private, national=national, licence=read_licence(licence) if licence else "",
        )
        run(settings, host, port, _first_run)


def _first_run(site: Site, port: int) -> None:
    """Tells where an empty server is set up."""
    from juesuan.web import first_address

    address = first_address(site, site.settings.address.rstrip("/") or f"http://127.0.0.1:{port}")
    if address:
        click.echo(f"第一次使用，请在浏览器里打开（只能用一次，一天内有效）：\n{address}")


@click.group()
def user() -> None:
    """服务的用户。"""


@user.command("add")
@_data
@click.argument("name")
@click.option("--role", required=True, help="角色，如 bureau_admin、bureau_reviewer、department、unit_editor")
@click.option("--organisation", required=True, help="所在机构的代码")
@click.option("--full-name", default="", help="姓名")
def add_user(data: Path, database: str, name: str, role: str, organisation: str, full_name: str) -> None:
    """新增用户，并显示初始口令（首次登录须修改）。"""
    with explained(), _site(data, database) as (site, session):
        from juesuan.web import SYSTEM
        from juesuan.web import add_user as add_new_user

        password = add_new_user(
            session, site.trail, site.passwords, SYSTEM, name=name, full_name=full_name, role=role,
            organisation=organisation,
        )
    click.echo(f"已新增用户 {name}，初始口令：{password}")


@user.command("reset")
@_data
@click.argument("name")
def reset_user(data: Path, database: str, name: str) -> None:
    """给用户新的初始口令，解除锁定和动态口令。"""
    with explained(), _site(data, database) as (site, session):
        from sqlalchemy import select

        from juesuan.web import SYSTEM, User, UserError
        from juesuan.web import reset_password as reset_user_password

        found = session.scalars(select(User).where(User.name == name)).first()
        if found is None:
            raise UserError(f"没有用户“{name}”。")
        password = reset_user_password(session, site.trail, site.passwords, SYSTEM, found)
        site.signing.end_others(session, found.id)
    click.echo(f"用户 {name} 的新初始口令：{password}")


@click.command()
@_data
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def organisations(data: Path, database: str, file: Path) -> None:
    """导入机构清单 CSV（代码,名称,类型,上级代码）。"""
    with explained(), _site(data, database) as (site, session):
        from juesuan.web import SYSTEM, import_organisations

        added, changed = import_organisations(session, site.trail, SYSTEM, file.read_bytes())
    click.echo(f"新增 {added} 个机构，修改 {changed} 个。")


@click.group()
def audit() -> None:
    """审计日志。"""


@audit.command("verify")
@_data
@click.option("--head", default="", help="先前记下的末尾指纹，用来发现末尾被截去")
def verify_audit(data: Path, database: str, head: str) -> None:
    """核验审计日志的链是否完整、没有被改动。"""
    with explained(), _site(data, database) as (_, session):
        from juesuan.web import verify

        verdict = verify(session, head)
    if verdict.fault:
        click.echo(f"审计日志有问题：{verdict.fault}", err=True)
        sys.exit(FAULTY)
    click.echo(f"审计日志完整：{verdict.entries} 条，末尾指纹 {verdict.head}")


@click.command()
@_data
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(data: Path, database: str, target: Path) -> None:
    """把数据库和全部文件备份到一个文件，服务不用停。"""
    with explained():
        from juesuan.web import backup as write

        count = write(_settings(data, database), target)
    click.echo(f"已备份到 {target}：数据库和 {count} 个文件。")


@click.command()
@_data
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="备份.tar.gz")
def restore(data: Path, database: str, source: Path) -> None:
    """从备份恢复到空的数据文件夹（和空的 PostgreSQL 数据库）。"""
    with explained():
        from juesuan.web import keep_private
        from juesuan.web import restore as unpack

        keep_private()
        count = unpack(source, data, database)
    click.echo(f"已恢复到 {data}：数据库和 {count} 个文件。")
