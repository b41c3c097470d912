# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in an added drill, told as that drill's own and with the line where they are.

They must look neither like faults of the data nor like faults of Solerig, so what such a drill gives
back is looked at before the engine takes it. The nine are never wrapped: their frames pay nothing.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from inspect import unwrap
from numbers import Real
from pathlib import Path
from types import CodeType
from typing import Any, get_args

from rig.contact.results import HeelTouch
from rig.drills.faults import Cue, Fault
from rig.drills.own import OwnDrill
from rig.drills.repetitions import Repetition
from rig.drills.table import Pulled, PullJudged, Signal
from rig.errors import AnalysisError, SolerigError

_HELD = {"repetition": Repetition, "set_fault": Fault, "cue": Cue, "pull": Pulled}


def guarded(own: OwnDrill, package: str) -> OwnDrill:
    """The drill, with all that it raises or gives back wrongly told as its own mistake."""
    drill = own.drill
    calls = {
        name: _told(getattr(drill, name), name, _failed(drill.name, package))
        for name in _FAULTS
        if getattr(drill, name) is not None
    }
    return replace(own, drill=replace(drill, **calls))


def place_of(error: BaseException, module: str | None) -> str:
    """Where a package's code failed: "heel_raise.py, line 31, in watch"; "" where that is not known.

    The last step that was the package's own is named, not what it called in another.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}"
    top = (module or "").partition(".")[0]
    steps = [
        (frame.f_code.co_filename, line, frame.f_code.co_name)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__", "").partition(".")[0] == top
    ]
    if not top or not steps:
        return ""
    file, line, function = steps[-1]
    within = "" if function == "<module>" else f", in {function}"
    return f"{Path(file).name}, line {line}{within}"


def _failed(drill: str, package: str) -> Callable[[str], AnalysisError]:
    return lambda said: AnalysisError(
        f'The drill "{drill}" of the package {package} failed: {said}. Choose another drill, and '
        "tell its author."
    )


def _told(
    call: Callable[..., Any], name: str, failed: Callable[[str], AnalysisError]
) -> Callable[..., Any]:
    @wraps(call)
    def called(*given: Any) -> Any:
        try:
            result = call(*given)
        except SolerigError:
            raise
        except Exception as error:
            place = place_of(error, getattr(call, "__module__", None)) or _written(call)
            said = f"{type(error).__name__}: {error}".strip(" :.")
            raise failed(f"{said} ({place})" if place else said) from error
        wrong = _FAULTS[name](result)
        if wrong is not None:
            place = _written(call)
            raise failed(f"{name} must return {wrong}" + (f" ({place})" if place else ""))
        return result

    return called


def _written(call: Callable[..., Any]) -> str:
    """Where a function begins; the mistake is in one of its returns, or in what it can be given."""
    code = getattr(unwrap(call), "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    return f"{Path(code.co_filename).name}, line {code.co_firstlineno}, in {code.co_name}"


def _kind(result: object) -> str:
    if result is None:
        return "None"
    name = type(result).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _watch_fault(result: object) -> str | None:
    pair = "(memory, signals), with a list of Signal"
    if not isinstance(result, tuple) or len(result) != 2:
        return f"{pair}; it gave {_kind(result)}"
    signals = result[1]
    if not isinstance(signals, list | tuple) or isinstance(signals, Signal):
        return f"{pair}; its signals are {_kind(signals)}"
    for signal in signals:
        if not isinstance(signal, Signal):
            return f"{pair}; one signal is {_kind(signal)}"
        for key, kind in _HELD.items():
            held = getattr(signal, key)
            if held is not None and not isinstance(held, kind):
                return (
                    f'{pair}; {key} of the signal "{signal.name}" is {_kind(held)}, '
                    f"not a {kind.__name__}"
                )
        if not isinstance(signal.due_s, Real):
            return f'{pair}; due_s of the signal "{signal.name}" is {_kind(signal.due_s)}'
    return None


def _judge_fault(result: object) -> str | None:
    wanted = "what judging.judged gives: (repetition, learnt)"
    if not isinstance(result, tuple) or len(result) != 2:
        return f"{wanted}; it gave {_kind(result)}"
    repetition, learnt = result
    if not isinstance(repetition, Repetition):
        return f"{wanted}; its repetition is {_kind(repetition)}"
    return (
        None if isinstance(learnt, tuple) else f"{wanted}; learnt is {_kind(learnt)}, not a tuple"
    )


def _pull_fault(result: object) -> str | None:
    return None if isinstance(result, PullJudged) else f"a PullJudged; it gave {_kind(result)}"


def _alarm_fault(result: object) -> str | None:
    touches = get_args(HeelTouch)
    if result is None or (isinstance(result, str) and result in touches):
        return None
    said = repr(result) if isinstance(result, str) else _kind(result)
    return f"None or one of {', '.join(touches)}; it gave {said}"


def _set_fault(result: object) -> str | None:
    wanted = "a tuple of Fault, empty where there is none"
    if not isinstance(result, list | tuple):
        return f"{wanted}; it gave {_kind(result)}"
    for one in result:
        if not isinstance(one, Fault):
            return f"{wanted}; one of them is {_kind(one)}"
    return None


def _any_memory(_result: object) -> None:
    """A drill may remember whatever it likes, or nothing: only `watch` and `alarm` can say."""


_FAULTS: dict[str, Callable[[object], str | None]] = {
    "begin": _any_memory,
    "watch": _watch_fault,
    "alarm": _alarm_fault,
    "judge": _judge_fault,
    "judge_pull": _pull_fault,
    "sum_up": _set_fault,
}
