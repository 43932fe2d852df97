"""``crossing rules``: check, test and show the rule packs."""

from typing import Annotated

import typer

from crossing.packs.check import check_packs
from crossing.packs.examples import run_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, load_pack

rules = typer.Typer(help="The rule packs: check, test and show them.", no_args_is_help=True)


@rules.command()
def check() -> None:
    """Check that the packs are whole; each finding names file, line and cure."""
    inspection = check_packs()
    for finding in inspection.findings:
        typer.echo(str(finding))
    counts = ", ".join(f"{count} {name}" for name, count in inspection.counts.items())
    typer.echo(f"{len(inspection.findings)} findings; {counts}")
    raise typer.Exit(bool(inspection.findings))


@rules.command("test")
def run_worked_cases(
    only: Annotated[str | None, typer.Argument(help="Run the examples whose id begins so.")] = None,
) -> None:
    """Run the worked examples and show the difference for each that fails."""
    report = run_examples(only)
    for name, differences in report.differences.items():
        typer.echo(name)
        for difference in differences:
            typer.echo(f"    {difference}")
    typer.echo(f"{report.run} worked examples, {len(report.differences)} failing")
    raise typer.Exit(bool(report.differences) or not report.run)


@rules.command()
def show(
    requirement: Annotated[str, typer.Argument(help="Id of a requirement, such as US-TN-04.")],
    on: Annotated[str, typer.Option(help="The day whose law is shown.")] = "2026-11-21",
    lang: Annotated[str, typer.Option(help="en, fr or es")] = "en",
) -> None:
    """Show one requirement as it stands on a day."""
    for country in COUNTRIES_WITH_PACKS:
        found = load_pack(country).on(on).requirement(requirement)
        if found:
            typer.echo(f"{found.id} ({found.kind}, {'verified' if found.verified else 'unverified'})")
            typer.echo(found.text[lang])
            typer.echo(found.citation[lang])
            if found.cure:
                typer.echo(found.cure[lang])
            raise typer.Exit(0)
    typer.echo(f"No requirement {requirement} is in force on {on}.")
    raise typer.Exit(1)
