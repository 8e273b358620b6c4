"""`tongban administrators`: the first people of an empty house: three administrators who watch one another, and an operator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from tongban.foundation.identity.actions import appoint, open_account, password_by_chance
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.organisations.actions import add_department, add_divisions, add_post

FIRST = {
    "sysadmin": ("system_admin", "系统管理员"),
    "secadmin": ("security_admin", "安全管理员"),
    "auditadmin": ("audit_admin", "审计管理员"),
    "operator": ("operator", "运行维护"),
}
BY = installer("organisations.manage", "identity.manage_accounts")


class Command(BaseCommand):
    help = "在空系统里开设第一批账号：系统、安全、审计管理员和运行维护，初始密码只显示这一次"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--divisions", nargs="+", required=True, metavar="511602=广安区", help="从省到本级，逐级写全"
        )
        parser.add_argument("--department", required=True, help="管理本系统的部门全称")
        parser.add_argument("--code", required=True, help="该部门的统一社会信用代码")

    def handle(self, *args: Any, **options: Any) -> None:
        with override("zh-hans"):
            try:
                opened = self._open(options)
            except TongbanError as error:
                why = "；".join(str(reason.text) for reason in error.reasons) or str(error.text)
                raise CommandError(f"{why}（什么也没有改动。）") from error
        self.stdout.write("请各人本人登录，先改密码、设第二因素：")
        for username, (title, password) in opened.items():
            self.stdout.write(f"  {username:<12}{title}  {password}")

    @transaction.atomic
    def _open(self, options: dict[str, Any]) -> dict[str, tuple[str, str]]:
        names = dict(line.split("=", 1) for line in options["divisions"] if "=" in line)
        if not add_divisions(names, actor=BY):
            raise CommandError("区划请写成“代码=名称”，从省到本级逐级写全。")
        name, division = options["department"], list(names)[-1].ljust(12, "0")
        office = add_department(actor=BY, code=options["code"], division=division, name=name, short_name=name[:20])
        opened = {}
        for username, (role, title) in FIRST.items():
            password = password_by_chance(20)
            account = open_account(actor=BY, username=username, name=title, password=password)
            post = add_post(actor=BY, department_id=office.pk, name=title, role=role)
            appoint(actor=BY, account_id=account.pk, post_id=post.pk)
            opened[username] = (title, password)
        return opened
