# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry point: runs a command and turns every mistake into one sentence and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence

from typer.exceptions import Abort, Exit, TyperException

from rig.cli.app import app
from rig.errors import SolerigError

OWN_FAULT = 70
MISUSE = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and exit.

    Exit codes: 0 done, 1 a check found something, 2 misuse or unusable input, 70 a fault of ours,
    130 interrupted.
    """
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """As `main`, but gives the exit code back."""
    try:
        code = app(args=arguments, standalone_mode=False)
    except Exit as wanted:
        return wanted.exit_code
    except TyperException as mistake:
        sentence = mistake.format_message()
        return _refuse(sentence) if sentence else MISUSE
    except SolerigError as mistake:
        return _refuse(str(mistake))
    except (Abort, KeyboardInterrupt):
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader (head, less) went away: nothing to say, and nothing left to flush to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as trouble:
        return _refuse(_in_words(trouble))
    except Exception:
        return _own_fault()
    return code if isinstance(code, int) else 0


def _refuse(sentence: str) -> int:
    print(f"solerig: {' '.join(sentence.split())}", file=sys.stderr)
    return MISUSE


def _own_fault() -> int:
    """A defect of Solerig: one sentence for the person, everything else in a file for us."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="solerig-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        report.write(traceback.format_exc())
    print(
        f"solerig: something went wrong inside Solerig; please send us {report.name}. What was "
        "recorded is kept.",
        file=sys.stderr,
    )
    return OWN_FAULT


def _in_words(trouble: OSError) -> str:
    where = f"{trouble.filename}: " if trouble.filename else ""
    return f"{where}{trouble.strerror or trouble}; nothing that was already taken is lost."


if __name__ == "__main__":
    main()
