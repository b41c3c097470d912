# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig drills`: the drills that there are, their rules and the profiles that set them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from rig.cli.outputs import json_text, say
from rig.errors import SettingsError
from rig.thresholds import Thresholds

app = typer.Typer(
    no_args_is_help=True,
    help="The nine Pose drills and added ones: what each counts, its rules, what is not seen.",
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
ProfileOption = Annotated[
    str, typer.Option(help="Profile whose thresholds are shown: a name, or a .toml file.")
]


@app.command("list")
def list_drills(as_json: JsonOption = False) -> None:
    """Name the drills and say what each is for."""
    from rig.drills.registry import added_drills, drill_names

    added = added_drills()
    entries = [_entry(name) for name in drill_names()]
    problems = list(added.problems.values())
    if as_json:
        typer.echo(json_text({"drills": entries, "problems": problems}), nl=False)
        return
    table = Table("drill", "what it is for", box=None)
    for entry in entries:
        package = f" (added by {entry['package']})" if entry["package"] else ""
        table.add_row(Text(entry["name"], "bold"), Text(entry["aim"] + package))
    Console().print(table)
    for problem in problems:
        say(Console(), f" {problem}", before="Note:", style="yellow")


def _entry(name: str) -> dict[str, Any]:
    """`package` is None for the nine."""
    from rig.drills.registry import added_drills, find_guide

    guide, added = find_guide(name), added_drills().drills.get(name)
    package = None if added is None else added.package
    return {"name": name, "title": guide.title, "aim": guide.aim, "package": package}


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
    from rig.drills.programme import cautions
    from rig.drills.registry import added_drill, find_drill, find_guide, is_one_sided
    from rig.drills.set_plan import usual_plan

    plan = usual_plan(name, thresholds)
    guide, drill, own = find_guide(name), find_drill(name), added_drill(name)
    limits = asdict(thresholds)
    if own is not None:
        limits |= thresholds.of(name, own.thresholds)
    return {
        **_entry(name),
        "counts": guide.counts,
        "one_sided": is_one_sided(name),
        "profile": thresholds.name,
        "set": {"sets": plan.sets, "target": plan.target, "unit": plan.counts},
        "cautions": list(cautions(name)),
        "first_state": drill.initial,
        "moves": [
            {"state": m.state, "signal": m.signal, "target": m.target, "counts": m.counts}
            for m in drill.moves
        ],
        "rules": [
            {
                "code": code,
                "broken_when": says,
                "thresholds": {key: limits[key] for key in keys},
                "principle": principle,
            }
            for code, says, keys, principle in guide.rules
        ],
        "not_seen": guide.unseen,
        "insoles": guide.insoles,
        "mat": guide.mat,
    }


def _set_words(plan: dict[str, Any]) -> str:
    if plan["unit"] == "hold a leg":
        return f"One set of {plan['target']} holds a leg."
    return f"{plan['sets']} sets of {plan['target']}, one a {plan['unit']}."


def _print(content: dict[str, Any], console: Console) -> None:
    console.print(f"[bold]{escape(content['title'])}[/] ({content['name']})", soft_wrap=True)
    if content["package"]:
        say(console, f"Added by the package {content['package']}.")
    say(console, content["aim"])
    say(console, content["counts"])
    say(console, _set_words(content["set"]))
    for caution in content["cautions"]:
        say(console, f" {caution}", before="Caution:", style="yellow")
    console.print(f"\nStates; the first is [bold]{content['first_state']}[/]:")
    for move in content["moves"]:
        counts = "  [green]one repetition[/]" if move["counts"] else ""
        row = escape(f"{move['state']}, {move['signal']}: {move['target']}")
        console.print(f"  {row}{counts}")
    say(console, f"\nRules (profile {content['profile']}):")
    for rule in content["rules"]:
        limits = ", ".join(f"{key} {value}" for key, value in rule["thresholds"].items())
        says = escape(f": {rule['broken_when']}")
        console.print(f"  [bold]{escape(rule['code'])}[/]{says}", soft_wrap=True)
        say(console, f"      {limits}; principle {rule['principle']}")
    say(console, f"\nPressure does not see {content['not_seen']}")
    say(console, f"Insoles: {content['insoles']}")
    say(console, f"Mats: {content['mat']}")
