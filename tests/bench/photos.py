"""Twenty photos of 300 kB on the slow line, beside the time their bare bytes take on it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests import pictures
from tests.bench import place, proxy, shift, tablet
from tests.bench.link import DELAY, NURSE, RATE
from tests.bench.table import Figure
from tests.web.sync import photos
from webapp import db
from webapp.models import Patient, User
from webapp.sync import crypto

PHOTOS, SIZE = 20, 300_000
FILL = """async ([rows]) => {
  const store = await import('/sw/store.js'), { unb64 } = await import('/sw/bytes.js')
  const waits = { vault: 1, taken: new Date().toISOString(), state: 'waiting', at: null, reason: '', locked: null }
  for (const [check, name, id, hash, bytes] of rows) {
    await store.put('photos', check + '/' + name, { ...waits, check, name, id, hash, bytes: unb64(bytes) })
  }
}"""
UPLOAD = """async () => {
  const { uploadPhotos } = await import('/sw/photo_upload.js')
  const begun = performance.now()
  const { done } = await uploadPhotos({ token: null, shell: 'bench' })
  const took = performance.now() - begun
  const left = (await (await import('/sw/store.js')).all('photos')).filter(one => one.state !== 'received')
  if (left.length) throw new Error(`${done} done, ${left.length} left: ${left.map(one => one.reason)}`)
  return took
}"""


def measure(folder: Path, small: place.Place) -> list[Figure]:
    here = small.copy(folder / "photos")
    app = here.app()
    cookie, rows, raw = ready(app)
    app.extensions["engine"].dispose()
    with tablet.chromium() as playwright, here.served() as server, proxy.line(server.port, RATE, DELAY) as line:
        context = tablet.profile(playwright, folder / "photos-profile")
        context.add_cookies([{"name": "tr_device", "value": cookie, "url": line.url}])
        page = context.new_page()
        page.goto(f"{line.url}/login")
        page.set_default_timeout(0)
        page.evaluate(FILL, [rows])
        took = page.evaluate(UPLOAD)
        context.close()
    name = f"{PHOTOS} photos of 300 kB up at 150 ms, 1.6 Mbit/s, beside their bare bytes"
    return [Figure(name, "ms", 1.1, took, raw / RATE * 1000, of_floor=True)]


def filled(jpeg: bytes) -> bytes:
    """Up to exactly SIZE, with a profile that says nothing."""
    more = min(65_000, SIZE - len(jpeg) - 4)
    return jpeg[:2] + b"\xff\xe2" + (more + 2).to_bytes(2, "big") + bytes(more) + jpeg[2:]


def ready(app: Flask) -> tuple[str, list[tuple[str, str, str, str, str]], int]:
    """(device cookie, sealed photos whose checks are with the server, bytes of the bare pictures)."""
    version = photos.switch(app, 1)
    device, vault = shift.enrolled(app, NURSE)
    with app.app_context(), db.open_session(db.engine(), write=False) as session:
        unit = session.scalars(select(User).where(User.username == NURSE)).one().unit_ids[0]
        person = str(session.scalars(select(Patient.id).where(Patient.unit_id == unit).limit(1)).one())
    rows, raw = [], 0
    for number in range(PHOTOS):
        shot = filled(pictures.taken(SIZE, seed=number))
        card = photos.finding([photos.name(shot)])
        made = device.check(vault, person, photos.FORM, photos.answers(card), params=photos.ON, sv=version)
        (verdict,) = device.verdicts([device.seal(vault, made)])
        if verdict["verdict"] != "accepted":
            raise RuntimeError(str(verdict))
        one = photos.seal(device, vault, str(made["id"]), shot)
        rows.append((str(made["id"]), photos.name(shot), str(one.id), one.hash, crypto.b64(one.bytes)))
        raw += len(shot)
    cookie = device.http.get_cookie("tr_device")
    if cookie is None:
        raise RuntimeError("no device cookie")
    return cookie.value, rows, raw
