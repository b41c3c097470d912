# SPDX-License-Identifier: GPL-3.0-or-later
"""Where files go when nobody says."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_documents_path


def recordings_folder() -> Path:
    """Recordings are the user's own files, so they live among the documents, easy to find."""
    return user_documents_path() / "Solerig"
