"""`webapp set BUNDLE.NUMBER VALUE`: one of the municipality's own numbers, as a new version of its settings."""

from __future__ import annotations

import sys

from sqlalchemy import select

from webapp import bundles, db, limits
from webapp.models import Setting
from webapp.models.base import utc_now


def run(name: str, value: str, database_url: str) -> int:
    """0 and the new version, or 2 and what may be set."""
    bundle_id, _, number = name.partition(".")
    known = {one.id: one.parameters for one in bundles.registry().bundles} | limits.KNOWN
    spec = known.get(bundle_id, {}).get(number)
    if spec is None:
        names = ", ".join(f"{one}.{number}" for one in sorted(known) for number in known[one])
        return _stop(f"There is no number {name}. These may be set: {names}.")
    if not value.isdecimal() or not spec["min"] <= int(value) <= spec["max"]:
        return _stop(f"{name} must be a whole number from {spec['min']} to {spec['max']}.")
    engine = db.make_engine(database_url)
    with db.open_session(engine, write=True) as session:
        newest = session.scalar(select(Setting).order_by(Setting.version.desc()).limit(1))
        version, data = (newest.version, dict(newest.data)) if newest else (0, {})
        params = {one: dict(numbers) for one, numbers in (data.get("params") or {}).items()}
        params.setdefault(bundle_id, {})[number] = int(value)
        session.add(Setting(version=version + 1, data={**data, "params": params}, at=utc_now()))
        session.commit()
    engine.dispose()
    sys.stdout.write(f"{name} = {value} from settings version {version + 1}. Devices hear of it at their next contact.\n")
    return 0


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2
