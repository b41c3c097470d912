# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig drills`: the drills that there are, their rules and the profiles that set them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from rig.cli.outputs import json_text, say
from rig.errors import SettingsError

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
    from rig.drills.describe import drill_entry
    from rig.drills.registry import added_drills, drill_names

    added = added_drills()
    entries = [drill_entry(name) for name in drill_names()]
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


@app.command("show")
def show_drill(
    name: Annotated[
        str, typer.Argument(help="A drill's name (solerig drills list).", show_default=False)
    ] = "",
    profile: ProfileOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Print a drill's states, its rules with their thresholds, and what cannot be seen of it."""
    from rig.drills.describe import drill_content
    from rig.drills.profile import load_profile

    if not name:
        raise SettingsError("Which drill? Choose one: solerig drills list")
    content = drill_content(name, load_profile(profile))
    if as_json:
        typer.echo(json_text(content), nl=False)
    else:
        _print(content, Console())


@app.command("profiles")
def profiles(
    copy: Annotated[
        str | None,
        typer.Option(metavar="PROFILE", help="Begin a profile of your own with this one."),
    ] = None,
    called: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="What the copy is called.")
    ] = None,
) -> None:
    """Name the profiles, and the folder for your own; or copy one into it, to be edited."""
    from rig.drills.profile import COPY_COMMAND, copy_profile

    if copy is not None and called is not None:
        path = copy_profile(copy, called)
        typer.echo(f"{path}: a copy of {copy}. Edit it, then use it with --profile {path.stem}")
    elif copy is not None or called is not None:
        raise SettingsError(f"--copy and --as belong together: {COPY_COMMAND}")
    else:
        _list_profiles()


def _list_profiles() -> None:
    from rig.drills.profile import (
        COPY_COMMAND,
        load_profile,
        profile_names,
        profiles_folder,
        taken_names,
    )

    for name in profile_names():
        try:
            load_profile(name)
            typer.echo(name)
        except SettingsError as error:
            typer.echo(f"{name}: cannot be used. {error}")
    for name in taken_names():
        typer.echo(f"{name}.toml: this name is one of ours, so yours is not read; rename it.")
    typer.echo(f"Your own belong into {profiles_folder()}")
    typer.echo(f"To begin one: {COPY_COMMAND}")


def _print(content: dict[str, Any], console: Console) -> None:
    from rig.drills.describe import set_words

    console.print(f"[bold]{escape(content['title'])}[/] ({content['name']})", soft_wrap=True)
    if content["package"]:
        say(console, f"Added by the package {content['package']}.")
    say(console, content["aim"])
    say(console, content["counts"])
    say(console, set_words(content["set"]))
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
        for key, source in rule["sources"].items():
            say(console, f"      {key}: {source}")
    if content["numbers"]:
        console.print("\nFurther numbers:")
    for number in content["numbers"]:
        source = f" ({number['source']})" if number["source"] else ""
        say(console, f"  {number['says']}: {number['value']}{source}")
    say(console, "Numbers without a source are design choices.")
    say(console, f"\n{content['told']}")
    say(console, f"\nPressure does not see {content['not_seen']}")
    say(console, f"Insoles: {content['insoles']}")
    say(console, f"Mats: {content['mat']}")
