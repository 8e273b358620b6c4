"""`tongban demo`: the demo city, its accounts, a great many cases."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tongban.demo import loading
from tongban.demo.accounts import accounts_table
from tongban.demo.many import make_many
from tongban.foundation.identity.actions import demo_code


class Command(BaseCommand):
    help = "The demo city (示例城市): load it, list its accounts, tell a second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="load the demo city, or what is missing of it")
        load.add_argument("--once", action="store_true", help="do nothing where it was loaded before")
        verbs.add_parser("accounts", help="the demo accounts, one of each kind")
        many = verbs.add_parser("many", help="a great many invented cases and the people behind them, to measure with")
        many.add_argument("how_many", type=int, help="cases; a tenth as many people, a hundredth as many companies")
        many.add_argument("--seed", type=int, default=1)
        code = verbs.add_parser("code", help="the six digits of an account's second factor, now")
        code.add_argument("username")

    def handle(self, *, verb: str, **options: Any) -> None:
        getattr(self, f"_{verb}")(**options)

    def _load(self, *, once: bool, **options: Any) -> None:
        if once and loading.is_loaded():
            return
        began = time.monotonic()
        for title, made in loading.load():
            self.stdout.write(f"· {title}：{made}（{time.monotonic() - began:.1f} s）")
        if missing := loading.missing_data():
            self.stdout.write(
                f"· 没有找到真实数据 {'、'.join(missing)}，示例城市会小一些；可用 TONGBAN_DATA 指定数据文件夹。\n"
                f"  Real data not found ({', '.join(missing)}): the demo city is smaller. TONGBAN_DATA names their folder."
            )

    def _accounts(self, **options: Any) -> None:
        self.stdout.write(accounts_table())

    def _many(self, *, how_many: int, seed: int, **options: Any) -> None:
        began = time.monotonic()
        make_many(
            how_many, seed=seed, tell=lambda said: self.stdout.write(f"· {said}（{time.monotonic() - began:.0f} s）")
        )

    def _code(self, *, username: str, **options: Any) -> None:
        self.stdout.write(demo_code(username))
