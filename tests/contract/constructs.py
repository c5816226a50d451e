"""Small templates, one construct each. `SAME` must give the same bytes; `LOUD` must fail on both sides when rendered;
`REFUSED` must be refused when the app is built."""

from __future__ import annotations

from typing import Any

CONTEXT: dict[str, Any] = {
    "name": "Ola <b>& \"Kari\" 'x'</b>", "empty": "", "zero": 0, "one": 1, "n": 41, "yes": True, "no": False, "nothing": None,
    "xs": ["a", "b<", "ø"], "bare": [], "numbers": [1, 2, 3], "d": {"title": "T&T", "count": 3, "rows": ["r1", "r2"], "on": True},
    "people": [{"name": "Åse", "tags": [{"t": "x"}, {"t": "y"}]}, {"name": "Bø <i>", "tags": []}],
    "odd": "%(n)s $1 ${x} `\\ \u2028 \r\n 😀",
    "emptydict": {}, "half": 1.5, "huge": 2**60, "nested": [[1, 2], [3]], "mixed": ["a", True], "loopy": {"index": 7},
}
PARTS = {
    "ui.html": '{% macro icon(name) %}<i class="{{ name }}"></i>{% endmacro %}\n{% macro pair(a, b="z") %}{{ a }}-{{ b }}{% endmacro %}\n'
               '{% macro box(title) %}<div>{{ title }}:{{ caller() }}</div>{% endmacro %}\n'
               '{% macro each(rows) %}{% for row in rows %}[{{ caller(row, loop.index) }}]{% endfor %}{% endmacro %}\n'
               '{% macro both(x) %}{{ icon(x) }}{{ pair(x) }}{% endmacro %}\n'
               '{% macro tree(x, depth) %}{{ depth }}{% if depth %}{{ tree(x, depth - 1) }}{% endif %}{% endmacro %}\n',
    "row.html": "<li>{{ x }}{{ name }}</li>\n", "deep.html": '{% for x in numbers %}{% include "row.html" %}{% endfor %}\n',
    "flagged.html": "{{ x }}{{ first|default('-') }}",
    "again.html": '{{ depth }}{% if depth %}'
    '{% set depth = depth - 1 %}{% include "again.html" %}{% endif %}',
    "base.html": '{% from "ui.html" import icon %}\n<html>{% block head %}H{{ name }}{% endblock %}|{% block main %}M{% endblock %}|'
                 '{% if yes %}{% block foot %}F{{ icon("q") }}{% endblock %}{% endif %}</html>\n',
    "middle.html": '{% extends "base.html" %}\n{% block main %}<main>{% block inner %}I{% endblock %}{{ super() }}</main>{% endblock %}\n',
}

