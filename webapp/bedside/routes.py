"""The bedside on an office PC that is not enrolled: the same URLs and the same pages as on the device."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, g, make_response, request
from flask_login import current_user

from webapp import db, errors
from webapp.accounts import log, policy
from webapp.accounts.policy import RECORD, requires
from webapp.bedside import actions, pages, pages_frame
from webapp.bedside.judging import Judged
from webapp.bedside.pages_check import judged
from webapp.bedside.pages_frame import Page, World, missing, not_hers
from webapp.bedside.reading import Body
from webapp.bedside.says import near_moment
from webapp.bundles.prefill import can_start
from webapp.device.templates import bedside_environment, render
from webapp.models import ServerDraft
from webapp.sync import world as worlds
from webapp.sync.people import oslo, utc_now
from webapp.words import Translate, translator

bp = Blueprint("bedside", __name__)


def load(*also: UUID, only: bool = False) -> World:
    """The world of whoever is logged in, with these people besides her route, or with `only` these."""
    return worlds.for_user(db.session(), current_user, utc_now(), also=also, only=only)


def show(page: Page, world: World, **headers: str) -> Response:
    """A page builder's page as an answer."""
    if told := lookup_text(translator(world["me"]["lang"])):
        page.context["unspoken_text"] = told
    html = render(bedside_environment(), page.template, page.context, translator(world["me"]["lang"]))
    answer = make_response(html, page.status)
    answer.headers.update({**whole(page), **page.headers, **headers})
    return answer


def lookup_text(t: Translate) -> str:
    """On every page about somebody who is seen under a look-up: until when, and that it is logged."""
    found = list(g.get("lookups", {}).values())
    if not found:
        return ""
    return t("Begrunnet oppslag til %(at)s. Alt du ser på og skriver, blir logget med begrunnelsen.",
             at=near_moment(found[0].until.isoformat(), oslo(utc_now())[:10], t))


def whole(page: Page) -> dict[str, str]:
    """A page where a fragment was asked for takes the whole body, and the address stays."""
    if request.headers.get("HX-Request-Type") != "partial" or page.template.startswith("bedside/_"):
        return {}
    return {"HX-Retarget": "body", "HX-Reswap": "innerHTML", "HX-Push-Url": "false"}


def not_here() -> Response:
    """What is not here, or is not for this nurse: errors.py asks for it."""
    world = load()
    return show(missing(world, translator(world["me"]["lang"])), world)


def body() -> Body:
    return list(request.form.items(multi=True))


@bp.get("/round")
@requires(RECORD)
def my_round() -> Response:
    """Today's route."""
    log.seen(current_user, "round")
    world = load()
    return show(pages.round_page(world, translator(world["me"]["lang"]), worlds.bundles()), world)


@bp.route("/round/people", methods=["GET", "POST"])
@requires(RECORD)
def people() -> Response:
    """The rest of the unit; a search comes in the body."""
    log.seen(current_user, "search" if request.method == "POST" else "people")
    world = load()
    return show(pages.people_page(world, translator(world["me"]["lang"]), request.form.get("q", "")), world)


@bp.get("/round/people/<uuid:ref>")
@requires(RECORD)
def person(ref: UUID) -> Response:
    """One person."""
    policy.person_or_404(current_user, ref)
    log.seen(current_user, "person", patient_id=ref)
    return person_page(ref)


def person_page(ref: UUID, **headers: str) -> Response:
    world = load(ref, only=True)
    world["bedside"] = worlds.given_back(db.session(), current_user, utc_now(), world["people"])
    return show(pages.person_page(world, translator(world["me"]["lang"]), worlds.bundles(), str(ref)), world, **headers)


@bp.post("/round/people/<uuid:ref>/checks")
@requires(RECORD)
def start(ref: UUID) -> Response:
    """Begin a check."""
    policy.person_or_404(current_user, ref)
    world = load(ref, only=True)
    form = next((one for one in worlds.bundles().forms if one.id == request.form.get("check")), None)
    found = next((one for one in world["people"] if one["ref"] == str(ref)), None)
    if form is None or found is None or not can_start(form, found, world["now"], world["params"]):
        abort(404)
    draft_id = actions.start(db.session(), current_user, world, found, form, utc_now())
    log.write(db.session(), current_user, "check_begun", patient_id=ref)
    db.session().commit()
    return check_page(UUID(draft_id), push="/round/checks/" + draft_id)


