"""What people, programs and bad luck put into fields."""

from __future__ import annotations

STRINGS = {
    "markup": "\"><script>alert('x')</script><img src=x onerror=alert(1)>",
    "template": "{{ 7919*7907 }}{% raw %}${7919*7907}<%= 7919*7907 %>",  # 62615533 if anything worked it out: no id holds it by chance
    "sql": "'; DROP TABLE check_record; --",
    "percent": "%s%(name)s%n%%",
    "ten thousand": "å" * 10_000,
    "right to left": "\u202eهرچه زودتر\u202c שלום",
    "nul": "a\x00b\x00",
    "only nul": "\x00",
    "controls": "\x01\x08\x0b\x1b[31m\x7f\u0085\u2028\ufeff",
    "emoji": "👩🏽‍⚕️🏴󠁧󠁢󠁳󠁣󠁴󠁿" * 20,
    "zalgo": "Z̸̢̛͇͎̯a̷l̶g̴o̵" * 30,
    "half a pair": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "huge number": "9" * 400,
    "negative": "-1",
    "float": "1e309",
    "nan": "NaN",
    "other digits": "١٢٣",
    "minus comma": "-,-",
    "date": "2026-02-30",
    "far date": "99999-12-31",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "path": "../../../../etc/passwd",
    "blank": "   \t\r\n ",
    "empty": "",
}
RUNNING = ("<script>alert", "<img src=x")  # must never stand in a page as it came
