"""The fall and medicine answer sheets of the demo simulation (see practice.py)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from webapp.demo.cast import midnight_ms, uuid_from
from webapp.demo.practice import Answers, Life, iso

FALL_MEASURES = (
    "fm_meds",
    "fm_oh",
    "fm_shoes",
    "fm_aid",
    "fm_light",
    "fm_bath",
    "fm_alarm",
    "fm_vision",
    "fm_train",
    "fm_nutri",
    "fm_toilet",
    "fm_info",
)


def fall_screen(life: Life, day: date) -> Answers:
    """Answers of the fall screen; the measures are answered when the group is raised."""
    rng = life.rng
    recent = [d for d in life.falls if 0 <= (day - d).days <= 365]
    unsteady = "yes" if life.who.frail else rng.choices(("no", "yes"), (3, 1))[0]
    answers: Answers = {
        "f_12m": "yes" if recent else "no",
        "f_unsteady": "na" if life.who.bedbound else unsteady,
        "f_worry": "yes" if life.who.frail and rng.random() < 0.5 else "no",
    }
    high = False
    if recent:
        frail = "yes" if life.who.frail else "no"
        answers |= {"f_count": len(recent), "sev": ["none"], "f_frail": frail}
        high = len(recent) >= 2 or frail == "yes"
    any_key = "yes" in (answers["f_12m"], answers["f_unsteady"], answers["f_worry"])
    if any_key and not high:
        if rng.random() < 0.6:
            answers["gait_s_4m"] = rng.randrange(35, 75)
        else:
            answers["gait_not"] = "no_time"
    slow = answers.get("gait_s_4m", 50) >= 50
    if high or (any_key and slow):
        answers |= {m: life.gap(m, 0.12) for m in FALL_MEASURES}
    return answers


def fall_measures(life: Life, _day: date) -> Answers:
    return {m: life.gap(m, 0.12) for m in FALL_MEASURES}


def fall_event(life: Life, when: datetime) -> Answers:
    """A fall that happened at `when` (Oslo time)."""
    rng = life.rng
    injury = rng.choices(("none", "minor", "moderate", "major"), (60, 27, 10, 3))[0]
    head = rng.choices(("no", "yes", "unknown"), (80, 12, 8))[0]
    answers: Answers = {
        "ev_id": str(uuid_from(rng, int(when.timestamp() * 1000))),
        "ev_at": when.isoformat(timespec="minutes"),
        "ev_witnessed": rng.choices(("no", "yes"), (7, 3))[0],
        "ev_assisted": "no",
        "ev_place": rng.choices(("bedroom", "bathroom", "living", "kitchen", "hall_stairs", "outdoors"), (5, 5, 3, 2, 2, 1))[0],
        "ev_doing": rng.choice(("transfer", "walking", "toilet", "bed_exit")),
        "ev_injury": injury,
        "ev_head": head,
        "ev_loc": "no",
        "ev_longlie": rng.choices(("no", "yes", "unknown"), (17, 1, 2))[0],
        "ev_newpain": "yes" if injury == "major" else "no",
        "ev_cause": [rng.choice(("dizzy", "slipped", "tripped", "urgency", "unknown"))],
    }
    if head != "no":
        answers["ev_anticoag"] = rng.choices(("no", "yes", "unknown"), (5, 4, 1))[0]
    life.falls.append(when.date())
    life.last_fall = answers
    return answers


def fall_post(life: Life, _day: date) -> Answers:
    """Post-fall assessment of the latest fall."""
    fall = life.last_fall or {}
    answers: Answers = {
        "pf_event": fall.get("ev_id", ""),
        "pf_med": "no",
        "pf_env": life.gap("pf_env", 0.1),
        "pf_plan": life.gap("pf_plan", 0.2),
        "pf_new": ["none"] if life.rng.random() < 0.85 else [life.rng.choice(("pain", "dizzy"))],
    }
    if fall.get("ev_head") in ("yes", "unknown"):
        answers["pf_head_obs"] = "yes"
    return answers


MEDICINES = ("Metoprolol", "Furosemid", "Paracetamol", "Simvastatin", "Levotyroksin", "Zopiklon", "Apiksaban", "Kalsium")


def med_check(life: Life, day: date, why: str) -> Answers:
    """A medication reconciliation; open discrepancies are followed up, new ones found now and then."""
    rng, count = life.rng, life.who.medicines
    if count < 3:
        return {"med_decision": "none", "med_why": why if why != "concern" else "periodic"}
    if rng.random() < 0.3:
        life.lmg_on = iso(day - timedelta(days=rng.randrange(5, 120)))
    discs = [_followed_disc(life, key) for key in sorted(life.discs)]
    new = [_new_disc(life, day) for _ in range(rng.choices((0, 1, 2), (6, 3, 1))[0])]
    sources = ["user_actual", "gp_list", "service_list"] if rng.random() < 0.75 else ["user_actual", "discharge"]
    still_open = [d for d in discs if d["status"] in ("open", "sent_to_gp")]
    answers: Answers = {
        "med_decision": "full",
        "med_form": ["multidose"] if count > 5 else ["dosett"],
        "med_why": why,
        "src": sources,
        "n_reg": count,
        "n_prn": rng.randrange(0, 4),
        "otc_asked": rng.choices(("yes", "no"), (9, 1))[0],
        "allergy_ok": rng.choices(("ok", "gap", "unknown"), (18, 1, 1))[0],
        "adher": rng.choices(("yes", "mostly", "no", "unknown"), (13, 4, 1, 1))[0],
        "prob": ["none"] if rng.random() < 0.8 else [rng.choice(("forgets", "side_effect", "swallowing", "storage"))],
        "highrisk": ["anticoag"] if life.gaps.setdefault("anticoag", rng.random() < 0.3) else ["none"],
        "disc_any": "yes" if new or still_open else "no",
        "list_updated": "yes",
        "list_given": rng.choices(("yes", "no"), (9, 1))[0],
        "gp_informed": "yes",
        "lmg_on": life.lmg_on,
    }
    if why == "after_change":
        answers["change_on"] = iso(day)
    if discs or new:
        answers["disc"] = discs + new
    return answers


def med_followup(life: Life, day: date) -> Answers:
    """Follow-up of open discrepancies."""
    rng = life.rng
    answers: Answers = {"adher": rng.choices(("yes", "mostly"), (4, 1))[0], "prob": ["none"]}
    discs = [_followed_disc(life, key) for key in sorted(life.discs)]
    if discs:
        answers["disc"] = discs
    return answers


def _new_disc(life: Life, day: date) -> Answers:
    rng = life.rng
    key = str(uuid_from(rng, midnight_ms(day)))
    disc: Answers = {
        "disc_id": key,
        "kind": rng.choice(("dose", "not_on_list", "not_taken", "frequency")),
        "med": rng.choice(MEDICINES),
        "between": ["user_actual", "service_list"],
        "sev": rng.choices(("none", "minor", "serious"), (5, 4, 1))[0],
        "status": "sent_to_gp",
    }
    life.discs[key] = disc
    return dict(disc)


def _followed_disc(life: Life, key: str) -> Answers:
    disc = dict(life.discs[key])
    disc["status"] = life.rng.choices(("clarified", "corrected", "sent_to_gp"), (5, 3, 2))[0]
    if disc["status"] != "sent_to_gp":
        del life.discs[key]
    return disc
