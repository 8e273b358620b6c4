"""Install what the project needs: Debian's packages where one may, wheels from the package index where not.

Runs on the system's Python before anything is installed, so it uses the standard library alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tongban.config.launch import cluster
from tongban.config.launch.cluster import ROOT, home
from tongban.config.launch.faults import ANY, NETWORK, LaunchError, guarded, no_permission, no_space

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_MB = 2048
NETWORK_WORDS = ("resol", "connect", "network", "timed out", "timeout", "dns", "proxy", "unreachable", "fetch")

# Debian's package → a file that shows something like it is there already.
TO_RUN = {
    "postgresql": "/usr/lib/postgresql/*/bin/initdb",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "fonts-hanazono": "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",  # rare characters in names
}
TO_TEST = {
    "chromium-headless-shell": "/usr/bin/chromium-headless-shell",
    "poppler-utils": "/usr/bin/pdfsig",
    "libnss3-tools": "/usr/bin/certutil",
    "softhsm2": "/usr/lib/softhsm/libsofthsm2.so",
    "default-jre-headless": "/usr/lib/jvm/default-java/bin/java",  # for Spark
    "mariadb-server-core": "/usr/sbin/mariadbd",  # the program alone: no server is started but the tests' own
}

# Where a system manager runs, installing it would open the whole machine to SSH: there it is left to whoever wants that.
TO_TEST_APART = {"openssh-server": "/usr/sbin/sshd"}


def to_test() -> dict[str, str]:
    return TO_TEST if Path("/run/systemd/system").exists() else TO_TEST | TO_TEST_APART


def say(chinese: str, english: str) -> None:
    print(f"· {chinese} {english}", flush=True)


def missing(packages: dict[str, str]) -> list[str]:
    return [name for name, sign in packages.items() if not list(Path("/").glob(sign.lstrip("/")))]


def _as_root() -> list[str] | None:
    """How to run a command as root: not at all different, by passwordless sudo, or not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_debian(packages: list[str]) -> bool:
    """Install Debian packages if this user may; whether they are there now."""
    prefix = _as_root()
    if not packages or prefix is None or not shutil.which("apt-get"):
        return not packages
    say(f"安装系统软件包：{' '.join(packages)}", "installing Debian packages")
    if "postgresql" in packages:
        _keep_debian_from_starting_a_server(prefix)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    subprocess.run([*apt, "update"], capture_output=True)
    done = subprocess.run([*apt, "install", "--no-install-recommends", *packages], capture_output=True, text=True)
    if done.returncode:
        say("系统软件包未能安装，改用备用方案。", "Debian's packages could not be installed; trying without.")
    return done.returncode == 0


def _keep_debian_from_starting_a_server(prefix: list[str]) -> None:
    """We start a cluster of our own; Debian's package would make and start another one beside it."""
    place = "/etc/postgresql-common/createcluster.d"
    line = f"mkdir -p {place} && echo 'create_main_cluster = false' > {place}/tongban.conf"
    subprocess.run([*prefix, "sh", "-c", line], check=False)


def check_machine() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  it is the system that runs this file
        raise LaunchError(
            f"需要 Python 3.11 或更新版本，当前是 {sys.version.split()[0]}。可用 make PYTHON=python3.11 指定。",
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Name one with make PYTHON=python3.11.",
        )
    if not os.access(ROOT, os.W_OK):
        raise no_permission(ROOT)
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_MB << 20:
        raise no_space(ROOT, free)


# -- the virtual environment ---------------------------------------------------------------------------------------------


