"""The `tongban` command: Django's management commands under the project's own name."""

import os
import sys
from importlib import import_module

from django.core.management import execute_from_command_line

# Commands for machines that have no house to wake: no settings are read, no keys are made, no database is asked.
ALONE = {
    "verify": ("tongban.foundation.credentials.offline", "main"),
    "backup": ("tongban.config.recovery.command", "backup"),
    "restore": ("tongban.config.recovery.command", "restore"),
    "drill": ("tongban.config.recovery.command", "drill"),
    "standby": ("tongban.config.recovery.command", "standby"),
}


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in ALONE:
        module, function = ALONE[sys.argv[1]]
        sys.exit(getattr(import_module(module), function)(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
