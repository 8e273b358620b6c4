"""Somebody guesses a clerk's password: it is noticed, looked into by the security administrator and verified by another person."""

from __future__ import annotations

import re

import psycopg

from .conftest import Meet


def test_a_guessed_password_is_noticed_handled_and_verified(meet: Meet, database: str) -> None:
    guesser = meet()
    for _ in range(5):
        guesser.go("/account/login/")
        guesser.page.fill("input[name=login]", "hotline")
        guesser.page.fill("input[name=password]", "not-it-at-all-31")
        guesser.page.locator("main button[type=submit]").first.click()
    with psycopg.connect(database, autocommit=True) as server:  # it runs every five minutes; here, now
        server.execute("select tongban_defer('threats.watch', '{}', null, null)")

    guard = meet("secadmin")
    message = guard.page.locator("main").get_by_text("安全告警：同一账号连续登录失败").first
    for _ in range(20):
        guard.go("/my/messages/")
        if message.count():
            break
        guard.page.wait_for_timeout(500)
    guard.sees("安全告警：同一账号连续登录失败")
    guard.go("/console/threats/")
    guard.press(re.compile("同一账号连续登录失败"))
    guard.sees("方晴")
    guard.sees("依据")
    guard.press("我来处理")
    guard.sees("处理中")
    guard.fill({"查到了什么": "已与本人联系，不是本人操作，已要求改密码"})
    guard.press("处理完毕，交复核")
    guard.sees("须由另一位")
    alert = guard.page.url
    assert not guard.judge()

    auditor = meet("auditadmin")
    auditor.go(alert)
    auditor.fill({"复核意见": "核对属实，同意关闭"})
    auditor.press("属实，关闭")
    auditor.sees("已关闭")
    auditor.go("/console/threats/?kind=failed_account")
    auditor.sees("没有这样的告警")
