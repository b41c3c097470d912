# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors that a person must mend. Loss on the wire is counted instead, never raised."""


class SolerigError(Exception):
    """What went wrong, where, and what to do now, in words a clinician understands.

    The command line prints the message alone (exit code 2) and the dashboard shows it in its
    message bar, so it must make sense without a traceback.
    """


class LinkError(SolerigError):
    """The board, its port or its firmware cannot be used as they are."""


class RecordingError(SolerigError):
    """A recording cannot be opened, or cannot be written where it was asked for."""


class SettingsError(SolerigError):
    """A setting, a layout or a file of settings says something that cannot be."""


class AnalysisError(SolerigError):
    """The data taken do not allow the result that was asked for."""
