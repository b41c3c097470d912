# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig drills`: the nine drills, their rules and the profiles that set them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rig.cli.outputs import json_text, say
from rig.errors import SettingsError
from rig.settings import DRILL_NAMES, SIDED_DRILLS
from rig.thresholds import Thresholds

app = typer.Typer(
    no_args_is_help=True,
    help="The nine Pose drills: what each counts, its rules, and what pressure cannot see.",
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ProfileOption = Annotated[
    str, typer.Option(help="Profile whose thresholds are shown: a name, or a .toml file.")
]


@app.command("list")
def list_drills(as_json: JsonOption = False) -> None:
    """Name the drills and say what each is for."""
    from rig.drills.guide import GUIDE

    if as_json:
        entries = [{"name": n, "title": GUIDE[n].title, "aim": GUIDE[n].aim} for n in DRILL_NAMES]
        typer.echo(json_text({"drills": entries}), nl=False)
        return
    table = Table("drill", "what it is for", box=None)
    for name in DRILL_NAMES:
        table.add_row(f"[bold]{name}[/]", GUIDE[name].aim)
    Console().print(table)


@app.command("show")
def show_drill(
    name: Annotated[str, typer.Argument(help="A drill's name (solerig drills list).")],
    profile: ProfileOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Print a drill's states, its rules with their thresholds, and what cannot be seen of it."""
    from rig.drills.profile import load_profile

    content = drill_content(name, load_profile(profile))
    if as_json:
        typer.echo(json_text(content), nl=False)
    else:
        _print(content, Console())


@app.command("profiles")
def list_profiles() -> None:
    """Name the profiles, and the folder for your own."""
    from rig.drills.profile import load_profile, profile_names, profiles_folder

    for name in profile_names():
        try:
            load_profile(name)
            typer.echo(name)
        except SettingsError as error:
            typer.echo(f"{name}: cannot be used. {error}")
    typer.echo(f"Your own belong into {profiles_folder()}")


def drill_content(name: str, thresholds: Thresholds) -> dict[str, Any]:
    """All that `solerig drills show` says.

    Raises
    ------
    SettingsError
        No drill is called so.
    """
    from rig.drills.engine import DRILLS
    from rig.drills.guide import GUIDE

    guide = next((GUIDE[drill] for drill in DRILL_NAMES if drill == name), None)
    if guide is None:
        raise SettingsError(f'No drill is called "{name}"; choose one of {", ".join(DRILL_NAMES)}.')
    drill = DRILLS[name]
    return {
        "name": name,
        "title": guide.title,
        "aim": guide.aim,
        "counts": guide.counts,
        "one_sided": name in SIDED_DRILLS,
        "profile": thresholds.name,
        "first_state": drill.initial,
        "moves": [
            {"state": m.state, "signal": m.signal, "target": m.target, "counts": m.counts}
            for m in drill.moves
        ],
        "rules": [
            {
                "code": code,
                "broken_when": says,
                "thresholds": {key: getattr(thresholds, key) for key in keys},
                "principle": principle,
            }
            for code, says, keys, principle in guide.rules
        ],
        "not_seen": guide.unseen,
        "insoles": guide.insoles,
        "mat": guide.mat,
    }


def _print(content: dict[str, Any], console: Console) -> None:
    console.print(f"[bold]{content['title']}[/] ({content['name']})", soft_wrap=True)
    console.print(content["aim"], soft_wrap=True)
    console.print(content["counts"], soft_wrap=True)
    console.print(f"\nStates; the first is [bold]{content['first_state']}[/]:")
    for move in content["moves"]:
        counts = "  [green]one repetition[/]" if move["counts"] else ""
        console.print(f"  {move['state']}, {move['signal']}: {move['target']}{counts}")
    say(console, f"\nRules (profile {content['profile']}):")
    for rule in content["rules"]:
        limits = ", ".join(f"{key} {value}" for key, value in rule["thresholds"].items())
        console.print(f"  [bold]{rule['code']}[/]: {rule['broken_when']}", soft_wrap=True)
        console.print(f"      {limits}; principle {rule['principle']}", soft_wrap=True)
    console.print(f"\nPressure does not see {content['not_seen']}", soft_wrap=True)
    console.print(f"Insoles: {content['insoles']}", soft_wrap=True)
    console.print(f"Mats: {content['mat']}", soft_wrap=True)
