"""Compare a result with what a contract case expects; the answer is a list of differences in words."""

from __future__ import annotations

from typing import Any

from tests.contract.casework import code_of
from webapp.bundles import registry
from webapp.bundles.flagging import flag_text


def differences(job: dict[str, Any], result: dict[str, Any]) -> list[str]:
    expect = dict(job["expect"])
    expect.pop("timed_on", None)
    found: list[str] = []
    for key, wanted in expect.items():
        found += CHECKS[key](wanted, result, job) if key in CHECKS else [f"unknown key expect.{key}"]
    return found


def same_codes(wanted: list[str], raised: list[dict[str, Any]], what: str) -> list[str]:
    """Exact set of codes; a code without subject stands for any subject, once."""
    got = sorted(code_of(one) for one in raised)
    plain = sorted(one if one in wanted else one.partition(":")[0] for one in got)
    return [] if plain == sorted(wanted) else [f"{what}: wanted {sorted(wanted)}, got {got}"]


def flags(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    return same_codes(wanted, result["flags"], "flags")


def timed(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    return same_codes(wanted, result["timed"], "timed")


def derived(wanted: dict[str, Any], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    return [f"derived {name}: wanted {value}, got {result['derived'].get(name)}" for name, value in wanted.items()
            if result["derived"].get(name) != value]


def problems(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    got = [one for one in result["problems"] if one["level"] == "hard"]
    said = {part for one in got for part in (one["field"], one["code"], f"{one['field']}:{one['code']}", one["rule"],
                                             one["field"].rpartition(".")[2], f"{one['field']}:{one['rule']}")}
    if not wanted and got:
        return [f"problems: wanted none, got {got}"]
    return [f"problems: {one} not in {got}" for one in wanted if one not in said]


def warn(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    got = [one["field"] for one in result["problems"] if one["level"] == "warn"]
    if not wanted and got:
        return [f"warn: wanted none, got {got}"]
    return [f"warn: {one} not in {got}" for one in wanted
            if one not in got and one not in [name.rpartition(".")[2] for name in got]]


def missing(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    got = result["missing"]
    if not wanted and got:
        return [f"missing: wanted none, got {got}"]
    ends = {name.rpartition(".")[2] for name in got}
    return [f"missing: {one} not in {got}" for one in wanted if one not in got and one not in ends]


def listed(key: str, inside: bool) -> Any:
    def check(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
        got = {*result[key]} | {f"{name}.{n}.{field}" for name, cards in result["items"].items()
                                for n, card in enumerate(cards) for field in card[key]}
        got |= {name.partition(".")[0] + "." + name.rpartition(".")[2] for name in got if "." in name}
        return [f"{one} {'not ' if inside else ''}in {key} {sorted(got)}" for one in wanted if (one in got) != inside]

    return check


def refused(wanted: bool, result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    hard = [one for one in result["problems"] if one["level"] == "hard"]
    missing_counts = job["common"]["outcome"] == "done"
    got = bool(hard or (missing_counts and result["missing"]))
    return [] if got == wanted else [f"refused: wanted {wanted}, got {hard} {result['missing']}"]


def due(wanted: dict[str, Any], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    """Date or state of a form; a list wants both."""
    found = []
    for form, text in [(form, one) for form, value in wanted.items()
                       for one in (value if isinstance(value, list) else [value])]:
        got = result["due"][form]
        said = got["state"] if got["next_due_on"] is None else got["next_due_on"] + (" nv" * got["at_next_visit"])
        if text not in (said, got["state"]):
            found.append(f"due {form}: wanted {text}, got {said} ({got['state']}, {(got['reason'] or {}).get('nb')})")
    return found


def triggers(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    got = [f"{one['type']}@{one['on']}" for one in result["triggers"]]
    short = [one["type"] for one in result["triggers"]]
    return [] if sorted(wanted) in (sorted(got), sorted(short)) else [f"triggers: wanted {wanted}, got {got}"]


def still_open(wanted: list[str], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    got = sorted(one.rstrip(":") for one in result["open"])
    plain = sorted(one if one in wanted else one.partition(":")[0] for one in got)
    return [] if plain == sorted(wanted) else [f"open: wanted {wanted}, got {got}"]


def counts(wanted: dict[str, int], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    got = {one["code"]: one["n"] for one in result["flags"]}
    return [f"n of {code}: wanted {n}, got {got.get(code)}" for code, n in wanted.items() if got.get(code) != n]


def texts(wanted: dict[str, dict[str, str]], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    """The sentence of a flag, by language and code."""
    bundle = registry().bundle_of(registry().form(job["form"]))
    got = {(lang, one["code"]): flag_text(bundle, {**one, "form": job["form"]}, lang, result["answers"])
           for lang in wanted for one in result["flags"]}
    return [f"text {lang} {code}: wanted {text}, got {got.get((lang, code))}" for lang, codes in wanted.items()
            for code, text in codes.items() if got.get((lang, code)) != text]


def prefill(wanted: dict[str, Any], result: dict[str, Any], job: dict[str, Any]) -> list[str]:
    return [] if result["prefill"] == wanted else [f"prefill: wanted {wanted}, got {result['prefill']}"]


CHECKS: dict[str, Any] = {
    "flags": flags, "timed": timed, "derived": derived, "problems": problems, "warn": warn, "missing": missing,
    "asked": listed("asked", True), "not_asked": listed("asked", False), "required": listed("required", True),
    "not_required": listed("required", False), "refused": refused, "due": due, "triggers": triggers,
    "open": still_open, "n": counts, "text": texts, "prefill": prefill}
