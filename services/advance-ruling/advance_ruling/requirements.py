"""What a step needs besides its state and its party, by the names the procedure gives. Pure: no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from crossing.kit.problems import Texts
from crossing.rulings.procedure import Procedure, duration


@dataclass(frozen=True)
class Moment:
    """A step about to be taken: by whom, when, with what, after which earlier steps.

    ``before`` is the case file as it stands, ``content`` as it would be after the step; ``entered`` is the number of
    the step, from 1, that led to the state it stands in.
    """

    procedure: Procedure
    event: str
    party: str
    actor: str
    at: datetime
    state: str
    entered_at: datetime
    before: Mapping[str, Any]
    content: Mapping[str, Any]
    detail: Mapping[str, Any]
    events: tuple[str, ...]
    entered: int


@dataclass(frozen=True)
class Requirement:
    """A check and what to say when it does not hold."""

    holds: Callable[[Moment], bool]
    otherwise: Texts


def _day_reached(name: str) -> Callable[[Moment], bool]:
    return lambda moment: moment.at >= datetime.fromisoformat(str(moment.content[name]))


def _cites_rules(moment: Moment) -> bool:
    listed = [*moment.detail.get("items", ()), *moment.detail.get("reasons", ()), *moment.detail.get("questions", ())]
    return bool(listed) and all(each.get("requirement") for each in listed)


def _is_competent(moment: Moment) -> bool:
    return moment.content["class_id"] in moment.detail["adjudicator"]["classes"]


def _has_no_conflict(moment: Moment) -> bool:
    given: Mapping[str, Any] = moment.detail.get("adjudicator", {"subject": moment.actor})
    return given["subject"] not in moment.content.get("conflicts", ())


def _asked_before(moment: Moment) -> bool:
    asked = {(each["requirement"], each["text"]) for each in moment.before.get("questions", ())}
    return any((each["requirement"], each["text"]) in asked for each in moment.detail["questions"])


def _second_reader_agrees(moment: Moment) -> bool:
    reading = moment.content.get("second_reading") or {}
    return bool(reading.get("agrees")) and reading.get("by") != moment.content.get("adjudicator")


def _precedents_answered(moment: Moment) -> bool:
    answered = {each["number"] for each in moment.content.get("precedents_answered", ())}
    searched = moment.detail.get("precedents")
    return searched is not None and set(searched) <= answered


def _commenting_ends(moment: Moment) -> datetime:
    return moment.entered_at + moment.procedure.states[moment.state].within("comment_within")


REQUIREMENTS: Final[Mapping[str, Requirement]] = {
    "statement_of_truth": Requirement(
        lambda moment: bool(moment.detail.get("statement_of_truth")),
        {
            "en": "The statement that the application is true and complete is missing.",
            "fr": "Il manque la déclaration que la demande est véridique et complète.",
            "es": "Falta la declaración de que la solicitud es veraz y completa.",
        },
    ),
    "consent_of_applicant": Requirement(
        lambda moment: moment.party != "agent" or bool(moment.content.get("consent")),
        {
            "en": "A representative needs the applicant’s recorded consent.",
            "fr": "Le consentement du demandeur à être représenté doit être consigné.",
            "es": "Un representante necesita el consentimiento registrado del solicitante.",
        },
    ),
    "items_cite_rules": Requirement(
        _cites_rules,
        {
            "en": "Each missing item must cite the requirement that asks for it.",
            "fr": "Chaque élément manquant doit citer l’exigence qui le demande.",
            "es": "Cada elemento que falta debe citar el requisito que lo pide.",
        },
    ),
    "competent": Requirement(
        _is_competent,
        {
            "en": "The adjudicator does not decide cases of this class.",
            "fr": "L’agent ne tranche pas les dossiers de cette catégorie.",
            "es": "El funcionario no decide casos de esta clase.",
        },
    ),
    "no_conflict": Requirement(
        _has_no_conflict,
        {
            "en": "The adjudicator took part in this case before or has an interest in it.",
            "fr": "L’agent a déjà pris part à ce dossier ou y a un intérêt.",
            "es": "El funcionario ya participó en este caso o tiene interés en él.",
        },
    ),
    "assigned_adjudicator": Requirement(
        lambda moment: moment.content.get("adjudicator") == moment.actor,
        {
            "en": "Only the adjudicator to whom the case is assigned may do this.",
            "fr": "Seul l’agent à qui le dossier est confié peut le faire.",
            "es": "Solo puede hacerlo el funcionario a quien se asignó el caso.",
        },
    ),
    "not_the_adjudicator": Requirement(
        lambda moment: moment.content.get("adjudicator") != moment.actor,
        {
            "en": "The second reader must be another person than the adjudicator.",
            "fr": "Le second lecteur doit être une autre personne que l’agent chargé du dossier.",
            "es": "El segundo lector debe ser otra persona que el funcionario del caso.",
        },
    ),
    "question_cites_rule": Requirement(
        _cites_rules,
        {
            "en": "A question must cite the requirement that it tests.",
            "fr": "Une question doit citer l’exigence qu’elle vérifie.",
            "es": "Una pregunta debe citar el requisito que comprueba.",
        },
    ),
    "not_asked_before": Requirement(
        lambda moment: not _asked_before(moment),
        {
            "en": "This was asked before; decide on the answer given.",
            "fr": "Cette question a déjà été posée; décidez selon la réponse donnée.",
            "es": "Esto ya se preguntó; decida según la respuesta dada.",
        },
    ),
    "not_asked_too_often": Requirement(
        lambda moment: moment.events.count("ask") < moment.procedure.states["evidence_requested"].rules["times"],
        {
            "en": "Evidence was requested as often as allowed; decide on the file.",
            "fr": "Les preuves ont été demandées autant de fois que permis; décidez selon le dossier.",
            "es": "Ya se pidieron pruebas tantas veces como se permite; decida según el expediente.",
        },
    ),
    "qualifies_with_findings": Requirement(
        lambda moment: moment.detail.get("outcome") == "qualifies",
        {
            "en": "With these facts and findings the case does not qualify; record the findings or propose a denial.",
            "fr": "Selon ces faits et constatations, le dossier ne satisfait pas; consignez-les ou proposez un refus.",
            "es": "Con estos hechos y conclusiones el caso no cumple; regístrelas o proponga una denegación.",
        },
    ),
    "precedents_answered": Requirement(
        _precedents_answered,
        {
            "en": "Rulings on an equal pattern of facts must each be cited or distinguished.",
            "fr": "Chaque décision portant sur des faits semblables doit être citée ou distinguée.",
            "es": "Cada resolución sobre hechos iguales debe citarse o distinguirse.",
        },
    ),
    "second_reader_agrees": Requirement(
        _second_reader_agrees,
        {
            "en": "A denial needs a second reader who agrees.",
            "fr": "Un refus exige l’accord d’un second lecteur.",
            "es": "Una denegación necesita el acuerdo de un segundo lector.",
        },
    ),
    "reasons_cite_rules": Requirement(
        _cites_rules,
        {
            "en": "Each reason must cite the requirement that it is about.",
            "fr": "Chaque motif doit citer l’exigence sur laquelle il porte.",
            "es": "Cada motivo debe citar el requisito al que se refiere.",
        },
    ),
    "first_answer": Requirement(
        lambda moment: moment.before.get("answered_denials", 0) == 0,
        {
            "en": "The proposed denial was answered once already.",
            "fr": "Une réponse au refus projeté a déjà été donnée.",
            "es": "La denegación propuesta ya fue contestada una vez.",
        },
    ),
    "answer_heard": Requirement(
        lambda moment: moment.party == "clock" or moment.content.get("answered_denials", 0) > 0,
        {
            "en": "The applicant may still answer; the denial is confirmed when the time to answer is over.",
            "fr": "Le demandeur peut encore répondre; le refus est confirmé à la fin du délai de réponse.",
            "es": "El solicitante aún puede responder; la denegación se confirma al terminar el plazo para responder.",
        },
    ),
    "effective_day_reached": Requirement(
        _day_reached("effective_from"),
        {
            "en": "The day from which it has effect is still to come.",
            "fr": "Le jour de sa prise d’effet n’est pas arrivé.",
            "es": "Aún no llega el día en que surte efecto.",
        },
    ),
    "within_review_period": Requirement(
        lambda moment: moment.at <= moment.entered_at + moment.procedure.states[moment.state].within("review_within"),
        {
            "en": "The time to ask for a review is over; a new application is possible at any time.",
            "fr": "Le délai pour demander une révision est écoulé; une nouvelle demande est possible en tout temps.",
            "es": "El plazo para pedir una revisión terminó; puede presentarse otra solicitud en cualquier momento.",
        },
    ),
    "younger_than_notice_age": Requirement(
        lambda moment: (
            moment.at
            < datetime.fromisoformat(moment.content["issued_at"])
            + duration(moment.procedure.content["short_change_age"])
        ),
        {
            "en": "The ruling is too old to be changed by letter; propose the change.",
            "fr": "La décision est trop ancienne pour être modifiée par lettre; proposez la modification.",
            "es": "La resolución es demasiado antigua para cambiarla por carta; proponga el cambio.",
        },
    ),
    "letter_sent": Requirement(
        lambda moment: bool(moment.detail.get("letter_sent_on")),
        {
            "en": "The day on which the letter went to the holder is missing.",
            "fr": "Il manque le jour d’envoi de la lettre au titulaire.",
            "es": "Falta el día en que se envió la carta al titular.",
        },
    ),
    "falsehood_proven": Requirement(
        lambda moment: bool(moment.detail.get("document")),
        {
            "en": "Name the document that shows the information to be false or misleading.",
            "fr": "Nommez le document qui montre que l’information est fausse ou trompeuse.",
            "es": "Nombre el documento que muestra que la información es falsa o engañosa.",
        },
    ),
    "holder_heard": Requirement(
        lambda moment: bool(moment.detail.get("heard_on")),
        {
            "en": "The holder must be heard first: name the day.",
            "fr": "Le titulaire doit d’abord être entendu : indiquez le jour.",
            "es": "Primero debe oírse al titular: indique el día.",
        },
    ),
    "new_ruling_issued": Requirement(
        lambda moment: bool(moment.detail.get("replaced_by")),
        {
            "en": "The new ruling that replaces it is missing.",
            "fr": "Il manque la nouvelle décision qui la remplace.",
            "es": "Falta la nueva resolución que la reemplaza.",
        },
    ),
    "validity_over": Requirement(
        lambda moment: moment.at >= moment.procedure.day_over(str(moment.content["valid_until"])),
        {
            "en": "The ruling is still valid.",
            "fr": "La décision est encore valide.",
            "es": "La resolución sigue vigente.",
        },
    ),
    "reliance_shown": Requirement(
        lambda moment: bool(moment.detail.get("reliance")),
        {
            "en": "Say how the holder relied on the ruling in good faith.",
            "fr": "Indiquez comment le titulaire s’est fié de bonne foi à la décision.",
            "es": "Indique cómo el titular confió de buena fe en la resolución.",
        },
    ),
    "within_comment_period": Requirement(
        lambda moment: moment.at < _commenting_ends(moment),
        {
            "en": "The time for comments on the proposal is over.",
            "fr": "La période de commentaires sur la proposition est terminée.",
            "es": "El plazo para comentar la propuesta terminó.",
        },
    ),
    "comment_period_over": Requirement(
        lambda moment: moment.at >= _commenting_ends(moment),
        {
            "en": "The proposal is still open to comments.",
            "fr": "La proposition peut encore être commentée.",
            "es": "La propuesta aún admite comentarios.",
        },
    ),
    "not_postponed_before": Requirement(
        lambda moment: "postpone" not in moment.events[moment.entered - 1 :],
        {
            "en": "The effect was postponed once already.",
            "fr": "La prise d’effet a déjà été reportée une fois.",
            "es": "El efecto ya se aplazó una vez.",
        },
    ),
    "not_yet_effective": Requirement(
        lambda moment: moment.at < datetime.fromisoformat(moment.detail["postponed_from"]),
        {
            "en": "The change has effect already.",
            "fr": "La modification a déjà pris effet.",
            "es": "El cambio ya surte efecto.",
        },
    ),
    "postponed_within_limit": Requirement(
        lambda moment: (
            datetime.fromisoformat(moment.content["effective_from"])
            <= datetime.fromisoformat(moment.detail["postponed_from"])
            + moment.procedure.states[moment.state].within("reliance_at_most")
        ),
        {
            "en": "The effect cannot be postponed that long.",
            "fr": "La prise d’effet ne peut être reportée aussi longtemps.",
            "es": "El efecto no puede aplazarse tanto tiempo.",
        },
    ),
}
