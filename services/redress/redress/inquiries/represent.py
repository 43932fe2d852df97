"""Name a representative, or end the representation at once: both are the traveller's alone."""

from starlette.responses import Response

from crossing.kit.problems import InvalidRequest
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.inquiries.checks import of_representative
from redress.inquiries.file_inquiry import access_row
from redress.inquiries.mail import secret_mail
from redress.inquiries.queries import last_access
from redress.inquiries.schemas import RepresentativeIn


async def name_representative(act: Act, case: Case, given: RepresentativeIn) -> Response:
    """Name a representative, in place of any other, who gets a secret by mail.

    Raises ``InvalidRequest`` for one who may not act here, or a consent that does not hold.
    """
    representative = given.model_dump(mode="json")
    errors = list(of_representative(representative, case.content["country"], act.at, ""))
    if errors:
        raise InvalidRequest(errors=errors)
    number = 1 + await last_access(act.connection, case.id)
    step = act.step(case, "grant_consent", content={"representative": {**representative, "access": number}})
    access = access_row(act, case, number, "representative", revision=case.latest.revision + 1)
    return await take(act, case, [step], rows=[access, secret_mail(case.id, number, "representative", act.at)])


async def end_representation(act: Act, case: Case) -> Response:
    """End the representation: the representative's secret opens nothing from now on."""
    representative = case.content.get("representative")
    ended = None
    if representative:
        consent = {**representative["consent"], "revoked_on": act.at.date().isoformat()}
        ended = {**representative, "consent": consent}
    return await take(act, case, [act.step(case, "revoke_consent", content={"representative": ended})])
