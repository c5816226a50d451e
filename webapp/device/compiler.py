"""Jinja2 templates -> one ES module. What is not in the subset below is an error with file and line, never a difference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

from webapp.device.expressions import CompileError, Scope, expression, js_string, test_of

HEAD = (
    'import {Safe,out,esc,get,need,truthy,and,or,equal,order,within,loop,say} from "/sw/runtime.js";\n'
    "const T={};\n"
)


@dataclass
class Source:
    """One parsed template file."""

    name: str
    body: list[nodes.Node]
    parent: str = ""
    macros: dict[str, nodes.Macro] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    blocks: dict[str, nodes.Block] = field(default_factory=dict)


def compile_templates(env: Environment, names: Iterable[str]) -> str:
    """One ES module whose default export maps each of `names` to (context, t) => HTML. Raises CompileError."""
    return Compiler(env).module(sorted(names))


class Compiler:
    """Reads templates as they are needed and writes functions for them."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.sources: dict[str, Source] = {}
        self.written: dict[str, str] = {}

    def module(self, names: list[str]) -> str:
        """The whole module, in an order that depends on names only."""
        for name in names:
            self.entry(name)
        functions = "".join(self.written[key] for key in sorted(self.written))
        exported = ",".join(f"{js_string(name)}:(c,t)=>T[{js_string(name)}](c,t)" for name in names)
        return f"{HEAD}{functions}export default {{{exported}}};\n"

    def source(self, name: str, asker: str = "", line: int = 0) -> Source:
        """Parse a file once."""
        if name not in self.sources:
            if self.env.loader is None or name not in self.env.list_templates():
                raise CompileError(asker or name, line, f"there is no template {name}")
            text = self.env.loader.get_source(self.env, name)[0]
            self.sources[name] = self.read(name, self.env.parse(text, name, name).body)
        return self.sources[name]

    def read(self, name: str, body: list[nodes.Node]) -> Source:
        """Sort a file's top level into parent, imports, macros and the rest."""
        found = Source(name, [])
        for node in body:
            if isinstance(node, nodes.Extends):
                found.parent = self.constant(name, node, node.template)
            elif isinstance(node, nodes.FromImport):
                self.read_import(found, node)
            elif isinstance(node, nodes.Macro):
                found.macros[node.name] = node
            else:
                found.body.append(node)
        for top in found.body:
            blocks = [top] if isinstance(top, nodes.Block) else []
            for block in [*blocks, *top.find_all(nodes.Block)]:
                if block.scoped or block.required:
                    raise CompileError(name, block.lineno, "a block may not be scoped or required")
                for inner in block.find_all(nodes.FromImport):
                    self.read_import(found, inner)
                found.blocks[block.name] = block
        return found

    def read_import(self, found: Source, node: nodes.FromImport) -> None:
        if node.with_context:
            raise CompileError(found.name, node.lineno, "macros are imported without context")
        origin = self.constant(found.name, node, node.template)
        for one in node.names:
            macro, alias = one if isinstance(one, tuple) else (one, one)
            if macro not in self.source(origin, found.name, node.lineno).macros:
                raise CompileError(found.name, node.lineno, f"{origin} has no macro {macro}")
            found.imported[alias] = (origin, macro)

    def constant(self, name: str, node: nodes.Node, value: nodes.Node) -> str:
        if isinstance(value, nodes.Const) and isinstance(value.value, str):
            return value.value
        raise CompileError(name, node.lineno, "the name of another template must be written out")

    def entry(self, name: str) -> None:
        """Write the function that renders a whole template, its line of parents resolved now."""
        if name in self.written:
            return
        self.written[name] = ""  # a template that includes itself finds this
        chain = [self.source(name)]
        while chain[-1].parent:
            chain.append(self.source(chain[-1].parent, chain[-1].name))
        for child in chain[:-1]:
            for node in child.body:
                if not isinstance(node, nodes.Block) and not is_blank(node):
                    raise CompileError(child.name, node.lineno, "outside its blocks a child template prints nothing")
        overrides: dict[str, list[str]] = {}
        parts = []
        for place, source in enumerate(chain):
            for block in source.blocks.values():
                label = f"b{len(parts)}"
                overrides.setdefault(block.name, []).append(label)
                parts.append((label, source, block, place))
        written = ""
        for label, source, block, _ in parts:
            later = overrides[block.name]
            up = later[later.index(label) + 1] if later.index(label) + 1 < len(later) else ""
            written += f"const {label}=(c,t)=>{{{Writer(self, source, overrides, up).body(block.body)}}};"
        root = chain[-1]
        written += Writer(self, root, overrides, "").body(root.body)
        self.written[name] = f"T[{js_string(name)}]=(c,t)=>{{{written}}};\n"

    def macro(self, origin: str, name: str) -> str:
        """The JavaScript name of a macro, written when first used."""
        source = self.source(origin)
        key = f"#{origin}#{name}"
        label = "m_" + "".join(one if one.isalnum() else "_" for one in f"{origin}_{name}")
        if key not in self.written:
            self.written[key] = ""
            node = source.macros[name]
            if node.defaults or any(node.find_all(nodes.Block)):
                raise CompileError(origin, node.lineno, f"macro {name}: every argument is given, and no blocks")
            scope = Scope(frozenset(arg.name for arg in node.args))
            body = Writer(self, source, {}, "", macro=name).body(node.body, scope)
            arguments = ",".join(["t", *(f"l_{arg.name}" for arg in node.args)])
            self.written[key] = f"const {label}=({arguments})=>{{const c=null;{body.removesuffix('return o')}return new Safe(o)}};\n"
        return label