def _must(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode == 0:
        return
    said = (done.stdout + done.stderr).strip()
    tail = "\n".join(said.splitlines()[-6:])
    if "No space left" in said:
        raise no_space(ROOT, shutil.disk_usage(ROOT).free)
    if "hash" not in said.lower() and any(word in said.lower() for word in NETWORK_WORDS):
        raise LaunchError(
            f"{what}时无法连接软件包源。请检查网络，或设置 pip 镜像（pip config set global.index-url …）后再试。",
            "The package index cannot be reached. Check the network or set a mirror for pip, then try again.",
            NETWORK,
        )
    raise LaunchError(f"{what}失败。", f"This command failed: {' '.join(command)}\n{tail}", ANY)


def _runs(*command: str) -> bool:
    return PYTHON.exists() and subprocess.run([str(PYTHON), *command], capture_output=True).returncode == 0


def uv() -> str:
    """The installer: in the environment, or on the machine already."""
    own = VENV / "bin" / "uv"
    return str(own) if own.exists() else shutil.which("uv") or str(own)


def make_environment() -> None:
    """A virtual environment with an installer, fresh where there is none that works."""
    if not (_runs("-c", "pass") and (Path(uv()).exists() or _runs("-m", "pip", "--version"))):
        say("创建 Python 虚拟环境", "making the virtual environment")
        shutil.rmtree(VENV, ignore_errors=True)
        _make_venv()
    if not Path(uv()).exists():
        _must([str(PYTHON), "-m", "pip", "install", "-q", "uv~=0.13"], "安装 uv")


def _make_venv() -> None:
    plain = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(plain, capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if install_debian(["python3-venv"]) and subprocess.run(plain, capture_output=True).returncode == 0:
        return
    # Debian keeps venv's pip in a package of its own; the system's pip can put one in.
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([*plain[:3], "--without-pip", str(VENV)], capture_output=True)
    lend = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "-q", "pip"]
    if subprocess.run(lend, capture_output=True).returncode:
        raise LaunchError(
            "这台机器的 Python 不能创建虚拟环境。请管理员安装软件包 python3-venv 后再试。",
            "This Python cannot make virtual environments. Have python3-venv installed, then try again.",
        )


def install_packages() -> None:
    say("安装 Python 软件包", "installing Python packages")
    install = [uv(), "pip", "install", "-q", "--python", str(PYTHON)]
    _must([*install, "--require-hashes", "-r", "requirements-dev.txt"], "安装 Python 软件包")
    _must([*install, "setuptools>=77"], "安装 setuptools")
    _must([*install, "--no-deps", "--no-build-isolation", "-e", "."], "安装本项目")
    if not cluster.servers() or missing({"fonts": TO_RUN["fonts-noto-cjk"]}):
        say("安装备用的数据库程序和中文字体", "installing the server and the fonts from wheels")
        _must([*install, "--require-hashes", "-r", "requirements-server.txt"], "安装数据库程序")


def install_spark() -> None:
    """For the test that runs one job on both engines; without it that test is skipped."""
    install = [
        uv(),
        "pip",
        "install",
        "-q",
        "--python",
        str(PYTHON),
        "--require-hashes",
        "-r",
        "requirements-spark.txt",
    ]
    say("安装 Spark（四百多兆，只有测试要用）", "installing Spark, which only a test needs")
    try:
        done = subprocess.run(install, capture_output=True, cwd=ROOT, timeout=900).returncode == 0
    except subprocess.TimeoutExpired:
        done = False
    if not done:
        say("Spark 没有装上，用到它的测试会跳过。", "Spark could not be installed; its test will be skipped.")


def link_fonts() -> None:
    """Letters are set with the fonts in the data folder, beside the system's own."""
    folder = home() / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for font in VENV.glob("lib/python3*/site-packages/pylopdf_fonts_zh_cn/*.otf"):
        link = folder / font.name
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(font)


def setup(*, tests: bool) -> int:
    check_machine()
    cluster.check_owner()
    install_debian(missing(TO_RUN | to_test() if tests else TO_RUN))
    make_environment()
    install_packages()
    if tests:
        install_spark()
    link_fonts()
    if tests and (absent := missing(TO_TEST | TO_TEST_APART)):
        words = " ".join(absent)
        say(f"没有系统软件包 {words}，用到它们的测试会跳过。", f"tests that need {words} will be skipped")
    say("准备就绪", "ready")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Install what the project needs")
    parser.add_argument("--tests", action="store_true", help="also what tests need")
    tests = parser.parse_args().tests
    return setup(tests=tests)


if __name__ == "__main__":
    sys.exit(guarded(main))