SAME: list[str] = [
    # text and whitespace
    'plain', '', ' \n x \n\n', 'a\n  {% if yes %}\n  b\n  {% endif %}\nc\n', 'a {%- if yes -%} b {%- endif %} c',
    '{# gone #}x{# gone\n too #}\ny', '{% raw %}{{ x }}{% endraw %}', '`${x}` \\ \\n \\u0041 \'" ', '</script><!-- -->',
    'ÆØÅ æøå 😀 \u2028 \u2029 \xa0', "{{ '' }}", 'tab\there',
    # printing and escaping
    '{{ name }}', '{{ name|e }}', '{{ name|e|e }}', '{{ name|escape }}', '{{ odd }}', '{{ n }}', '{{ zero }}', "{{ '<b>' }}",
    '{{ "it\'s" }}', "{{ 'a\\nb' }}", '{{ 12 }}', "{{ 'x' if yes else 'y' }}", "{{ 'x' if no else name }}", "{{ 'x' if no }}",
    '{{ name if yes }}', '{{ d.title }}', "{{ d['title'] }}", '{{ xs[0] }}{{ xs[1] }}', "{{ people[0].name }}{{ people[1]['name'] }}",
    '<a title="{{ name }}" b=\'{{ name }}\'>', '{{ empty or name }}', '{{ name and n }}', "{{ zero or empty or 'x' }}",
    "{{ (empty or 'y')|e }}", '{{ d.rows|length }}', '{{ xs|count }}', "{{ xs|join(', ') }}", "{{ xs|join('<') }}", '{{ xs|join }}',
    "{{ numbers|join('-') }}", "{{ bare|join(',') }}", "{{ lost|default('f&b') }}", '{{ d.lost|default(name) }}',
    "{{ name|default('x') }}", "{{ empty|default('x') }}", "{{ xs[9]|default('x') }}", "{{ xs|join('&')|e }}",
    # arithmetic and comparison
    '{{ n + 1 }}', '{{ n - 50 }}', '{{ n * 2 }}', '{{ -n }}', '{{ 1 + 2 * 3 }}', '{{ (1 + 2) * 3 }}', '{{ numbers|length - 1 }}',
    '{{ 0 - zero }}', '{% if n == 41 %}y{% endif %}', '{% if n != 41 %}y{% else %}n{% endif %}',
    '{% if n > 40 and n < 42 %}y{% endif %}', '{% if n >= 41 %}y{% endif %}', "{% if name == 'x' %}y{% else %}n{% endif %}",
    '{% if yes == true %}y{% endif %}', '{% if yes == 1 %}y{% endif %}', "{% if one == '1' %}y{% else %}n{% endif %}",
    '{% if no == 0 %}y{% endif %}', '{% if nothing == empty %}y{% else %}n{% endif %}', '{% if nothing is none %}y{% endif %}',
    '{% if name|e == name %}y{% else %}n{% endif %}', "{% if 'a' in xs %}y{% endif %}", "{% if 'q' not in xs %}y{% endif %}",
    '{% if n in [1, 41] %}y{% endif %}', "{% if name in ('a', 'b') %}y{% else %}n{% endif %}",
    '{% if 1 in mixed %}y{% else %}n{% endif %}', '{% if 1 in nested %}y{% else %}n{% endif %}',
    '{% if n <= 0 %}{% elif n == 1 %}b{% elif n %}c{% else %}d{% endif %}',
    # truth
    '{% if xs %}y{% endif %}', '{% if bare %}y{% else %}n{% endif %}', '{% if empty %}y{% else %}n{% endif %}',
    '{% if zero %}y{% else %}n{% endif %}', '{% if emptydict %}y{% else %}n{% endif %}', '{% if d %}y{% endif %}',
    '{% if nothing %}y{% else %}n{% endif %}', '{% if half %}y{% endif %}', '{% if not xs %}y{% else %}n{% endif %}',
    '{% if not not name %}y{% endif %}', '{% if (no or bare) %}y{% else %}n{% endif %}', '{% if empty|e %}y{% else %}n{% endif %}',
    "{% if '0' %}y{% endif %}", '{% if lost is defined %}y{% else %}n{% endif %}', '{% if d.lost is not defined %}y{% endif %}',
    '{% if name is undefined %}y{% else %}n{% endif %}', '{% if d.on and not d.lost is defined %}y{% endif %}',
    '{% if yes or lost %}y{% endif %}', '{% if lost is none %}y{% else %}n{% endif %}',
    # loops
    '{% for x in xs %}{{ x }},{% endfor %}', '{% for x in bare %}{{ x }}{% else %}empty{% endfor %}',
    '{% for x in xs %}{{ x }}{% else %}e{% endfor %}',
    '{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }};{% endfor %}',
    '{% for x in xs %}{% if not loop.first %}, {% endif %}{{ x }}{% if loop.last %}.{% endif %}{% endfor %}',
    '{% for p in people %}{{ p.name }}({% for g in p.tags %}{{ loop.index }}{{ g.t }}{% endfor %}){{ loop.index }}{% endfor %}',
    '{% for name in xs %}{{ name }}{% endfor %}{{ name }}', '{% for d in d.rows %}{{ d }}{% endfor %}{{ d.title }}',
    '{% for x in nested %}{% for x in x %}{{ x }}{% endfor %}{% endfor %}', "{% for x in [1, 'b', name] %}{{ x }}{% endfor %}",
    '{% for x in (1, 2) %}{{ x }}{% endfor %}', '{% for x in [] %}{{ loop.index }}{% else %}-{% endfor %}',
    '{% for p in people %}{% for g in p.tags %}{{ g.t }}{% else %}{{ loop.index }}{% endfor %}{% endfor %}',
    '<ul>\n{% for x in xs %}\n  <li>{{ x }}</li>\n{% endfor %}\n</ul>', '{% for x in xs %}{{ x }}{% endfor %}',
    '{% for x in (bare or xs) %}{{ x }}{% endfor %}', '{% for x in xs %}{{ lost|default(x) }}{% endfor %}',
    # set
    '{% set a = 1 %}{{ a }}', "{% set name = 'x' %}{{ name }}", "{{ name }}{% set name = 'x' %}{{ name }}",
    "{% if yes %}{% set a = 'q' %}{% endif %}{{ a }}", "{% if no %}{% set name = 'q' %}{% endif %}{{ name }}",
    '{% set n = n + 1 %}{{ n }}', '{% for x in xs %}{% set a = x %}{{ a }}{% endfor %}',
    "{% set a = 'o' %}{% for x in xs %}{{ a }}{% set a = x %}{{ a }}{% endfor %}{{ a }}",
    '{% set a %}<b>{{ name }}</b>{% endset %}{{ a }}{{ a|e }}', '{% set a %}{% endset %}{% if a %}y{% else %}n{% endif %}',
    '{% for x in xs %}{% if loop.first %}{% set name = x %}{% endif %}{{ name }}{% endfor %}',
    '{% set a = lost %}{% if a is defined %}y{% else %}n{% endif %}', '{% set a = xs %}{% set b = a %}{{ b|length }}',
    # includes
    '{% include "deep.html" %}', '{% for x in xs %}{% include "row.html" %}{% endfor %}', '{% set x = "s" %}{% include "row.html" %}',
    '{% for x in xs %}{% set first = loop.first %}{% if first %}{% include "row.html" %}{% endif %}{% endfor %}',
    '{% for x in xs %}{% set first = loop.index %}{% include "flagged.html" %}{% endfor %}',
    '{% set depth = 3 %}{% include "again.html" %}{{ depth }}',
    '{% for x in xs %}{% for name in numbers %}{% include "row.html" %}{% endfor %}{% endfor %}',
    # macros and calls
    '{% from "ui.html" import icon %}{{ icon("a&b") }}',
    '{% from "ui.html" import icon as i, pair %}{{ i(name) }}{{ pair(1) }}{{ pair(1, 2) }}{{ pair(b=1, a=name) }}',
    '{% from "ui.html" import both %}{{ both("x<") }}', '{% from "ui.html" import tree %}{{ tree("x", 3) }}',
    "{% macro m(a) %}{{ a }}!{% endmacro %}{{ m(name) }}{{ m(m('<')) }}",
    '{% from "ui.html" import box %}{% call box("t") %}<b>{{ name }}</b>{% endcall %}',
    '{% from "ui.html" import each %}{% call(x, i) each(xs) %}{{ i }}{{ x }}{{ n }}{% endcall %}',
    '{% from "ui.html" import icon %}{% for x in xs %}{{ icon(x) }}{% endfor %}',
    '{% from "ui.html" import icon %}{% if icon("a") %}y{% endif %}',
    '{% macro m(a) %}{% for b in a %}{{ loop.index }}{{ b }}{% endfor %}{% endmacro %}{{ m(xs) }}{{ m([]) }}',
    "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m('x') }}", "{% macro m(a) %}{% set c = a %}{{ c }}{% endmacro %}{{ m('x') }}",
    "{% macro m(a) %}{% if a %}{% set a = 'y' %}{% endif %}{{ a }}{% endmacro %}{{ m('x') }}{{ m('') }}",
    '{% macro m() %}  x\n{% endmacro %}\n[{{ m() }}]',
    "{% macro m(a) %}{{ 'given' if a else 'not' }}{% endmacro %}{{ m(xs) }}{{ m(bare) }}",
    '{% from "ui.html" import icon %}{{ icon("x")|e }}', "{% macro m(a) %}{{ a|default('d') }}{% endmacro %}{{ m(lost) }}",
    '{% from "ui.html" import box, icon %}{% for x in xs %}{% call box(x) %}{{ icon(x) }}{{ x }}{% endcall %}{% endfor %}',
    # inheritance
    '{% extends "base.html" %}', '{% extends "base.html" %}\n{% block main %}C{{ n }}{% endblock %}\n',
    '{% extends "base.html" %}{% block main %}[{{ super() }}]{% endblock %}',
    '{% extends "middle.html" %}{% block inner %}J{{ super() }}{% endblock %}',
    '{% extends "middle.html" %}{% block main %}{{ super() }}K{% endblock %}{% block head %}{% endblock %}',
    '{% extends "base.html" %}{% set name = "changed" %}',
    '{% extends "base.html" %}{% from "ui.html" import pair %}{% block foot %}{{ pair(n) }}{% for x in xs %}{{ x }}{% endfor %}'
    '{% endblock %}',
    '{% extends "base.html" %}{% block main %}{% set name = "inner" %}{{ name }}{% endblock %}{% block foot %}{{ name }}'
    '{% endblock %}',
    'a{% block a %}b{% block c %}c{% endblock %}{% endblock %}d',
    '{% extends "base.html" %}{% block main %}{% for x in xs %}{% include "row.html" %}{% endfor %}{% endblock %}',
    '{% set v = "q" %}{% block a %}{{ v }}{% endblock %}',
    # translation
    "{{ _('Født') }}", "{{ _('Født %(when)s', when=name) }}", "{{ _('%(a)s og %(b)s', b=1, a='x') }}", "{{ _('100 %%') }}",
    "{{ gettext('Fødd') }}", '{{ _(\'it\\\'s "q"\') }}', '<a title="{{ _(\'Lagre "alt"\') }}">', "{% set a = _('Lagre') %}{{ a }}",
    "{% if _('x') %}y{% endif %}", "{{ _('v %(n)s', n=_('Født')) }}", "{{ _('Oversatt %(n)s', n=odd) }}",
]