def is_blank(node: nodes.Node) -> bool:
    """Only white space between blocks."""
    return isinstance(node, nodes.Output) and all(isinstance(one, nodes.TemplateData) and not one.data.strip() for one in node.nodes)


class Writer:
    """Statements of one function."""

    def __init__(self, compiler: Compiler, source: Source, overrides: dict[str, list[str]], up: str, macro: str = "") -> None:
        self.compiler, self.source, self.overrides, self.up, self.macro = compiler, source, overrides, up, macro

    def body(self, statements: list[nodes.Node], scope: Scope | None = None) -> str:
        """`let o=""; …; return o`."""
        return f'let o="";{self.all(statements, scope or Scope(frozenset()))}return o'

    def all(self, statements: list[nodes.Node], scope: Scope) -> str:
        return "".join(self.statement(one, scope) for one in statements)

    def statement(self, node: nodes.Node, scope: Scope) -> str:
        """One statement; what is not here is refused."""
        match node:
            case nodes.Output():
                return "".join(self.printed(one, scope) for one in node.nodes)
            case nodes.If():
                return self.branch(node, scope)
            case nodes.For():
                return self.each(node, scope)
            case nodes.Include():
                return self.include(node, scope)
            case nodes.Block():
                if scope.names or node.name not in self.overrides:
                    raise self.refuse(node, "a block inside a loop or macro")
                return f"o+={self.overrides[node.name][0]}(c,t);"
            case nodes.FromImport():
                return ""  # read when the file was
        raise self.refuse(node, type(node).__name__.lower())

    def printed(self, node: nodes.Node, scope: Scope) -> str:
        if isinstance(node, nodes.TemplateData):
            return f"o+={js_string(node.data)};"
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "super":
            if not self.up:
                raise self.refuse(node, "super() without a block above")
            return f"o+={self.up}(c,t);"
        return f"o+=out({expression(self, node, scope)});"

    def branch(self, node: nodes.If, scope: Scope) -> str:
        written = f"if({test_of(self, node.test, scope)}){{{self.all(node.body, scope)}}}"
        for one in node.elif_:
            written += f"else if({test_of(self, one.test, scope)}){{{self.all(one.body, scope)}}}"
        return written + (f"else{{{self.all(node.else_, scope)}}}" if node.else_ else "")

    def each(self, node: nodes.For, scope: Scope) -> str:
        if node.test or node.recursive or not isinstance(node.target, nodes.Name):
            raise self.refuse(node, "a loop with a condition, recursion or more than one name")
        name = node.target.name
        inside = scope.also(name, in_loop=True)
        body = self.all(node.body, inside)
        items = expression(self, node.iter, scope)
        written = f"for(const {{v:l_{name},loop:k_{inside.depth}}} of loop({items})){{{body}}}"
        if node.else_:
            written = f"if(truthy({items})){{{written}}}else{{{self.all(node.else_, scope)}}}"
        return written

    def include(self, node: nodes.Include, scope: Scope) -> str:
        if node.ignore_missing or not node.with_context or self.macro:
            raise self.refuse(node, "an include that may be missing, without context, or inside a macro")
        name = self.compiler.constant(self.source.name, node, node.template)
        self.compiler.source(name, self.source.name, node.lineno)
        self.compiler.entry(name)
        context = "c" if not scope.names else "{...c," + ",".join(f"{one}:l_{one}" for one in sorted(scope.names)) + "}"
        return f"o+=T[{js_string(name)}]({context},t);"

    def refuse(self, node: nodes.Node, what: str) -> CompileError:
        return CompileError(self.source.name, node.lineno, f"{what} cannot be compiled for the device")


def as_json(value: object) -> str:
    """Deterministic JSON for a JavaScript module."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("</", "<\\/")
