"""A measure as a file for a spreadsheet: data, definition, rules used, and the chart. What somebody typed never becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webapp import csv_file
from webapp.bedside import says
from webapp.measures import months, pages, verdicts
from webapp.measures.series import Series
from webapp.words import Translate

Cell = str | float | int | None
BLUE = "#0062ba"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chart with what stands around it, ready to be written."""

    shown: Series
    unit: str
    only: bool
    decided: Sequence[dict[str, Any]]
    t: Translate
    lang: str

    @property
    def title(self) -> str:
        return says.text(self.shown.count.text["title"], self.lang)

    @property
    def header(self) -> list[str]:
        t, shown = self.t, self.shown
        return [verdicts.grain_word(shown.grain, t), t("Fra dato"), t("Teller"), t("Nevner"), pages.word(shown, t),
                verdicts.centre_word(shown, t), t("Nedre kontrollgrense"), t("Øvre kontrollgrense"), t("Mål"), t("Dekning"),
                t("Kom sent"), t("Status")]  # fmt: skip

    def rows(self) -> Iterator[list[Cell]]:
        """Oldest first; what may not be shown is empty, as it is a dash on the page."""
        for place, one in enumerate(self.shown.points):
            made, said = self.shown.chart.points[place], pages.row(self.shown, place, self.only, self.t)
            hide = said["num"] == "–"
            share = None if said["coverage"] == "–" or one.coverage is None else round(100 * one.coverage)
            late = None if said["late"] == "–" else one.late
            den = None if hide or self.shown.count.is_between else one.den
            num = None if hide else one.num if one.middle is None else one.middle
            yield [said["month"], one.period.isoformat(), num, den, self.shown.values[place], made.centre,
                   made.lower, made.upper, self.shown.target, share, late, said["state"]]  # fmt: skip

    def about(self) -> list[tuple[str, str]]:
        """Definition and rules: what the numbers are, and by what they were judged."""
        t, text = self.t, self.shown.count.text
        told = [(t("Måling"), f"{self.shown.count.id} {self.title}"), (t("Enhet"), self.unit)]
        told += [(name, says.text(text[key], self.lang)) for name, key in
                 ((t("Teller"), "numerator"), (t("Nevner"), "denominator"), (t("Holdes utenfor"), "exclusions"))]  # fmt: skip
        if note := pages.notes(self.shown.count, self.lang):
            told.append((t("Merk"), note))
        told += [(t("Versjon"), self.shown.count.bundle), (t("Diagram"), verdicts.kind_word(self.shown.kind, t)),
                 (t("Vurdering"), verdicts.verdict(self.shown, t)[1]),
                 (t("Regler"),
                  t("Anhøj-reglene på punktene som teller; foreløpige og ufullstendige punkter er holdt utenfor."))]  # fmt: skip
        if self.shown.kind != "run":
            told.append((t("Regler"), t("3-sigma: punkter utenfor kontrollgrensene, som er tre standardavvik fra midtlinjen.")))
        if self.shown.plan.ghosts:
            told.append((t("Vurdering"), t("Med punktene som er holdt utenfor: %(sentence)s",
                                           sentence=verdicts.verdict(self.shown.without_ghosts(), t)[1])))  # fmt: skip
        if beside := self.shown.count.text["shown_with"]:
            told.append((t("Må leses sammen med"), ", ".join(beside)))
        return told + [(one["text"], f"{one['reason']} ({one['by']}, {one['at']})") for one in self.decided]


def csv(sheet: Sheet) -> str:
    def cell(value: Cell) -> str:
        return "" if value is None else value if isinstance(value, str) else f"{value:.6g}".replace(".", ",")

    return "".join(csv_file.lines(sheet.header, ([cell(one) for one in row] for row in sheet.rows())))


def xlsx(sheet: Sheet) -> bytes:
    """Text is written as text, never read as a formula or a link."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        data, about = book.add_worksheet(sheet.t("Data")), book.add_worksheet(sheet.t("Definisjon og regler"))
        rows = list(sheet.rows())
        for column, text in enumerate(sheet.header):
            data.write_string(0, column, text, bold)
        for n, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    data.write_string(n, column, csv_file.safe(value))
                elif value is not None:
                    data.write_number(n, column, value)
        data.freeze_panes(1, 1)
        data.set_column(0, len(sheet.header) - 1, 14)
        data.insert_chart(1, len(sheet.header) + 1, drawn(book, data.get_name(), len(rows), sheet), {"x_scale": 1.8, "y_scale": 1.6})
        for n, (name, text) in enumerate(sheet.about()):
            about.write_string(n, 0, csv_file.safe(name), bold)
            about.write_string(n, 1, csv_file.safe(text), wrap)
        about.set_column(0, 0, 34)
        about.set_column(1, 1, 90)
    return out.getvalue()


def drawn(book: Any, name: str, count: int, sheet: Sheet) -> Any:
    """The chart in the file itself, on the numbers beside it."""
    chart = book.add_chart({"type": "line"})
    header = sheet.header
    columns = [4, 5] + ([6, 7] if sheet.shown.kind != "run" else []) + ([8] if sheet.shown.target is not None else [])
    for column in columns:
        line: dict[str, Any] = {"color": BLUE, "width": 2} if column == 4 else {"color": "#1e2b3c", "width": 1.25}
        if column > 5:
            line["dash_type"] = "dash" if column == 8 else "round_dot"
        marker = {"type": "circle", "fill": {"color": BLUE}, "border": {"color": BLUE}} if column == 4 else {"type": "none"}
        chart.add_series({
            "name": header[column], "categories": [name, 1, 0, count, 0], "values": [name, 1, column, count, column], "line": line,
            "marker": marker, "points": hollow(sheet.shown) if column == 4 else [],
        })  # fmt: skip
    chart.set_title({"name": sheet.title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    return chart


def hollow(shown: Series) -> list[dict[str, Any] | None]:
    """A point that does not count is open here too."""
    return [None if one.counted else {"fill": {"color": "white"}, "border": {"color": BLUE}} for one in shown.chart.points]


def filename(sheet: Sheet, ending: str) -> str:
    """Without anything that a header or a file system trips over."""
    unit = "".join(one if one.isascii() and one.isalnum() else "-" for one in sheet.unit)
    last = months.named(sheet.shown.points[-1].period, sheet.shown.grain).replace("/", "-").replace(".", "-")
    return f"{sheet.shown.count.id}-{unit}-{last}.{ending}"
