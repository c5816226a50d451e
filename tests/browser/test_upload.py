"""How batches follow each other up the line: one until the server has answered, then two, and a stop stops them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.browser.tablet import Tablet

RUN = """async ({ names, says, rounds, quick, size, bad }) => {
  const store = await import("/sw/store.js");
  const { upload } = await import("/sw/upload.js");
  const { sha256 } = await import("/sw/vault.js");
  const now = "2026-11-25T12:00:00.000+00:00";
  await store.transact(["outbox"], "strict", tx => {
    for (const id of names) {
      tx.objectStore("outbox").put({ id, hash: "h" + id, kind: 1, vault: 1, saved: now, state: "waiting", at: null, reasons: [],
        again: false, bytes: new TextEncoder().encode(id.padEnd(size)) }, "h" + id);
    }
  });
  const log = [];
  let flying = 0;
  const answer = async (url, { body, signal }) => {
    const ids = [];
    for (let at = 0; at < body.length;) {
      const size = new DataView(body.buffer, body.byteOffset + at, 4).getUint32(0);
      const part = new TextDecoder().decode(body.slice(at + 4, at + 4 + size));
      if (part[0] !== "P") ids.push(part.slice(0, 4));
      at += 4 + size;
    }
    flying += 1;
    const nth = log.push([flying, ids[0], ids.length]) - 1;
    const stumbled = ids.map(id => bad[id]).find(Boolean);
    const said = stumbled ? { wait: 1, status: stumbled } : says[Math.min(nth, says.length - 1)];
    const since = performance.now();
    await new Promise((done, cut) => {
      if (said.wait !== null) setTimeout(done, said.wait ?? 30);
      signal.addEventListener("abort", () => { log.at(nth).push(Math.round(performance.now() - since)); cut(new Error("cut")); });
    }).finally(() => { flying -= 1; });
    const verdicts = ids.map(id => ({ id, hash: "h" + id, verdict: "accepted",
      receipt: { id, content_hash: "c", received_at: now, seq_tag: `${id}.t` }, flags: [] }));
    const good = { wire: 1, server_time: now, epoch: said.epoch ?? "e", verdicts };
    return new Response(JSON.stringify(said.status ? { verdict: "unauthorised" } : good),
      { status: said.status ?? 200, headers: { "Content-Type": "application/json" } });
  };
  const timing = window.setTimeout;
  window.setTimeout = (work, ms, ...more) => timing(work, quick && ms > 1000 ? ms / 100 : ms, ...more);
  let outcome;
  for (let round = 0; round < rounds; round++) outcome = await upload({ token: null, shell: "x", fetch: answer });
  const waiting = (await store.all("outbox")).filter(one => one.state !== "received");
  const [left, why] = [waiting.map(one => one.id), waiting.flatMap(one => one.reasons)];
  return { log, outcome, left, why, last: await store.get("meta", "last_receipt") };
}"""


def sent(
    lab: Tablet, count: int, *says: dict[str, Any], rounds: int = 1, quick: bool = False, size: int = 4, bad: dict[str, int] | None = None,
    more: Sequence[str] = (),
) -> Any:
    """quick: what is patient for seconds is so for hundredths. bad: records over which the server stumbles, and the status it says then."""
    names = [*(f"{n:04}" for n in range(count)), *more]
    return lab.run(RUN, {"names": names, "says": list(says), "rounds": rounds, "quick": quick, "size": size, "bad": bad or {}})


def test_after_the_first_answer_two_batches_are_on_their_way_and_all_arrive_once_in_order(lab: Tablet) -> None:
    found = sent(lab, 1000, {"wait": 300})
    assert max(flying for flying, _, _ in found["log"]) == 2
    assert [flying for flying, _, _ in found["log"]][:2] == [1, 1]
    assert [first for _, first, _ in found["log"]] == ["0000", "0030", "0150", "0390", "0630", "0870"]
    assert sum(many for _, _, many in found["log"]) == 1000
    assert (found["left"], found["outcome"]["sent"], found["outcome"]["paused"]) == ([], 1000, None)


def test_a_quicker_second_answer_waits_for_the_first(lab: Tablet) -> None:
    found = sent(lab, 700, {"wait": 5}, {"wait": 120}, {"wait": 5})
    assert found["left"] == []
    assert found["last"] == "0699.t"


@pytest.mark.parametrize("wait", [5, 120])
def test_a_stop_lets_what_is_on_its_way_land_and_sends_nothing_more(lab: Tablet, wait: int) -> None:
    found = sent(lab, 1200, {"wait": 5}, {"wait": wait, "status": 503}, {"wait": 60})
    assert len(found["log"]) == 3
    assert found["outcome"]["paused"] == "server"
    assert found["left"] == [*(f"{n:04}" for n in range(30, 150)), *(f"{n:04}" for n in range(390, 1200))]


def test_nothing_else_is_sent_while_nobody_knows_whether_the_server_is_there(lab: Tablet) -> None:
    found = sent(lab, 900, {"status": 503})
    assert (len(found["log"]), found["outcome"]["paused"], len(found["left"])) == (1, "server", 900)


def test_who_is_not_known_shows_her_papers_once_and_sends_again_what_was_refused(lab: Tablet) -> None:
    found = sent(lab, 500, {}, {"status": 401}, {"status": 401}, {})
    assert [first for _, first, _ in found["log"]] == ["0000", "0030", "0150", "0030", "0150"]
    assert (found["left"], found["outcome"]["paused"]) == ([], None)
    found = sent(lab, 500, {"status": 401})
    assert ([first for _, first, _ in found["log"]], found["outcome"]["paused"]) == (["0000", "0000"], "unauthorised")


def test_a_server_that_went_back_in_time_gets_everything_again_though_two_batches_were_on_their_way(lab: Tablet) -> None:
    found = sent(lab, 540, {"epoch": "old"}, {"epoch": "old"}, {"epoch": "new"})
    assert found["outcome"]["newEpoch"] is True
    again = [first for _, first, _ in found["log"]]
    assert again == ["0000", "0030", "0150", "0390", "0000", "0240", "0480"]
    assert found["left"] == []


def test_a_line_too_slow_for_much_gets_less_and_more_time_until_it_answers(lab: Tablet) -> None:
    silence: dict[str, Any] = {"wait": None}
    found = sent(lab, 240, silence, silence, silence, {"wait": 1}, rounds=4, quick=True, size=400)
    assert [(first, many) for _, first, many, *_ in found["log"]][:6] == [
        ("0000", 240), ("0000", 59), ("0000", 14), ("0000", 10), ("0010", 20), ("0030", 20),
    ]  # fmt: skip
    assert found["left"] == []
    waits = [rest[0] for _, _, _, *rest in found["log"][:3]]
    assert 300 < waits[0] < 400  # hundredths: 8 s, and 24 s for 96 kB
    assert 200 < waits[1] < 300


@pytest.mark.parametrize("status", [500, 502, 403])
def test_a_record_that_the_server_stumbles_over_waits_and_delays_nobody(lab: Tablet, status: int) -> None:
    bad = {"0000": status, "0044": status}
    first = sent(lab, 100, {"wait": 1}, bad=bad)
    assert (len(first["log"]), len(first["left"])) == (1, 100)  # whether it is the server or a record nobody knows yet
    found = sent(lab, 100, {"wait": 1}, bad=bad)
    assert (found["left"], found["why"], found["outcome"]["paused"]) == (["0000", "0044"], ["unanswered", "unanswered"], None)
    assert len(found["log"]) < 40
    later = sent(lab, 0, {"wait": 1})
    assert (later["left"], later["outcome"]["paused"]) == ([], None)


def test_a_server_that_stumbles_over_everything_is_asked_seldom(lab: Tablet) -> None:
    bad = {f"{n:04}": 500 for n in range(240)}
    sent(lab, 240, {"wait": 1}, bad=bad)
    found = sent(lab, 0, {"wait": 1}, bad=bad)
    assert found["log"][0][2] == 0  # first nothing but a greeting
    assert len(found["log"]) < 20
    assert (len(found["left"]), found["outcome"]["paused"]) == (240, "server")


def test_what_the_server_stumbles_over_keeps_neither_news_nor_pictures_waiting(lab: Tablet) -> None:
    # given: nothing waits but what it stumbled over
    sent(lab, 1, {"wait": 1}, rounds=2, bad={"0000": 500})
    found = sent(lab, 0, {"wait": 1}, bad={"0000": 500})
    assert [many for _, _, many in found["log"]] == [0, 1]
    assert (found["left"], found["why"], found["outcome"]["paused"]) == (["0000"], ["unanswered"], None)
    # and: with another, which goes first
    found = sent(lab, 0, {"wait": 1}, bad={"0000": 500}, more=["0001"])
    assert [first for _, first, _ in found["log"]] == ["0001", "0000"]
    assert (found["left"], found["why"], found["outcome"]["paused"]) == (["0000"], ["unanswered"], None)
