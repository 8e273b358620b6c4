"""`tongban backup`, `restore`, `drill`, `standby`: what they are asked, and what they say."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType

from tongban.config.launch import cluster
from tongban.config.launch.faults import guarded

from . import faults, place, standing_by
from .archiving import keep
from .checking import verify
from .drilling import drill as rehearse
from .reporting import report
from .restoring import restore as bring_back
from .sealing import Key
from .store import Backup
from .taking import take


def say(chinese: str, english: str) -> None:
    print(f"· {chinese} {english}", flush=True)


def _told(backup: Backup) -> None:
    size = f"{backup.plain_bytes / 1e6:.0f} MB"
    say(f"备份 {backup.name}：数据库 {size}，文件 {backup.files} 个", f"backup of {backup.ended}")


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _take() -> int:
    _told(take(place.store(), url=place.database_url()))
    return 0


def _keep() -> int:
    signal.signal(signal.SIGTERM, _stop)
    say(f"备份持续进行，送往 {place.folder()}", "the log and the files are carried to the backup")
    keep()
    return 0


def _list() -> int:
    for backup in place.store().backups():
        _told(backup)
    return 0


def _verify() -> int:
    checked = verify(place.store())
    for fault in checked.faults:
        print(f"✗ {fault}", flush=True)
    say(
        f"核对了 {checked.backups} 个备份、{checked.segments} 段日志、{checked.files} 个文件，发现 {len(checked.faults)} 处问题",
        "backups, log segments and files opened; faults found",
    )
    return faults.DAMAGED if checked.faults else 0


def backup(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tongban backup", description="备份 Backup of database, files and keys")
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("take", help="立即备份（不写动词时也是） one whole backup now; also without a verb")
    verbs.add_parser("keep", help="持续送出日志和文件 stay and carry the log and the files")
    verbs.add_parser("list", help="有哪些备份 which there are")
    verbs.add_parser("verify", help="逐一解密核对 open and check everything")
    making = verbs.add_parser("key", help="生成备份密钥 make the key")
    making.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)

    def make_key() -> int:
        Key.make(chosen.file)
        say(f"密钥已写入 {chosen.file}，请另存一份在别处", "keep a copy elsewhere: without it no backup opens")
        return 0

    ways: dict[str | None, Callable[[], int]] = {
        None: _take,
        "take": _take,
        "keep": _keep,
        "list": _list,
        "verify": _verify,
        "key": make_key,
    }
    return guarded(ways[chosen.verb])


def moment(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words).astimezone()
    except ValueError:
        raise faults.not_a_moment(words) from None


def restore(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tongban restore", description="恢复 Bring a house back into an empty data folder"
    )
    parser.add_argument(
        "--at", metavar="MOMENT", help="恢复到这一时刻 as it was at a moment, 2026-11-21T23:15:00+08:00"
    )
    parser.add_argument("--into", type=Path, help="恢复到这个空文件夹（默认 TONGBAN_HOME） the empty data folder")
    chosen = parser.parse_args(arguments)

    def work() -> int:
        with place.house_in((chosen.into or cluster.home()).absolute()):
            restored = bring_back(place.store(), at=moment(chosen.at) if chosen.at else None)
            cluster.stop()
            say(
                f"已从备份 {restored.backup.name} 恢复到 {cluster.home()}：日志 {restored.segments} 段，文件 {restored.files} 个",
                f"restored; start it with TONGBAN_HOME={cluster.home()} make run",
            )
        return 0

    return guarded(work)


def drill(arguments: list[str]) -> int:
    argparse.ArgumentParser(
        prog="tongban drill",
        description="恢复演练 Restore into a second cluster and compare row for row, file for file",
    ).parse_args(arguments)

    def work() -> int:
        drilled = rehearse()
        report(drilled)
        for name in drilled.differing:
            print(f"✗ {name}", flush=True)
        say(
            f"演练完成：{drilled.tables} 张表 {drilled.rows} 行、{drilled.files} 个文件，不一致 {len(drilled.differing)} 处；"
            f"恢复用时 {drilled.restore_s} 秒，此刻丢失机器会损失最近 {drilled.behind_s} 秒",
            "tables, rows and files compared; differing; seconds to restore; seconds that a loss would have cost",
        )
        return faults.DAMAGED if drilled.differing else 0

    return guarded(work)


ROLES = {"away": "没有运行", "following": "正在跟随主库", "waiting": "主库不在，等待提升", "promoted": "已提升为主库"}


def standby(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tongban standby", description="备库 A second cluster that can take over")
    parser.add_argument("verb", choices=["start", "promote", "status"])
    parser.add_argument("--of", metavar="URL", help="主库地址（默认 DATABASE_URL 或本机数据库） the primary's address")
    parser.add_argument("--into", type=Path, help="备库的数据文件夹（默认 standby/） the standby's data folder")
    chosen = parser.parse_args(arguments)

    def work() -> int:
        home, of = (chosen.into or cluster.home() / "standby").absolute(), chosen.of or place.database_url()
        now = {"start": standing_by.start, "promote": standing_by.promote, "status": standing_by.state}[chosen.verb](
            home, of=of
        )
        how = (
            f"，{'同步' if now.synchronous else '异步'}，落后 {now.behind_bytes} 字节"
            if now.role == "following"
            else ""
        )
        say(f"备库{ROLES[now.role]}{how}", f"the standby is {now.role}")
        if now.address:
            print(f"DATABASE_URL='{now.address}'", flush=True)
        return 0

    return guarded(work)
