"""The municipality's units, staff and service users. Nobody here exists; names are drawn from common name lists."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

MUNICIPALITY = "Solvik kommune"
UNITS = ("Fjordsida", "Sentrum", "Åsen")
PASSWORD = "trygg-runde-demo"  # noqa: S105  (printed by `make run`; local demo only)

# username, name, title, role, unit numbers
STAFF: tuple[tuple[str, str, str, str, tuple[int, ...]], ...] = (
    ("berit", "Berit Nygård", "sykepleier", "nurse", (0,)),
    ("amina", "Amina Warsame", "sykepleier", "nurse", (0,)),
    ("jonas", "Jonas Lie Tveit", "helsefagarbeider", "nurse", (0,)),
    ("ingunn", "Ingunn Bakke", "vernepleier", "nurse", (0,)),
    ("kari", "Kari Solheim", "sykepleier", "nurse", (1,)),
    ("ole", "Ole Martin Haugen", "sykepleier", "nurse", (1,)),
    ("linh", "Linh Tran", "helsefagarbeider", "nurse", (1,)),
    ("maria", "Maria Kowalska", "sykepleier", "nurse", (1,)),
    ("torunn", "Torunn Eide", "sjukepleiar", "nurse", (2,)),
    ("sindre", "Sindre Myklebust", "sjukepleiar", "nurse", (2,)),
    ("fatma", "Fatma Yilmaz", "helsefagarbeidar", "nurse", (2,)),
    ("emily", "Emily Carter", "nurse", "nurse", (2,)),
    ("solveig", "Solveig Dahl", "avdelingsleder", "supervisor", (0,)),
    ("hans", "Hans Petter Moen", "avdelingsleder", "supervisor", (1,)),
    ("ragnhild", "Ragnhild Vik", "avdelingsleiar", "supervisor", (2,)),
    ("stine", "Stine Lervik", "kvalitetsrådgiver", "statistics", ()),
    ("jorunn", "Jorunn Haga", "journalansvarlig", "journal", ()),
    ("admin", "Systemansvarlig Solvik", "administrator", "admin", ()),
)
LANGUAGES = {"torunn": "nn", "sindre": "nn", "fatma": "nn", "ragnhild": "nn", "emily": "en"}

_WOMEN = (
    "Aud",
    "Bjørg",
    "Solfrid",
    "Gerd",
    "Inger",
    "Turid",
    "Randi",
    "Else",
    "Astrid",
    "Ragna",
    "Målfrid",
    "Karin",
    "Liv",
    "Synnøve",
    "Reidun",
    "Åse",
    "Torbjørg",
    "Wenche",
    "Nina",
    "Margit",
    "Signe",
    "Borghild",
    "Grete",
)
_MEN = (
    "Arne",
    "Odd",
    "Kåre",
    "Leif",
    "Sverre",
    "Asbjørn",
    "Einar",
    "Harald",
    "Magne",
    "Oddvar",
    "Per",
    "Rolf",
    "Torleif",
    "Øyvind",
    "Finn",
    "Gunnar",
    "Jostein",
    "Nils",
    "Steinar",
    "Trygve",
    "Alf",
    "Birger",
    "Egil",
)
_FAMILY = (
    "Aasen",
    "Berge",
    "Brekke",
    "Dalen",
    "Engen",
    "Fossum",
    "Gjerde",
    "Hagen",
    "Holm",
    "Iversen",
    "Kleiven",
    "Lunde",
    "Mo",
    "Nilsen",
    "Opheim",
    "Rønning",
    "Sande",
    "Strand",
    "Tangen",
    "Ulvestad",
    "Vold",
    "Ødegård",
    "Fagerheim",
    "Nesbø",
    "Skogheim",
    "Aune",
    "Hovland",
    "Lindqvist",
    "Ahmed",
    "Nguyen",
    "Rødland-Kristoffersen",
)
_STREETS = ("Fjordveien", "Kirkegata", "Åsveien", "Bjørkelia", "Strandgata", "Skolebakken", "Myrstien", "Nordre vei")


@dataclass
class Resident:
    """One service user before any check: who, where, and what life does to them in the twelve months."""

    ref: UUID
    unit: int
    name: str
    born: date
    national_id: str
    address: str
    start: date
    end: date | None = None
    stays: list[tuple[date, date | None]] = field(default_factory=list)
    fall_group_set: bool = False
    end_of_life: bool = False
    catheter: dict[str, str] | None = None
    frail: bool = False
    bedbound: bool = False
    medicines: int = 0


def uuid_from(rng: random.Random, when_ms: int | None = None) -> UUID:
    """A UUID from the seeded stream: version 7 when a time is given, otherwise version 4."""
    bits = rng.getrandbits(128)
    version = 4
    if when_ms is not None:
        bits = (when_ms << 80) | (bits & ((1 << 80) - 1))
        version = 7
    bits = (bits & ~(0xF << 76)) | (version << 76)
    bits = (bits & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=bits)


def midnight_ms(day: date) -> int:
    """Milliseconds since 1970 at midnight UTC of `day`."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def tenor_number(rng: random.Random, born: date) -> str:
    """A synthetic national number: month + 80 (Tenor), valid check digits (domain: fødselsnummer)."""
    while True:
        stem = f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}{rng.randrange(1000):03d}"
        first = (11 - sum(int(d) * w for d, w in zip(stem, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11) % 11
        if first == 10:
            continue
        ten = f"{stem}{first}"
        second = (11 - sum(int(d) * w for d, w in zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11) % 11
        if second != 10:
            return f"{ten}{second}"


def residents(rng: random.Random, today: date) -> list[Resident]:
    """About 120 service users over the three units; the cast is the same for the same stream."""
    taken: set[str] = set()
    return [_resident(rng, today, number % len(UNITS), taken) for number in range(120)]


def _resident(rng: random.Random, today: date, unit: int, taken: set[str]) -> Resident:
    age = min(99, max(24, round(rng.gauss(81, 10))))
    born = today - timedelta(days=age * 365 + rng.randrange(365))
    if rng.random() < 0.7:
        start = today - timedelta(days=370 + rng.randrange(1500))
    else:
        start = today - timedelta(days=rng.randrange(3, 360))
    person = Resident(
        ref=uuid_from(rng),
        unit=unit,
        name=_name(rng, taken),
        born=born,
        national_id=tenor_number(rng, born),
        address=f"{rng.choice(_STREETS)} {rng.randrange(1, 140)}{rng.choice(['', '', '', 'A', 'B'])}",
        start=start,
    )
    if rng.random() < 0.07 and (today - start).days > 120:
        person.end = today - timedelta(days=rng.randrange(5, 100))
    person.stays = _stays(rng, person, today)
    person.frail = rng.random() < 0.35
    person.bedbound = rng.random() < 0.22
    person.fall_group_set = age < 65 and rng.random() < 0.4
    person.end_of_life = rng.random() < 0.04
    person.medicines = max(0, round(rng.gauss(6, 3)))
    if rng.random() < 0.3:
        person.catheter = {"type": rng.choices(("urethral", "suprapubic", "intermittent"), (7, 2, 1))[0]}
    return person


def _name(rng: random.Random, taken: set[str]) -> str:
    while True:
        name = f"{rng.choice(_WOMEN if rng.random() < 0.58 else _MEN)} {rng.choice(_FAMILY)}"
        if name not in taken:
            taken.add(name)
            return name


def _stays(rng: random.Random, person: Resident, today: date) -> list[tuple[date, date | None]]:
    """Hospital stays: about one for every second person and year, 2-14 days."""
    stays: list[tuple[date, date | None]] = []
    last = person.end or today
    for _ in range(rng.choices((0, 1, 2), (55, 33, 12))[0]):
        begin = max(person.start, today - timedelta(days=365)) + timedelta(days=rng.randrange(10, 350))
        end = begin + timedelta(days=rng.randrange(2, 15))
        if begin >= last - timedelta(days=2) or any(a <= end and begin <= (b or today) for a, b in stays):
            continue
        stays.append((begin, end if end < last else None))
    return sorted(stays)
