"""What a loaded bundle is: plain data with compiled conditions. Names are those of the TOML file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from webapp.bundles.kinds import Condition, Type

Text = dict[str, str]


@dataclass(slots=True)
class Cases:
    """First true case wins; none true = `otherwise`, or missing."""

    cases: list[tuple[Condition, Condition]]
    otherwise: Condition | None


@dataclass(slots=True)
class Derived:
    name: str
    type: Type
    how: Cases
    label: Text | None = None
    option_labels: dict[str, Text] = field(default_factory=dict)
    place: str = ""


@dataclass(slots=True)
class Validation:
    id: str
    level: str
    when: Condition
    field: str
    text: Text


@dataclass(slots=True)
class Points:
    """What a uuid that is chosen names: an earlier check by one of its answers, or a card that is finished (no form)."""

    form: str
    key: str
    shows: tuple[str, ...]


@dataclass(slots=True)
class Field:
    """One question, one group of questions, or one list of cards."""

    name: str
    label: Text
    type: str
    place: str = ""
    hint: Text | None = None
    short: Text | None = None  # instead of the label in {list}
    section: str = ""
    options: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    option_labels: dict[str, Text] = field(default_factory=dict)
    option_hints: dict[str, Text] = field(default_factory=dict)
    exclusive: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    warn_below: int | None = None
    warn_above: int | None = None
    min_len: int = 0
    max_len: int = 0
    pattern: str = ""
    exactly: int = 0
    not_future: bool = False
    optional: bool = False
    asked: Condition | None = None
    required: Condition | None = None
    opened: Condition | None = None
    hint_n: Condition | None = None
    hint_when: Condition | None = None
    prefill: bool = False
    prefill_from: Condition | None = None
    confirm: bool = False
    slow: bool = False
    auto: str = ""
    points_at: Points | None = None
    chips: tuple[int, ...] = ()  # numbers that are one tap
    more_chip: int | None = None  # the tap for "more than the last of them"
    group: str = ""
    all_ok: str = ""
    members: list[Field] = field(default_factory=list)
    items: Items | None = None

    @property
    def value_type(self) -> Type:
        if self.type == "multi":
            return Type("set", self.options)
        return Type(self.type, self.options or self.words)


@dataclass(slots=True)
class Items:
    """The card part of a list field."""

    key: str
    state: str
    final: tuple[str, ...]
    fresh: str
    identity: str
    item_title: Text
    subject_label: str
    min_items: int
    max_items: int
    fields: list[Field]
    derived: list[Derived] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    order: list[tuple[str, int]] = field(default_factory=list)

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    @property
    def named(self) -> list[Field | Derived]:
        """Everything on a card that has a name."""
        return [*self.fields, *self.derived]


@dataclass(slots=True)
class Flag:
    rule: str
    code: str
    severity: str
    when: Condition
    text: Text
    each: tuple[str, str] | None = None  # ("list", name) ("open", identity) ("trigger", type)
    subject: str = ""
    timed: bool = False
    entries: list[dict[str, Any]] = field(default_factory=list)  # `list` in the file
    n: Condition | None = None
    inputs: list[str] = field(default_factory=list)
    closes_on_action: str = ""
    closed_by: tuple[str, str] | None = None  # (form, its answer that holds the subject)
    place: str = ""
    listed: Field | None = None  # the list behind `each = "open LIST"`


@dataclass(slots=True)
class Emits:
    trigger: str
    on: Condition
    when: Condition | None


@dataclass(slots=True)
class Due:
    reason: Text
    base: str  # latest trigger on from open flag
    when: Condition | None = None
    days: Condition | None = None
    workdays: Condition | None = None
    offset: Condition | None = None
    trigger: tuple[str, ...] = ()
    date: Condition | None = None
    each: str = ""
    next_visit: bool = False
    otherwise: bool = False
    place: str = ""
    listed: Field | None = None  # the list behind `each = "open LIST"`


@dataclass(slots=True)
class Reads:
    """The facts from history that a form's rules name: exactly these travel with a check."""

    last: dict[str, set[str]] = field(default_factory=dict)
    items: dict[str, set[str]] = field(default_factory=dict)
    earlier: set[str] = field(default_factory=set)
    past: dict[str, set[str]] = field(default_factory=dict)
    facts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Form:
    id: str
    bundle: str
    version: int
    title: Text
    short: Text
    icon: str = ""
    intro: Text | None = None
    quick: bool = False
    contexts: tuple[str, ...] = ()
    extra_actions: tuple[str, ...] = ()
    action_labels: dict[str, Text] = field(default_factory=dict)
    action_hints: dict[str, Text] = field(default_factory=dict)
    per_subject: str = ""
    applies: Condition | None = None
    declined_soon: Condition | None = None
    declined_days: Condition | None = None  # how long a refusal moves the date: 30, or 7 when it cannot wait
    declined_soon_days: Condition | None = None
    sections: list[tuple[str, Text]] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    derived: list[Derived] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    emits: list[Emits] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    summary: tuple[str, ...] = ()
    order: list[tuple[str, int]] = field(default_factory=list)
    reads: Reads = field(default_factory=Reads)
    prefill_reads: Reads = field(default_factory=Reads)
    due_reads: Reads = field(default_factory=Reads)
    defaults: dict[str, int] = field(default_factory=dict)
    siblings: list[Form] = field(default_factory=list, repr=False)  # all forms of the bundle
    _answers: list[Field] = field(default_factory=list, repr=False)
    _lists: list[Field] | None = field(default=None, repr=False)

    @property
    def answers(self) -> list[Field]:
        """Every field that holds an answer, groups opened, in file order: the order of the codec."""
        if not self._answers:
            self._answers = [one for top in self.fields for one in (top.members if top.type == "group" else [top])]
        return self._answers

    def field(self, name: str) -> Field | None:
        return next((one for one in [*self.fields, *self.answers] if one.name == name), None)

    @property
    def named(self) -> list[Field | Derived]:
        """Answers and derived values."""
        return [*self.answers, *self.derived]

    @property
    def lists(self) -> list[Field]:
        if self._lists is None:
            self._lists = [one for one in self.fields if one.items is not None]
        return self._lists


@dataclass(slots=True)
class Bundle:
    id: str
    version: int
    released: bool
    title: Text
    short: Text
    intro: Text
    icon: str
    guidance_version: str
    sources: list[dict[str, Any]]
    parameters: dict[str, dict[str, Any]]
    labels: dict[str, Text]
    forms: list[Form]
    measures: list[dict[str, Any]]
    hash: str
    path: str
    find: Callable[[str], Form | None] = field(default=lambda _id: None, repr=False)  # forms of other bundles too

    def form(self, form_id: str) -> Form | None:
        return next((one for one in self.forms if one.id == form_id), None)