LOUD: list[str] = [
    '{{ yes }}', '{{ nothing }}', '{{ half }}', '{{ xs }}', '{{ d }}', '{{ huge }}', '{{ lost }}', '{{ d.lost }}', '{{ xs[9] }}',
    '{{ name.title }}', '{{ xs.first }}', '{{ lost.x }}', '{{ d[0] }}', '{{ name[0] }}', '{{ mixed|join }}', '{{ name|join }}',
    '{{ name|length }}', '{{ yes|e }}', '{{ n + yes }}', "{{ name + 'x' }}", '{{ n + half }}', '{{ -name }}',
    '{{ 9007199254740991 + 1 }}', '{% if lost %}{% endif %}', '{% if not lost %}{% endif %}', "{% if name < 'x' %}{% endif %}",
    '{% if xs == xs %}{% endif %}', '{% if n == lost %}{% endif %}', '{% if d == 1 %}{% endif %}', '{% if half == 1 %}{% endif %}',
    "{% if 'a' in name %}{% endif %}", "{% if 'title' in d %}{% endif %}", '{% if xs in nested %}{% endif %}',
    '{% for x in name %}{% endfor %}', '{% for x in d %}{% endfor %}', '{% for x in lost %}{% endfor %}',
    '{% for x in emptydict %}{% else %}e{% endfor %}', '{% for x in nothing %}{% endfor %}', "{{ _('a %(n)s', n=yes) }}",
    "{{ _('a %(n)s', n=lost) }}", '{% macro m(a) %}{{ a }}{% endmacro %}{{ m(yes) }}', '{% set a = lost %}{{ a }}',
    '{% if lost or yes %}{% endif %}', "{{ (lost or 'x') }}", "{{ mixed|join(',') }}", '{{ xs|join(lost) }}', '{{ n * huge }}',
    '{% include "row.html" %}', '{{ yes and yes }}', '{{ no or no }}', '{% if lost in bare %}{% endif %}',
    "{% if 'a' in [lost] %}{% endif %}", '{% if half in bare %}{% endif %}',
]

