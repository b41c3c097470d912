# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m rig` is `solerig`."""

from rig.cli.__main__ import main

if __name__ == "__main__":
    main()