@bp.get("/round/checks/<uuid:check_id>")
@requires(RECORD)
def check(check_id: UUID) -> Response:
    """A draft is its form, a finished check its result."""
    return check_page(check_id)


def check_page(
    check_id: UUID, *, tried: bool = False, fragment: bool = False, push: str = "", beside_saved: bool = False, world: World | None = None
) -> Response:
    """`world`: the one it was just kept in."""
    row = actions.find(db.session(), current_user, check_id)
    if row is None:
        return result_page(check_id)
    data, ref = row.data, row.patient_id
    allowed = policy.may_open(current_user, row)
    if allowed and request.method == "GET":
        log.seen(current_user, "draft", patient_id=ref)
    world = world or load(ref, only=True)
    t = translator(world["me"]["lang"])
    if not allowed:
        return show(not_hers(world, t), world)
    page = pages.check_page(world, t, worlds.bundles(), data, tried=tried, fragment=fragment)
    if beside_saved:
        page.status = 409
        page.context["correction_text"] = t("En annen versjon av denne sjekken er allerede lagret, og den blir stående. Svarene fra denne "
                                            "fanen er tatt vare på her. Skriv hvorfor sjekken rettes, og lagre, eller forkast utkastet.")
    return show(page, world, **({"HX-Push-Url": push} if push else {}))


def late(check_id: UUID, *, saving: bool) -> Response:
    """The check was saved meanwhile: its result, or, when this tab holds something else, what to do with that."""
    stored = policy.check_or_404(current_user, check_id)
    world = load(stored.patient_id, only=True)
    other = actions.other_content(world, str(check_id), worlds.bundles(), body())
    if other is None:
        return result_page(check_id)
    if not saving:
        return errors.say(409, "Sjekken er allerede lagret, kanskje i en annen fane. Det som står her, er annerledes. Trykk «Lagre» "
                               "for å ta vare på det som en retting.")
    draft_id = UUID(actions.keep(db.session(), current_user, other, utc_now()))
    db.session().commit()
    return check_page(draft_id, push=f"/round/checks/{draft_id}", beside_saved=True)


def result_page(check_id: UUID, **headers: str) -> Response:
    stored = policy.check_or_404(current_user, check_id)
    log.seen(current_user, "check", patient_id=stored.patient_id, unit_id=stored.unit_id)
    world = load(stored.patient_id)  # whole: it says who is next
    t = translator(world["me"]["lang"])
    return show(pages.result_page(world, t, worlds.bundles(), str(check_id)), world, **headers)


@bp.post("/round/checks/<uuid:check_id>/answers")
@requires(RECORD)
def answers(check_id: UUID) -> Response:
    """Autosave one change; answers with the form as it now is, or with what became of it."""
    if actions.find(db.session(), current_user, check_id, lock=True) is None:
        return late(check_id, saving=False)
    _, world = keep(check_id)
    db.session().commit()
    return check_page(check_id, fragment=True, world=world)


def keep(check_id: UUID) -> tuple[ServerDraft, World]:
    """This user's draft with what the form sent, locked. The caller commits."""
    row = policy.draft_or_404(current_user, check_id)
    policy.person_or_404(current_user, row.patient_id)
    world = load(row.patient_id, only=True)
    actions.apply(db.session(), current_user, row, worlds.bundles(), body(), world, utc_now())
    db.session().flush()
    world["drafts"] = worlds.drafts(db.session(), current_user)
    return row, world


@bp.post("/round/checks/<uuid:check_id>")
@requires(RECORD)
def save(check_id: UUID) -> Response:
    """"Lagre": only when nothing is missing, and said only after the commit. A second tap waits for the first, then sees its result."""
    if actions.find(db.session(), current_user, check_id, lock=True) is None:
        return late(check_id, saving=True)
    row, world = keep(check_id)
    verdict = judged(world, translator(world["me"]["lang"]), worlds.bundles(), row.data)
    if verdict is None or verdict.stops:
        db.session().commit()
        return check_page(check_id, tried=True, world=world)
    return finish(row, world, verdict)


