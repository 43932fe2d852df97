"""``crossing determine``: the stateless main job, from a file."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

_COLOURS = {"met": "green", "not_met": "red", "unknown": "yellow", "judgement": "blue"}


def determine_file(
    file: Annotated[
        Path, typer.Argument(help="A case as JSON, as POST /v1/determinations takes it; - reads standard input.")
    ],
    format: Annotated[str, typer.Option(help="text or json")] = "text",
    lang: Annotated[str, typer.Option(help="en, fr or es")] = "en",
) -> None:
    """Determine a case from a file. Exits 0 whatever the determination is, 2 when the case cannot be determined."""
    from pydantic import ValidationError

    from crossing.desk.case import DeterminationIn
    from crossing.desk.lawbook import Lawbook
    from crossing.desk.make_determination import make_determination, stated_facts
    from crossing.kit.problems import Problem, field_errors
    from crossing.kit.strict_json import parse
    from crossing.rules import tell

    try:
        raw = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
        case = DeterminationIn.model_validate(parse(raw))
        determination = make_determination(
            Lawbook(),
            case.into,
            case.on,
            seeking=case.seeking,
            overlays=case.overlays,
            facts=stated_facts(case),
            findings=case.findings,
        )
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    except ValidationError as error:
        for each in field_errors(error.errors()):
            typer.echo(f"{each.pointer} {each.texts[lang]}", err=True)
        raise typer.Exit(2) from None
    except Problem as problem:
        typer.echo(json.dumps(problem.document(lang), ensure_ascii=False, indent=2), err=True)
        raise typer.Exit(2) from None
    answer = tell(determination, lang, only_leading=not case.seeking)
    if format == "json":
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print(answer)


def _print(answer: dict[str, Any]) -> None:
    console = Console()
    for each in answer["classes"]:
        table = Table(title=f"{each['class']} — {each['title']}: {each['status']}", title_justify="left")
        for column in ("requirement", "status", "text, citation, reason"):
            table.add_column(column)
        for part in each["requirements"]:
            mark = "" if part["verified"] else " (unverified)"
            told = f"{part['text']}\n[dim]{part['citation']}{mark}[/dim]\n{part['reason']}"
            table.add_row(part["id"], f"[{_COLOURS[part['status']]}]{part['status']}[/]", told)
        console.print(table)
        console.print(each["because"])
        if each["grants"]:
            fees = ", ".join(f"{fee['amount']} {fee['currency']}" for fee in each["grants"]["fees"])
            console.print(f"Grants {each['grants']['class']} until {each['grants']['until']}; fees: {fees or 'none'}")
    for question in answer["next_questions"]:
        console.print(f"? {question['question']} [dim]({question['fact']})[/dim]")
    advice = answer["recommended"]
    pack = answer["pack"]
    console.print(f"{answer['outcome']}: {advice['action']} in {advice['class']} by {pack['id']} {pack['version']}")
