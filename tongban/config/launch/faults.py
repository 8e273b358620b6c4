"""What can stop us on this machine, each as one sentence in Chinese and in English, with its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

ANY, PORT, SPACE, NETWORK, OLD_DATA, LOCKED, PERMISSION, SERVER = 1, 3, 4, 5, 6, 7, 8, 9


class LaunchError(Exception):
    """Something about this machine stops us; the sentence says what, and what to do."""

    def __init__(self, chinese: str, english: str, code: int = ANY) -> None:
        super().__init__(f"{chinese}\n{english}")
        self.code = code


def no_permission(path: object) -> LaunchError:
    return LaunchError(
        f"没有读写 {path} 的权限。请换用它的所有者运行，或用 TONGBAN_HOME 指定另一个文件夹。",
        f"{path} cannot be written by this user. Run as its owner, or name another folder with TONGBAN_HOME.",
        PERMISSION,
    )


def no_space(path: object, free: int = 0) -> LaunchError:
    return LaunchError(
        f"磁盘空间不足：{path} 所在磁盘只剩 {free >> 20} MB，至少需要 1024 MB。请清理后再试。",
        f"No space left: {free >> 20} MB free where {path} lies, 1024 MB needed. Free some and try again.",
        SPACE,
    )


def guarded(work: Callable[[], int]) -> int:
    """Run a command; what stops it is said in a sentence and an exit code, never in a traceback."""
    try:
        return work()
    except LaunchError as error:
        print(f"\n✗ {error}", file=sys.stderr)
        return error.code
    except PermissionError as error:
        print(f"\n✗ {no_permission(error.filename)}", file=sys.stderr)
        return PERMISSION
    except OSError as error:
        if error.errno != 28:  # ENOSPC
            raise
        print(f"\n✗ {no_space(error.filename or os.getcwd())}", file=sys.stderr)
        return SPACE
    except KeyboardInterrupt:
        return 130
