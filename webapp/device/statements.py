"""Statements of the template subset as JavaScript. What is not here is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jinja2 import nodes

from webapp.device.expressions import RESERVED, CompileError, Scope, expression, js_string, macro_call, test_of

if TYPE_CHECKING:
    from webapp.device.compiler import Compiler, Source

BOOLEAN = (nodes.Not, nodes.Compare, nodes.Test)


def assigned(statements: Sequence[nodes.Node]) -> list[str]:
    """Names that `set` gives a value in this scope; `if` opens none."""
    found: list[str] = []
    for node in statements:
        if isinstance(node, nodes.Assign | nodes.AssignBlock) and isinstance(node.target, nodes.Name):
            found.append(node.target.name)
        elif isinstance(node, nodes.If):
            found += assigned(node.body) + assigned(node.else_)
            found += [name for one in node.elif_ for name in assigned(one.body)]
    return sorted(set(found))


class Writer:
    """Writes one function: a whole template, a block, or a macro."""

    def __init__(self, compiler: Compiler, source: Source, blocks: dict[str, list[str]], up: str = "", macro: str = "") -> None:
        self.compiler, self.source, self.blocks, self.up, self.macro = compiler, source, blocks, up, macro
        self.has_caller = False
        self.top = False  # `set` at a file's top level writes into the context, where blocks and includes see it
        self.count = 0

    def fresh(self, name: str) -> str:
        self.count += 1
        return f"{name}_{self.count}"

    def root(self, statements: Sequence[nodes.Node]) -> str:
        """The body of a whole template."""
        self.top = True
        written = f'let o="";{self.all(statements, Scope())}return o'
        return ("c={__proto__:null,...c};" if assigned(statements) else "") + written

    def body(self, statements: Sequence[nodes.Node], scope: Scope) -> str:
        """The body of a block, a macro or a call block: with names of its own."""
        top, self.top = self.top, False
        declared, inside = self.declare(statements, scope)
        written = f'let o="";{declared}{self.all(statements, inside)}return o'
        self.top = top
        return written

    def declare(self, statements: Sequence[nodes.Node], scope: Scope) -> tuple[str, Scope]:
        """Variables for what is set in this scope; until then each is what it is outside."""
        written, names = "", {}
        for name in assigned(statements):
            outer = scope.names.get(name) or ('need({},"")' if self.macro else f"need(c,{js_string(name)})")
            names[name] = self.fresh(name)
            written += f"let {names[name]}={outer};"
        return written, scope.also(names)

    def all(self, statements: Sequence[nodes.Node], scope: Scope) -> str:
        return "".join(self.statement(one, scope) for one in statements)

    def statement(self, node: nodes.Node, scope: Scope) -> str:
        """One statement."""
        match node:
            case nodes.Output():
                return "o+=" + "+".join(self.printed(one, scope) for one in node.nodes) + ";" if node.nodes else ""
            case nodes.If():
                return self.branch(node, scope)
            case nodes.For():
                return self.each(node, scope)
            case nodes.Include():
                return self.include(node, scope)
            case nodes.Assign() | nodes.AssignBlock():
                return self.assign(node, scope)
            case nodes.CallBlock():
                return self.call_block(node, scope)
            case nodes.Block():
                if scope.names or self.macro or not self.blocks.get(node.name):
                    raise self.refuse(node, "a block inside a loop, a macro, or after `set` in a block")
                return f"o+={self.blocks[node.name][0]}(c,t);"
        what = {"FromImport": "an import below other content", "Macro": "a macro below other content"}
        raise self.refuse(node, what.get(type(node).__name__, type(node).__name__.lower()))

    def printed(self, node: nodes.Node, scope: Scope) -> str:
        """Something between {{ and }}, or plain text, as a JavaScript string."""
        if isinstance(node, nodes.TemplateData):
            return js_string(node.data)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "super":
            if not self.up or node.args or node.kwargs:
                raise self.refuse(node, "super() without a block above")
            return f"{self.up}(c,t)"
        if isinstance(node, BOOLEAN) or (isinstance(node, nodes.Const) and isinstance(node.value, bool)):
            raise self.refuse(node, "a printed True or False")
        if isinstance(node, nodes.CondExpr) and node.expr2 is None:
            return f'({test_of(self, node.test, scope)}?{self.printed(node.expr1, scope)}:"")'
        return f"out({expression(self, node, scope)})"

    def branch(self, node: nodes.If, scope: Scope) -> str:
        written = f"if({test_of(self, node.test, scope)}){{{self.all(node.body, scope)}}}"
        for one in node.elif_:
            written += f"else if({test_of(self, one.test, scope)}){{{self.all(one.body, scope)}}}"
        return written + (f"else{{{self.all(node.else_, scope)}}}" if node.else_ else "")

    def each(self, node: nodes.For, scope: Scope) -> str:
        """The list gets a name first: the loop's own name may be in it."""
        if node.test or node.recursive or not isinstance(node.target, nodes.Name):
            raise self.refuse(node, "a loop with a condition, recursion or more than one name")
        name = self.name(node.target)
        items, one, loop = self.fresh("i"), self.fresh(name), self.fresh("k")
        top, self.top = self.top, False
        declared, inside = self.declare(node.body, Scope({**scope.names, name: one}, loop))
        written = f"const {items}=rows({expression(self, node.iter, scope)});"
        written += f"for(const [{one},{loop}] of each({items})){{{declared}{self.all(node.body, inside)}}}"
        if node.else_:
            declared, outside = self.declare(node.else_, scope)
            written += f"if(!{items}.length){{{declared}{self.all(node.else_, outside)}}}"
        self.top = top
        return written

    def assign(self, node: nodes.Assign | nodes.AssignBlock, scope: Scope) -> str:
        if not isinstance(node.target, nodes.Name) or (isinstance(node, nodes.AssignBlock) and node.filter is not None):
            raise self.refuse(node, "this kind of set")
        name = self.name(node.target)
        if isinstance(node, nodes.Assign):
            value = expression(self, node.node, scope)
        else:
            value = f"(()=>{{{self.body(node.body, scope)}}})()"
            value = f"new Safe({value})"
        return f"c[{js_string(name)}]={value};" if self.top else f"{scope.names[name]}={value};"

    def call_block(self, node: nodes.CallBlock, scope: Scope) -> str:
        """`{% call macro(…) %}body{% endcall %}`: the body is what the macro's caller() prints."""
        if node.defaults or not isinstance(node.call.node, nodes.Name):
            raise self.refuse(node, "this call block")
        names = {self.name(one): self.fresh(one.name) for one in node.args}
        within, self.has_caller = self.has_caller, False
        body = self.body(node.body, Scope({**scope.names, **names}))
        self.has_caller = within
        self.compiler.check_caller(self, node)
        caller = f"({','.join(names.values())})=>{{{body.removesuffix('return o')}return new Safe(o)}}"
        return f"o+=out({macro_call(self, node.call, scope, caller)});"

    def include(self, node: nodes.Include, scope: Scope) -> str:
        """The included template gets the context and every name given a value here."""
        if node.ignore_missing or not node.with_context or self.macro:
            raise self.refuse(node, "an include that may be missing, without context, or inside a macro")
        name = self.compiler.constant(self.source.name, node, node.template)
        self.compiler.source(name, self.source.name, node.lineno)
        self.compiler.entry(name)
        given = "".join(f",{one}:{scope.names[one]}" for one in sorted(scope.names))
        context = "{__proto__:null,...c" + given + "}" if given else "c"
        return f"o+=T[{js_string(name)}]({context},t);"

    def name(self, node: nodes.Name) -> str:
        """A name a template may give a value."""
        if node.name in RESERVED or self.source.is_macro(node.name):
            raise self.refuse(node, f"giving {node.name} a value")
        return node.name

    def refuse(self, node: nodes.Node, what: str) -> CompileError:
        line = node.lineno or next((one.lineno for one in node.find_all(nodes.Node) if one.lineno), 1)
        return CompileError(self.source.name, line, f"{what} cannot be compiled for the device")
