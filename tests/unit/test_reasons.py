"""Every code with which a record is kept back has its own sentence, the same on both sides."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fixtures.javascript import Js
from webapp import reasons
from webapp.words import translator

SYNC = Path(__file__).parents[2] / "webapp" / "sync"
PATTERN = re.compile(
    r'(?:Unfit|Damaged|Refused)\("(\w+)"|reasons = \["(\w+)"\]|reasons=\["(\w+)"\]|damage = "(\w+)"|"(?:conflict|unfit)", reason="(\w+)"'
)
LATER = re.compile(r'Later\("(\w+)"|later = "(\w+)"|reason = "(\w+)" if .* else "(\w+)"')


def codes(pattern: re.Pattern[str]) -> set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SYNC.glob("*.py"))
    return {code for found in pattern.findall(source) for code in found if code}


def test_every_code_the_server_gives_has_a_sentence_of_its_own() -> None:
    assert len(codes(PATTERN)) > 12
    assert {code for code in codes(PATTERN) if code not in reasons.REFUSED} == set()
    assert codes(LATER) - set(reasons.WAITS) == set()
    assert codes(LATER) >= {"unknown_kid", "disk", "busy", "kind_not_taken", "newer_app"}


def test_a_record_that_waits_is_never_said_to_be_with_the_supervisor() -> None:
    for code in (*reasons.WAITS, *reasons.REFUSED, "anything"):
        assert "eder ser" not in reasons.sentence("waiting", code, translator("nb"))


def test_the_device_says_the_same(js: Js) -> None:
    known = [*reasons.REFUSED, *reasons.WAITS, *reasons.DECIDED, "not_judged_KeyError", "anything"]
    asked = [(state, code) for state in ("waiting", "quarantined", "received") for code in known]
    script = """async asked => {
      const { sentence } = await import("/sw/reasons.js");
      return asked.map(([state, code]) => sentence(state, code, text => text));
    }"""
    assert js.run(script, asked) == [reasons.sentence(state, code, translator("nb")) for state, code in asked]
