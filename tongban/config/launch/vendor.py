"""Copy the named files of the locked front-end packages into the folder we serve them from (`make vendor`)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tongban.config.launch.cluster import ROOT
from tongban.config.launch.faults import NETWORK, LaunchError, guarded

SERVED = ROOT / "tongban" / "web" / "static" / "vendor"
POINTER = re.compile(r"\n//# sourceMappingURL=\S+\s*$")


def wanted() -> dict[Path, Path]:
    """Each file in `node_modules` and where it is served from, its version in its name."""
    package = json.loads((ROOT / "package.json").read_text())
    files = {}
    for source, name in package["vendor"].items():
        version = package["dependencies"]["/".join(source.split("/")[: 2 if source.startswith("@") else 1])]
        files[ROOT / "node_modules" / source] = SERVED / name.format(version=version)
    return files


def main() -> int:
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, capture_output=True)
    if done.returncode:
        raise LaunchError(
            "npm 下载前端依赖失败，请检查网络或镜像设置。", "npm could not fetch the front-end packages.", NETWORK
        )
    for source, target in wanted().items():
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, target)
        if target.suffix == ".js":  # a pointer to a source map that is not served stops the collecting of static files
            target.write_text(POINTER.sub("", target.read_text("utf-8")), "utf-8")
        print(f"· {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
