"""The store's command line: `python -m core.store backup | restore FILE`.

The store is the one that the app uses: `ASHORE_DATABASE_URL`, or the file in `ASHORE_DATA_DIR`. Exit status: 0 where
all went well, 2 where not (the message stands on standard error, in Chinese and in English).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.store.backup import back_up, put_back
from core.store.documents import Store
from core.store.errors import StoreError

FAILED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="python -m core.store", description="Ashore · 上岸: backups of the store.")
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser("backup", help="write all that is kept to a new file · 备份")
    restore = commands.add_parser("restore", help="fill an empty store from a backup · 恢复")
    for command in (backup, restore):
        command.add_argument("path", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        with Store.open() as store:
            counts = (back_up if options.command == "backup" else put_back)(store, options.path)
    except StoreError as error:
        print(error, file=sys.stderr)
        return FAILED
    zh, en = ("已备份", "backed up") if options.command == "backup" else ("已恢复", "restored")
    rows = ", ".join(f"{name} {count}" for name, count in counts.items())
    print(f"{zh} · {en}: {options.path} ({rows})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
