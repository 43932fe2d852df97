"""Who may see an application, and as whom they act in it."""

from advance_ruling.settings import AdvanceRulingSettings
from advance_ruling.steps import Application
from crossing.casework.problems import NotYourStep
from crossing.kit.identity import Caller, Role
from crossing.kit.problems import NotFound
from crossing.rulings.procedure import load_procedure


def classes_of(settings: AdvanceRulingSettings, caller: Caller, class_id: str) -> list[str]:
    """The classes that an adjudicator decides, as far as ``class_id`` goes: those the settings list; all when none."""
    return settings.adjudicator_classes.get(caller.subject, [class_id])


def may_act_at_desk(settings: AdvanceRulingSettings, caller: Caller, class_id: str) -> bool:
    """Whether the caller is an adjudicator for a class."""
    return Role.ADJUDICATOR in caller.roles and class_id in classes_of(settings, caller, class_id)


def require_seen(settings: AdvanceRulingSettings, caller: Caller, application: Application) -> bool:
    """Whether the caller sees an application from the desk, not as its owner; raises ``NotFound`` for anybody else.

    A draft is its owner's alone; what was submitted is seen by every adjudicator of its class.
    """
    if is_owner(caller, application):
        return False
    was_sent = any(row.event == "submit" for row in application.history)
    if not was_sent or not may_act_at_desk(settings, caller, application.opened.class_id):
        raise NotFound
    return True


def is_owner(caller: Caller, application: Application) -> bool:
    """Whether the caller opened the file."""
    return bool(Role.APPLICANT in caller.roles and application.file.created_by == caller.subject)


def party_of(application: Application, event: str) -> str:
    """As whom the owner acts; raises ``NotYourStep`` when the traveller's consent does not cover what is done."""
    party: str = application.file.party
    consent = application.content.get("consent")
    if party != "agent" or event == "save" or (event == "submit" and not consent):  # the procedure asks for it then
        return party
    scope = consent["scope"] if consent else ()
    if not any(event in load_procedure().content["consent_scopes"][each] for each in scope):
        raise NotYourStep(
            {
                "en": "The traveller’s consent does not cover this.",
                "fr": "Le consentement du voyageur ne vise pas cette étape.",
                "es": "El consentimiento del viajero no abarca este paso.",
            }
        )
    return party
