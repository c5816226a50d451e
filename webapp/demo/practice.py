"""What nurses would find and record: one answer sheet per form, drawn from a resident's hidden state.

Demo data only: this is the one place in the product that knows form and field names, because it plays the nurse.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from webapp.demo.cast import Resident, midnight_ms, uuid_from

Answers = dict[str, Any]
ACCEPTED = ("retention", "neurogenic", "haematuria", "wound", "palliative", "unstable_fracture")
NOT_ACCEPTED = ("incontinence", "convenience", "reduced_mobility", "ended")


@dataclass
class Life:
    """Hidden state of one resident that the checks look at."""

    who: Resident
    rng: random.Random
    catheter: Answers | None = None
    removed_on: date | None = None
    wounds: dict[str, Answers] = field(default_factory=dict)
    discs: dict[str, Answers] = field(default_factory=dict)
    gaps: dict[str, bool] = field(default_factory=dict)
    lmg_on: str = "never"
    last_fall: Answers | None = None
    falls: list[date] = field(default_factory=list)

    def gap(self, name: str, chance: float) -> str:
        """ok or gap; a gap stays until somebody mends it."""
        if name not in self.gaps:
            self.gaps[name] = self.rng.random() < chance
        elif self.gaps[name] and self.rng.random() < 0.35:
            self.gaps[name] = False
        return "gap" if self.gaps[name] else "ok"


def iso(day: date) -> str:
    return day.isoformat()


def begin_catheter(life: Life, day: date, poor_practice: float) -> None:
    """Give the resident a catheter on `day`; `poor_practice` is the share without an accepted reason."""
    rng, who = life.rng, life.who
    kind = (who.catheter or {}).get("type", "urethral")
    indication = rng.choice(NOT_ACCEPTED) if rng.random() < poor_practice else rng.choice(ACCEPTED)
    life.removed_on = None
    life.catheter = {
        "kind": kind,
        "inserted": day,
        "changed": None,
        "indication": indication,
        "doc": "yes" if rng.random() < 0.8 else "no",
        "review": None if rng.random() < 0.25 else day,
        "plan": rng.choices(("removal_date", "longterm_review", "none"), (2, 6, 2))[0],
        "plan_date": day + timedelta(days=70),
    }


def _time_passes(state: Answers, day: date, rng: random.Random) -> None:
    """The catheter is changed, the plan renewed, the need reviewed: mostly when it is time."""
    age = (day - state["inserted"]).days
    change_near = age > 80 if state["changed"] is None else (day - state["changed"]).days > 82
    if change_near and rng.random() < 0.7:
        state["changed"] = day - timedelta(days=rng.randrange(0, 4))
    if state["plan_date"] < day and rng.random() < 0.6:
        state["plan_date"] = day + timedelta(days=rng.randrange(30, 90))
    review_near = rng.random() < 0.2 if state["review"] is None else (day - state["review"]).days > 85
    if review_near and rng.random() < 0.5:
        state["review"] = day - timedelta(days=rng.randrange(0, 5))
    if state["doc"] == "no" and rng.random() < 0.3:
        state["doc"] = "yes"


def _without_catheter(life: Life) -> Answers:
    if not life.removed_on:
        return {"cat_present": "no"}
    void_ok = "yes" if life.rng.random() < 0.92 else "no"
    return {"cat_present": "no", "rem_on": iso(life.removed_on), "rem_pain": "no", "uti_treated": "no", "void_ok": void_ok}


def kateter(life: Life, day: date) -> Answers:
    """Answers of the catheter check on `day`."""
    rng, state = life.rng, life.catheter
    if state is None:
        return _without_catheter(life)
    answers: Answers = {"cat_present": "yes", "cat_type": state["kind"]}
    if state["kind"] not in ("urethral", "suprapubic"):
        return answers
    age = (day - state["inserted"]).days
    _time_passes(state, day, rng)
    poor = state["indication"] in NOT_ACCEPTED
    answers |= {
        "cat_inserted_on": iso(state["inserted"]),
        "cat_changed_on": iso(state["changed"]) if state["changed"] else "not_changed",
        "cat_need": rng.choices(("no", "yes", "unknown"), (6, 3, 1))[0] if poor else rng.choices(("yes", "unknown"), (19, 1))[0],
        "cat_indication": state["indication"],
        "cat_ind_doc": state["doc"],
        "cat_plan": state["plan"],
        "sym": _symptoms(rng),
        "uti_treated": "no",
    }
    answers |= {f"care_{m}": life.gap(f"care_{m}", 0.06) for m in ("closed", "below", "flow", "secured", "hygiene")}
    if state["plan"] != "none":
        answers["cat_plan_date"] = iso(state["plan_date"])
    if state["indication"] in ("retention", "neurogenic"):
        answers["cat_ik_considered"] = state.setdefault("ik", rng.choices(("yes_not_feasible", "no"), (5, 1))[0])
    if age >= 30:
        answers["cat_trial"] = state.setdefault("trial", rng.choices(("failed", "never", "contraindicated"), (4, 3, 3))[0])
        answers["cat_review_on"] = iso(state["review"]) if state["review"] else "never"
    if set(answers["sym"]) & {"fever_chills", "new_confusion", "malaise"}:
        answers["temp_c"] = rng.randrange(368, 392)
    if rng.random() < 0.025:
        answers |= {
            "uti_treated": "yes",
            "uti_on": iso(max(state["inserted"], day - timedelta(days=3))),
            "uti_sympt": rng.choices(("yes", "no"), (4, 1))[0],
        }
    return answers


def _symptoms(rng: random.Random) -> list[str]:
    if rng.random() < 0.86:
        return ["none"]
    return [
        rng.choices(
            ("cloudy_smelly", "leaking", "site_problem", "blocked", "fever_chills", "suprapubic_pain", "new_confusion"),
            (6, 4, 2, 2, 1, 1, 1),
        )[0]
    ]


SITES = ("sacrum", "heel_l", "heel_r", "hip_l", "hip_r", "ischium_l", "buttock_r")
MEASURES = ("m_bed", "m_chair", "m_repos", "m_heels", "m_moist", "m_nutri", "m_info")


def trykksar(life: Life, day: date, risk: float) -> Answers:
    """Answers of the skin check on `day`; `risk` scales how often a new ulcer is found."""
    rng, who = life.rng, life.who
    findings = [_followed(life, key) for key in sorted(life.wounds)]
    if (who.bedbound and rng.random() < 0.02 * risk) or rng.random() < 0.002 * risk:
        findings.append(_new_wound(life, day))
    open_pressure = [f for f in findings if f["kind"] == "pressure" and f["state"] != "healed"]
    help_needed = "yes" if who.bedbound else "no"
    answers: Answers = {
        "pu_now": "yes" if open_pressure else "no",
        "pu_help": help_needed,
        "pu_judge": "yes" if who.bedbound or open_pressure else "no",
    }
    if findings:
        answers["finding"] = findings
    if "yes" in (answers["pu_now"], answers["pu_help"], answers["pu_judge"]):
        answers["skin_seen"] = rng.choices(("all_points", "partly", "declined"), (16, 2, 1))[0]
        if answers["skin_seen"] == "partly":
            answers["sites_seen"] = ["sacrum", "heel_l", "heel_r"]
        answers |= {m: life.gap(m, 0.12) for m in MEASURES}
    for finding in findings:
        if finding["state"] == "healed":
            life.wounds.pop(finding["wound_id"], None)
    return answers


def _new_wound(life: Life, day: date) -> Answers:
    rng = life.rng
    key = str(uuid_from(rng, midnight_ms(day)))
    category = rng.choices(("cat1", "cat2", "cat3", "dti"), (5, 4, 1, 1))[0]
    life.wounds[key] = {"site": rng.choice(SITES), "category": category, "size": rng.randrange(10, 40), "weeks": 0}
    finding = _wound_answers(life, key)
    finding |= {
        "state": "new",
        "device_related": "no",
        "where_arose": rng.choices(("here_in_service", "hospital", "before_service"), (6, 2, 1))[0],
    }
    return finding


def _followed(life: Life, key: str) -> Answers:
    wound = life.wounds[key]
    wound["weeks"] += 1
    finding = _wound_answers(life, key)
    if life.rng.random() < 0.05 + 0.05 * wound["weeks"]:
        finding["state"] = "healed"
        for name in ("length_mm", "width_mm", "infection"):
            finding.pop(name, None)
    else:
        wound["size"] = max(3, wound["size"] - life.rng.randrange(-2, 5))
        finding["state"] = life.rng.choices(("known_better", "known_same", "known_worse"), (6, 4, 1))[0]
    return finding


def _wound_answers(life: Life, key: str) -> Answers:
    wound = life.wounds[key]
    finding: Answers = {"wound_id": key, "site": wound["site"], "kind": "pressure", "category": wound["category"]}
    if wound["category"] != "cat1":
        finding |= {
            "length_mm": wound["size"],
            "width_mm": max(2, wound["size"] - 4),
            "infection": ["none"] if life.rng.random() < 0.93 else ["odour"],
        }
    return finding