REFUSED: list[str] = [
    '{{ name|upper }}', '{{ name|safe }}', '{{ name|title }}', '{{ xs|first }}', '{{ xs|sort }}', "{{ xs|map('e')|join }}",
    "{{ name|replace('a', 'b') }}", "{{ xs|join(d=',') }}", '{{ n|string }}', '{{ name.upper() }}', '{{ d.items() }}',
    '{% for k in d.items() %}{% endfor %}', '{{ d.items }}', '{{ d.get }}', '{{ d.__class__ }}', '{{ xs[0:1] }}', '{{ xs[n] }}',
    '{{ xs[-1] }}', '{{ range(3) }}', '{% for x in range(3) %}{% endfor %}', '{{ dict(a=1) }}', "{{ {'a': 1} }}", '{{ 1.5 }}',
    '{{ none_ if None else 1 }}', '{{ true }}', '{{ n == 1 }}', '{{ not n }}', '{{ n is defined }}', '{{ n is odd }}',
    '{% if n is divisibleby 3 %}{% endif %}', '{% if 1 < n < 3 %}{% endif %}', '{{ n / 2 }}', '{{ n // 2 }}', '{{ n % 2 }}',
    '{{ n ** 2 }}', "{{ name ~ 'x' }}", '{{ 99999999999999999999 }}', '{% for x in xs if x %}{% endfor %}',
    '{% for a, b in xs %}{% endfor %}', '{% for x in xs recursive %}{% endfor %}', '{% for x in xs %}{{ loop.previtem }}{% endfor %}',
    "{% for x in xs %}{{ loop.cycle('a') }}{% endfor %}", '{% for x in xs %}{{ loop }}{% endfor %}', '{{ loop.index }}',
    '{% for loop in xs %}{% endfor %}', '{% set a, b = xs %}', '{% set ns = namespace(a=1) %}', '{% set ns.a = 1 %}', '{% set _ = 1 %}',
    '{% set a | upper %}x{% endset %}', '{% with a = 1 %}{% endwith %}', '{% filter upper %}x{% endfilter %}',
    '{% autoescape false %}x{% endautoescape %}', '{% do xs %}', '{% trans %}x{% endtrans %}', '{% break %}',
    '{% import "ui.html" as ui %}', '{% from "ui.html" import nope %}', '{% from "ui.html" import icon with context %}',
    '{% from "none.html" import icon %}', '{% from name import icon %}', '{% from "row.html" import x %}',
    'x{% from "ui.html" import icon %}', '{% if yes %}{% from "ui.html" import icon %}{% endif %}',
    '{% from "ui.html" import icon %}{{ icon }}', '{% from "ui.html" import icon %}{{ icon() }}',
    '{% from "ui.html" import icon %}{{ icon("a", "b") }}', '{% from "ui.html" import icon %}{{ icon(nme="a") }}',
    '{% from "ui.html" import icon %}{{ icon("a", name="a") }}', '{% from "ui.html" import icon %}{{ icon(*xs) }}',
    '{% from "ui.html" import icon %}{% set icon = 1 %}', '{% from "ui.html" import icon %}{% for icon in xs %}{% endfor %}',
    '{% from "ui.html" import icon %}{% call icon("a") %}{% endcall %}', '{% from "ui.html" import box %}{{ box("t") }}',
    '{% from "ui.html" import each %}{% call(x) each(xs) %}{% endcall %}', '{% call name() %}{% endcall %}', '{{ caller() }}',
    '{{ name() }}', '{{ unknown(1) }}', '{% macro m(a) %}{{ name }}{% endmacro %}{{ m(1) }}',
    '{% macro m(a) %}{{ varargs }}{% endmacro %}{{ m(1) }}', '{% macro m(a) %}{% include "row.html" %}{% endmacro %}{{ m(1) }}',
    'x{% macro m() %}{% endmacro %}{{ m() }}', '{% macro m() %}{% macro k() %}{% endmacro %}{% endmacro %}',
    '{% if yes %}{% macro m() %}{% endmacro %}{% endif %}', '{% macro m() %}{% endmacro %}{% macro m() %}{% endmacro %}',
    '{% macro m(loop) %}{% endmacro %}', '{% include name %}', '{% include "none.html" %}', '{% include "none.html" ignore missing %}',
    '{% include ["row.html"] %}', '{% include "row.html" without context %}', '{% extends name %}', '{% extends "none.html" %}',
    'x{% extends "base.html" %}', '{% if yes %}{% extends "base.html" %}{% endif %}', '{% extends "base.html" %}x',
    '{% extends "base.html" %}{{ name }}', '{% extends "base.html" %}{% extends "base.html" %}',
    '{% extends "base.html" %}{% if yes %}{% block main %}{% endblock %}{% endif %}', '{% block a scoped %}{% endblock %}',
    '{% block a required %}{% endblock %}', '{% for x in xs %}{% block a %}{% endblock %}{% endfor %}',
    '{% block a %}{% endblock %}{% block a %}{% endblock %}', '{{ super() }}', '{% block a %}{{ super() }}{% endblock %}',
    '{{ self.a() }}', '{% if super() %}{% endif %}', '{% block a %}{% set q = 1 %}{% block b %}{% endblock %}{% endblock %}',
    '{{ _(name) }}', "{{ _('a', 1) }}", "{{ _('<b>x</b>') }}", "{{ _('a %(n)s') }}", "{{ _('a', n=1) }}", "{{ _('50 %') }}",
    "{{ _('50 %d', n=1) }}", '{{ _ }}', "{{ ngettext('a', 'b', 1) }}", "{{ _('%%(n)s') }}", '{% if %}', '{{ }', '{% endfor %}',
    '{% for x in %}{% endfor %}', '{{ name|nosuchfilter }}', '{% if name is nosuchtest %}{% endif %}', '{{ xs|length(1) }}',
    '{{ name|default }}', "{{ name|default('x', true) }}", '{{ lambda: 1 }}', '{% set a = 1 if yes %}',
    "{{ 'a' 'b' if no }}x{{ ('a' if no) or 'b' }}", '{% for x in (xs if no) %}{% endfor %}',
]
