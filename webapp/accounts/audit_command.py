"""`webapp audit verify [NUMBER HASH]`: whether the access log is whole."""

from __future__ import annotations

import sys

from webapp import db
from webapp.accounts import chain


def run(database_url: str, number: int | None, noted: str | None) -> int:
    """0 and the newest link; 1 and what is wrong."""
    engine = db.make_engine(database_url)
    try:
        with db.open_session(engine, write=True) as session:
            while chain.extend(session) == chain.MOST:
                session.commit()
            session.commit()
            told = chain.verify(session, (number, noted) if number and noted else None)
    finally:
        engine.dispose()
    if told.wrong:
        sys.stderr.write("\n".join(["The access log is NOT whole.", *told.wrong]) + "\n")
        return 1
    sys.stdout.write(f"The access log is whole: {told.links} rows, each linked to the one before.\n")
    sys.stdout.write(f"Keep this elsewhere, and give it next time: webapp audit verify {told.links} {told.hash}\n")
    return 0
