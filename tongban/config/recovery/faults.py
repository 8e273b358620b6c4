"""What can go wrong with a backup or a standby, each as one sentence in Chinese and in English."""

from __future__ import annotations

from tongban.config.launch.faults import LaunchError

BACKUP, DAMAGED, STANDBY = 10, 11, 12


def _backup(chinese: str, english: str) -> LaunchError:
    return LaunchError(chinese, english, BACKUP)


def _damaged(chinese: str, english: str) -> LaunchError:
    return LaunchError(chinese, english, DAMAGED)


# -- where and with which key --------------------------------------------------------------------------------------------


def no_folder() -> LaunchError:
    return _backup(
        "还没有指定备份存放的文件夹。请设置 TONGBAN_BACKUP_FOLDER，最好在另一台机器或另一块磁盘上。",
        "No folder for backups. Set TONGBAN_BACKUP_FOLDER, best on another machine or disk.",
    )


def no_key() -> LaunchError:
    return _backup(
        "没有备份密钥。请用 tongban backup key 文件名 生成，把 TONGBAN_BACKUP_KEY 指向它，并另存一份在别处：丢了密钥，备份就打不开。",
        "No backup key. Make one with `tongban backup key FILE`, point TONGBAN_BACKUP_KEY at it and keep a copy elsewhere: "
        "without it no backup can be opened.",
    )


def not_a_key(path: object) -> LaunchError:
    return _backup(
        f"{path} 不是完整的备份密钥文件，请检查是否抄录有误。",
        f"{path} is no backup key, or one copied with a mistake.",
    )


def key_exists(path: object) -> LaunchError:
    return _backup(
        f"{path} 已经存在，不会覆盖：覆盖后以前的备份再也打不开。",
        f"{path} exists and is not overwritten: earlier backups could never be opened again.",
    )


def wrong_key(name: str) -> LaunchError:
    return _backup(
        f"密钥不对：{name} 是用另一把备份密钥加密的。请换用当时的密钥文件。",
        f"Wrong key: {name} was closed with another backup key. Use the one of that time.",
    )


def another_house(folder: object) -> LaunchError:
    return _backup(
        f"{folder} 里是另一个数据库的备份，不能混放。请把 TONGBAN_BACKUP_FOLDER 指向另一个文件夹。",
        f"{folder} holds backups of another database. Point TONGBAN_BACKUP_FOLDER at another folder.",
    )


def full(folder: object) -> LaunchError:
    return _backup(
        f"备份所在磁盘已满（{folder}），这次备份没有完成，以前的备份不受影响。请腾出空间或缩短 TONGBAN_BACKUP_KEEP_DAYS。",
        f"The disk of the backups is full ({folder}); this one was not finished, earlier ones are as they were. "
        "Free some space or shorten TONGBAN_BACKUP_KEEP_DAYS.",
    )


def busy() -> LaunchError:
    return _backup("另一个备份正在进行，请等它完成。", "Another backup is under way; wait for it to end.")


def server_refused(program: str, said: str) -> LaunchError:
    tail = " ".join(said.split())[-400:]
    return _backup(
        f"PostgreSQL 的 {program} 没有成功：{tail}",
        f"PostgreSQL's {program} failed. The role needs the right REPLICATION, and pg_hba.conf a line for it.",
    )


def no_program(program: str) -> LaunchError:
    return _backup(
        f"找不到 PostgreSQL 的程序 {program}。请运行 make setup，或安装 Debian 软件包 postgresql。",
        f"PostgreSQL's program {program} is not there. Run make setup, or install Debian's package postgresql.",
    )


def another_version(major: int) -> LaunchError:
    return _backup(
        f"这个备份来自 PostgreSQL {major}，本机没有这个版本。请安装 postgresql-{major} 后再恢复。",
        f"The backup is of PostgreSQL {major}, which this machine lacks. Install postgresql-{major} and try again.",
    )


# -- what is in the folder -----------------------------------------------------------------------------------------------


