# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig template`: where the sensors go, to print at full size."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rig.cli.options import ForceOption
from rig.cli.outputs import refuse_existing_file, say
from rig.errors import SettingsError


def template(
    size: Annotated[float, typer.Option(help="EU shoe size, 35 to 48.")],
    out: Annotated[Path, typer.Option(help="File to write, .svg or .pdf.")],
    force: ForceOption = False,
) -> None:
    """Write the sensor template of a pair of insoles at full size, to print at 100 %."""
    from rig.layout.template import insole_template
    from rig.layout.template_pdf import pdf_bytes
    from rig.layout.template_svg import svg_text

    ending = out.suffix.lower()
    if ending not in (".svg", ".pdf"):
        raise SettingsError(f"{out} must end in .svg or .pdf; choose one of them.")
    refuse_existing_file(out, force=force)
    drawn = insole_template(size)
    content = pdf_bytes(drawn.pages) if ending == ".pdf" else svg_text(drawn.sheet).encode()
    _make_folder(out.parent)
    draft = out.with_name(f".{out.name}.part")
    draft.write_bytes(content)
    draft.replace(out)
    pages = f"{len(drawn.pages)} A4 pages" if ending == ".pdf" else "one sheet"
    say(
        Console(stderr=True),
        f"{out}: EU {size:g}, {pages}. Print at 100 % and lay a ruler on the printed 100 mm.",
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be made ({error.strerror}); choose another --out."
        ) from error
