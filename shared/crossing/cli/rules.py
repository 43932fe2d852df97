"""``crossing rules``: check, test, show and compare the rule packs, and build the guidance from them."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from crossing.packs.check import check_packs
from crossing.packs.compare import changes
from crossing.packs.coverage import coverage
from crossing.packs.examples import run_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, load_overlays, load_pack
from crossing.packs.release import check_packs_and_redress
from crossing.packs.terms import load_terms, uses
from crossing.rules import Pack, PackError, RequestError, apply_overlay

rules = typer.Typer(help="The rule packs: check, test, show and compare them.", no_args_is_help=True)


def _packs() -> dict[str, Pack]:
    """Every pack by its country; a pack that does not load ends the command with file, line and cure."""
    try:
        return {country: load_pack(country) for country in COUNTRIES_WITH_PACKS}
    except PackError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(1) from None


Language = Annotated[str, typer.Option(help="en, fr or es")]


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
def release(
    redress: Annotated[
        Path | None,
        typer.Option(help="Folder that `crossing redress export-examples` wrote; its examples are asked for."),
    ] = None,
) -> None:
    """Check whether the packs may be released: whole, and what redress decided passes in them or is answered."""
    if redress and not redress.is_dir():
        typer.echo(f"There is no folder {redress}.", err=True)
        raise typer.Exit(2)
    inspection = check_packs_and_redress(redress)
    for finding in inspection.findings:
        typer.echo(str(finding))
    typer.echo(f"{len(inspection.findings)} findings; the packs may {'not ' if inspection.findings else ''}be released")
    raise typer.Exit(bool(inspection.findings))


@rules.command()
def show(
    requirement: Annotated[str, typer.Argument(help="Id of a requirement, such as US-TN-04.")],
    on: Annotated[str, typer.Option(help="The day whose law is shown.")] = "2026-11-21",
    lang: Language = "en",
) -> None:
    """Show one requirement as it stands on a day."""
    for pack in _packs().values():
        found = pack.on(on).requirement(requirement)
        if found:
            typer.echo(f"{found.id} ({found.kind}, {'verified' if found.verified else 'unverified'})")
            typer.echo(found.text[lang])
            typer.echo(found.citation[lang])
            if found.cure:
                typer.echo(found.cure[lang])
            raise typer.Exit(0)
    typer.echo(f"No requirement {requirement} is in force on {on}.")
    raise typer.Exit(1)


@rules.command("coverage")
def show_coverage() -> None:
    """Show whether the examples decide every requirement both ways and show each class from every side."""
    _packs()
    report = run_examples()
    found = coverage(report)
    for gap in found.gaps:
        typer.echo(gap)
    typer.echo(
        f"{found.decided_both_ways} of {found.requirements} requirements decided both ways by {report.run} examples,"
        f" {found.classes} classes, {len(found.gaps)} gaps"
    )
    raise typer.Exit(bool(found.gaps))


@rules.command()
def freshness() -> None:
    """List each requirement with its sources and whether it was verified; fails where one has no source."""
    counts: Counter[str] = Counter()
    for pack in _packs().values():
        content = pack.content
        sources = content["pack"]["sources"]
        for raw in content["requirements"]:
            named = raw.get("source", [])
            counts["requirements"] += 1
            counts["verified" if raw["verified"] else "unverified"] += 1
            counts["without a source"] += not named
            titles = "; ".join(f"{each}: {sources[each]['title']}" for each in named) or "NO SOURCE"
            typer.echo(f"{raw['id']}  {'verified' if raw['verified'] else 'unverified'}  {titles}")
            if not raw["verified"]:
                typer.echo(f"    {raw['unverified_note']}")
    keys = ("requirements", "verified", "unverified", "without a source")
    typer.echo(", ".join(f"{counts[key]} {key}" for key in keys))
    raise typer.Exit(bool(counts["without a source"]))


@rules.command()
def terms() -> None:
    """List the official French terms with sources and marks, how often the packs use them, and where they do not."""
    found = [each for pack in _packs().values() for each in uses(pack.content)]
    counts = Counter(term.id for _, term, _ in found)
    for term in sorted(load_terms(), key=lambda term: term.en.lower()):
        mark = "" if term.verified else "  UNVERIFIED"
        typer.echo(f"{term.en} = {term.fr[0]}  [{term.basis} {term.ref}]  {counts[term.id]} uses{mark}")
    misuses = [(where, term) for where, term, is_official in found if not is_official]
    for where, term in misuses:
        typer.echo(f"{'/'.join(map(str, where))}: {term.en!r} without {term.fr[0]!r}")
    unverified = sum(not term.verified for term in load_terms())
    counted = f"{len(load_terms())} terms, {unverified} unverified, {len(found)} uses"
    typer.echo(f"{counted}, {len(misuses)} without the official French")
    raise typer.Exit(bool(misuses))


@rules.command()
def diff(
    first: Annotated[str, typer.Option("--from", help="The earlier day.")],
    second: Annotated[str, typer.Option("--to", help="The later day.")],
    overlay: Annotated[list[str] | None, typer.Option(help="Overlays that hold on the later day.")] = None,
    into: Annotated[str | None, typer.Option(help="Only this country: US or CA.")] = None,
    lang: Language = "en",
) -> None:
    """Show in words what changed in the law between two days, or by an overlay."""
    overlays, count = load_overlays(), 0
    chosen = [overlays[name] for name in overlay or () if name in overlays]
    if len(chosen) < len(overlay or ()):
        typer.echo(f"The overlays are {', '.join(overlays) or 'none'}.", err=True)
        raise typer.Exit(2)
    countries = [into] if into else list(dict.fromkeys(each["into"] for each in chosen)) or list(COUNTRIES_WITH_PACKS)
    try:
        for country in countries:
            before = after = _packs()[country]
            for each in chosen:
                after = apply_overlay(after, each, second)
            for change in changes(before, first, after, second):
                count += 1
                typer.echo(f"{change.id} {change.how[lang]}")
    except (RequestError, KeyError) as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{count} changes from {first} to {second}")


@rules.command()
def guide(
    out: Annotated[Path, typer.Option(help="The folder it is written to.")] = Path("var/guidance"),
    on: Annotated[str | None, typer.Option(help="The day whose law is shown; today when left out.")] = None,
) -> None:
    """Build the guidance as a static site: classes, requirements, evidence, examples, history, and a search."""
    from crossing.guide.site import write_site
    from crossing.kit.clock import system_clock

    written = write_site(out, on or system_clock().date().isoformat())
    typer.echo(f"{written} files written to {out}; open {out}/en/index.html")