def finish(row: ServerDraft, world: World, verdict: Judged) -> Response:
    """The check; or the draft as it was sent, when the check is not taken."""
    check_id, attempt = row.id, db.session().begin_nested()
    outcome = actions.save(db.session(), current_user, row, worlds.bundles(), world, verdict, utc_now())
    if outcome.verdict == "unfit":
        attempt.rollback()
        db.session().commit()
        return errors.say(422, "Serveren kunne ikke legge inn sjekken slik den er. Utkastet er tatt vare på.")
    if outcome.verdict == "conflict":
        db.session().rollback()
        return late(check_id, saving=True)
    log.write(db.session(), current_user, "check_recorded", patient_id=row.patient_id)
    db.session().commit()
    return result_page(check_id, **{"HX-Replace-Url": f"/round/checks/{check_id}"})


@bp.post("/round/checks/<uuid:check_id>/correction")
@requires(RECORD)
def correction(check_id: UUID) -> Response:
    """Begin a correction: a new check that names this one."""
    stored = policy.check_or_404(current_user, check_id)
    world = load(stored.patient_id, only=True)
    for one in world["people"]:
        for old in one["checks"]:
            if old["id"] == str(check_id) and not old["superseded_by"]:
                form = worlds.bundles().form(old["form"], old["version"])
                draft_id = actions.correction(db.session(), current_user, world, one, old, form, utc_now())
                log.write(db.session(), current_user, "correction_begun", patient_id=stored.patient_id)
                db.session().commit()
                return check_page(UUID(draft_id), push="/round/checks/" + draft_id)
    return show(missing(world, translator(world["me"]["lang"])), world)


@bp.post("/round/checks/<uuid:check_id>/discard")
@requires(RECORD)
def discard(check_id: UUID) -> Response:
    """Throw a draft away, whoever it is about; never a finished check."""
    row = policy.draft_or_404(current_user, check_id)
    ref = row.patient_id
    db.session().delete(row)
    log.write(db.session(), current_user, "draft_discarded", patient_id=ref)
    db.session().commit()
    world = load(ref)
    if pages_frame.find_person(world, str(ref)) is None:
        return show(pages.sent_page(world, translator(world["me"]["lang"]), worlds.bundles()), world, **{"HX-Replace-Url": "/round/sent"})
    return person_page(ref, **{"HX-Replace-Url": f"/round/people/{ref}"})


@bp.route("/round/event", methods=["GET", "POST"])
@requires(RECORD)
def event() -> Response:
    """Record an event for anybody in the unit; a search comes in the body."""
    log.seen(current_user, "search" if request.method == "POST" else "people")
    world = load()
    page = pages.event_page(world, translator(world["me"]["lang"]), worlds.bundles(), request.form.get("q", ""))
    return show(page, world)


@bp.get("/round/sent")
@requires(RECORD)
def sent() -> Response:
    """What is sent and what is not."""
    log.seen(current_user, "sent")
    world = load()
    return show(pages.sent_page(world, translator(world["me"]["lang"]), worlds.bundles()), world)


@bp.get("/round/shift")
@requires(RECORD)
def shift() -> Response:
    """The end of the shift."""
    log.seen(current_user, "round")
    world = load()
    return show(pages.shift_page(world, translator(world["me"]["lang"]), worlds.bundles()), world)


@bp.get("/round/about/<bundle_id>")
@requires(RECORD)
def about(bundle_id: str) -> Response:
    """A package explained."""
    world = load()
    return show(pages.about_page(world, translator(world["me"]["lang"]), worlds.bundles(), bundle_id), world)


@bp.get("/round/device")
@requires(RECORD)
def device() -> Response:
    """This device: here an office PC that is not enrolled."""
    world = load()
    return show(pages.device_page(world, translator(world["me"]["lang"])), world)
