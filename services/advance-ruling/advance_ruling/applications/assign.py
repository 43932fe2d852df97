"""Assign an application to an adjudicator, who takes it or is given it."""

from starlette.responses import Response

from advance_ruling.applications.act import Act, take
from advance_ruling.applications.step_schemas import AssignmentIn
from advance_ruling.steps import Application
from crossing.casework.steps import Step
from crossing.rulings.procedure import load_procedure


async def assign(act: Act, application: Application, assignment: AssignmentIn) -> Response:
    """Assign; an application that waits for a first look is complete with that.

    Raises ``StepNotReady`` for an adjudicator who does not decide this class, or took part in the case before, or has
    an interest in it, and ``IllegalStep`` where there is nothing to assign.
    """
    subject = assignment.to or act.caller.subject
    class_id = application.opened.class_id
    listed = act.state.settings.adjudicator_classes.get(subject, [class_id])
    detail = {"adjudicator": {"subject": subject, "classes": listed}}
    content = {"adjudicator": subject, "second_reading": None, "denial_draft": None}
    again = load_procedure().transition(application.state, "reassign") is not None
    step = Step("reassign" if again else "assign", "system", act.caller.subject, act.at, content, detail)
    looked_at = load_procedure().transition(application.state, "check_ok") is not None
    first = [Step("check_ok", "system", act.caller.subject, act.at)] if looked_at else []
    return await take(act, application, [*first, step])
