"""The words a form's checks are made of, numbered: envelope v2 carries numbers. Fixed for ever by the bundle file.

Twin: sw/wordlist.js."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.bundles.model import Field, Form

OWN = ("_on", "_actions", "_outcome")
MOST = 256


def words(form: Form) -> list[str]:
    """Names and option codes in file order, flag codes, then what rules read of history; each once."""
    found = [*OWN, *form.contexts, *_fields(form.answers), *(flag.code for flag in form.flags)]
    reads = form.reads
    for told in (reads.last, reads.items, reads.past):
        for name in sorted(told):
            found += [name, *sorted(told[name])]
    return list(dict.fromkeys([*found, *sorted(reads.facts)]))[:MOST]


def _fields(fields: Iterable[Field]) -> Iterable[str]:
    for one in fields:
        yield one.name
        yield from one.options
        yield from one.words
        if one.items is not None:
            yield from _fields(one.items.fields)