def no_backup(moment: str = "") -> LaunchError:
    return _backup(
        f"没有早于 {moment} 的完整备份。" if moment else "没有完整的备份。请先运行 tongban backup。",
        f"No whole backup is older than {moment}." if moment else "There is no whole backup yet. Run tongban backup.",
    )


def missing(name: str) -> LaunchError:
    return _damaged(f"备份缺少文件 {name}。", f"The backup lacks the file {name}.")


def truncated(name: str) -> LaunchError:
    return _damaged(f"备份文件 {name} 不完整，后面的部分丢失了。", f"The backup file {name} is cut short.")


def altered(name: str) -> LaunchError:
    return _damaged(f"备份文件 {name} 已损坏或被改动。", f"The backup file {name} was damaged or altered.")


def gap(after: str, before: str) -> LaunchError:
    return _damaged(
        f"连续日志有缺口：{after} 之后缺少日志，{before} 起才又有。只能恢复到缺口之前的时刻（--at）；请尽快再做一次备份。",
        f"The log has a gap between {after} and {before}. Only a moment before it can be restored (--at); "
        "take a new backup soon.",
    )


def beyond(moment: str, reached: str) -> LaunchError:
    upto = f"，最后一笔在 {reached}" if reached else ""
    return _backup(
        f"备份的日志还没有到 {moment}{upto}。",
        f"The log in the backup does not reach {moment}{'; its last change is of ' + reached if reached else ''}.",
    )


def not_replayed(log: str) -> LaunchError:
    tail = " ".join(log.split())[-500:]
    return _damaged(
        f"数据库没能从备份中恢复：{tail}", "The database did not come back from the backup; its log is above."
    )


def not_a_moment(words: str) -> LaunchError:
    return _backup(
        f"看不懂时刻“{words}”。请写成 2026-11-21T23:15:00+08:00。",
        f'"{words}" is no moment. Write it as 2026-11-21T23:15:00+08:00.',
    )


def not_empty(folder: object) -> LaunchError:
    return _backup(
        f"{folder} 不是空的，恢复不会覆盖任何数据。请用 --into 指定一个空文件夹，或先把旧数据移走。",
        f"{folder} is not empty, and nothing is overwritten. Name an empty folder with --into, or move the old data away.",
    )


def not_arriving(folder: object) -> LaunchError:
    return _backup(
        f"连续日志没有送达 {folder}。请检查 tongban backup keep 是否在运行、那里的磁盘是否可写。",
        f"The log does not arrive in {folder}. See whether `tongban backup keep` runs and whether that disk can be written.",
    )


def never_still() -> LaunchError:
    return _backup(
        "数据库一直有长时间的写入，没能找到一个可以对照的时刻。请在空闲时再演练。",
        "Long writes never left a moment to compare at. Drill again at a quiet time.",
    )


# -- the standby ---------------------------------------------------------------------------------------------------------


def _standby(chinese: str, english: str) -> LaunchError:
    return LaunchError(chinese, english, STANDBY)


def does_not_follow() -> LaunchError:
    return _standby(
        "备库没有跟上主库。请查看备库的 server.log，检查网络和 pg_hba.conf 的 replication 一行。",
        "The standby does not follow. See its server.log, the network, and the replication line of pg_hba.conf.",
    )


def primary_lives() -> LaunchError:
    return _standby(
        "主库仍在接受写入，现在提升备库会使两边的数据分叉。请先停止主库，确认它不会自己再启动。",
        "The primary still takes writes; promoting now would part the two for good. Stop it first, for good.",
    )


def no_standby(home: object) -> LaunchError:
    return _standby(
        f"{home} 里没有正在运行的备库。请先运行 tongban standby start。",
        f"No standby runs in {home}. Run tongban standby start first.",
    )


def not_reported(said: str) -> LaunchError:
    return _backup(
        f"演练已完成，但没能记入系统：{' '.join(said.split())[-300:]}",
        "The drill is done, but could not be written down.",
    )
