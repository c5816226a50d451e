"""`make security`: exit 0 when every finding of medium or worse is explained, and every tool did its work."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests import in_memory
from tests.security import code, crawl
from tests.security.findings import Finding, reasons, sorted_out

LEAST = 12  # pages that each crawl must have seen, the log-in page and its like included


def crawls(seconds: int) -> tuple[list[crawl.Crawl], int]:
    """As each reader, and how many addresses there are. In memory where there is enough: wapiti's own database gives up on a busy disk."""
    with (
        in_memory.temporary() as place,
        tempfile.TemporaryDirectory(prefix="tryggrunde-security-", dir=place.get("TMPDIR")) as name,
        crawl.served(Path(name)) as (filled, server),
    ):
        if missed := crawl.control(Path(name), seconds):
            raise code.ToolTrouble(f"wapiti did not find what was planted for it: {', '.join(missed)}")
        known = crawl.addresses(filled)
        return [crawl.crawl(filled, server, actor, Path(name), seconds) for actor in crawl.READERS], len(known)


def main() -> int:
    rules = code.rules_hold()
    of_bandit, loc = code.bandit()
    of_semgrep, files = code.semgrep()
    crawled, known = crawls(int(os.environ.get("SECONDS_EACH", "15")))
    found: list[Finding] = [*of_bandit, *of_semgrep, *(one for each in crawled for one in each.found)]
    open_ones, explained, idle = sorted_out(found, reasons())
    for one in open_ones:
        print(f"NOT EXPLAINED: {one}")
    for reason in idle:
        print(f"Explains nothing any more: {reason}")
    broken = [f"{each.who}: {line}" for each in crawled for line in each.broken]
    for line in broken:
        print(f"BROKEN: {line}")
    blind = [f"{each.who} saw {each.pages} pages only" for each in crawled if each.pages < LEAST]
    for line in blind:
        print(f"BLIND: {line}")
    seen = ", ".join(f"{each.who} {each.pages}" for each in crawled)
    print(
        f"security: bandit {loc} lines, semgrep {rules} rules over {files} files, wapiti {known} addresses (requests seen: {seen}); "
        f"{len(open_ones)} findings not explained, {len(explained)} explained, {len(idle)} explanations of nothing, {len(broken)} broken"
    )
    return 1 if open_ones or idle or broken or blind else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except code.ToolTrouble as wrong:
        sys.exit(str(wrong))
