"""Jinja2 templates -> one ES module. What is not in the subset is an error with file and line, never a difference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError, nodes

from webapp.device.expressions import RESERVED, CompileError, Scope, expression, js_string
from webapp.device.statements import Writer, assigned

__all__ = ["CompileError", "Compiler", "as_json", "compile_templates"]

NAMES = "Safe,out,esc,get,at,need,missing,orElse,truthy,and,or,equal,whole,within,size,join,rows,each,say"
HEAD = f'import {{{NAMES}}} from "/sw/runtime.js";\nconst T={{}};\n'


@dataclass
class Source:
    """One parsed template file."""

    name: str
    body: list[nodes.Node]
    parent: str = ""
    parent_line: int = 0
    macros: dict[str, nodes.Macro] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    blocks: dict[str, nodes.Block] = field(default_factory=dict)

    def is_macro(self, name: str) -> bool:
        return name in self.macros or name in self.imported


def compile_templates(env: Environment, names: Iterable[str]) -> str:
    """One ES module whose default export maps each of `names` to (context, t) => HTML. Raises CompileError."""
    return Compiler(env).module(sorted(names))


class Compiler:
    """Reads templates as they are needed and writes functions for them."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.sources: dict[str, Source] = {}
        self.written: dict[str, str] = {}
        self.texts: set[str] = set()  # what these templates say, for the catalogue

    def module(self, names: list[str]) -> str:
        """The whole module, in an order that depends on names only."""
        for name in names:
            self.entry(name)
        functions = "".join(self.written[key] for key in sorted(self.written))
        exported = ",".join(f"{js_string(name)}:(c,t)=>T[{js_string(name)}]({{__proto__:null,...c}},t)" for name in names)
        return f"{HEAD}{functions}export default {{{exported}}};\n"

    def source(self, name: str, asker: str = "", line: int = 0) -> Source:
        """Parse a file once."""
        if name not in self.sources:
            if self.env.loader is None or name not in self.env.list_templates():
                raise CompileError(asker or name, line, f"there is no template {name}")
            text = self.env.loader.get_source(self.env, name)[0]
            try:
                self.env.compile(text, name, name, raw=True)  # what only Jinja2's own generator finds
                tree = self.env.parse(text, name, name)
            except TemplateSyntaxError as wrong:
                raise CompileError(wrong.name or name, wrong.lineno, wrong.message or "not a template") from wrong
            self.sources[name] = self.read(name, tree.body)
        return self.sources[name]

    def read(self, name: str, body: list[nodes.Node]) -> Source:
        """Sort a file's top level: parent first, then imports and macros, then the rest."""
        found = Source(name, [])
        for node in body:
            head = not any(not is_blank(one) for one in found.body)
            if isinstance(node, nodes.Extends):
                if not head or found.parent or found.macros or found.imported:
                    raise CompileError(name, node.lineno, "extends stands first in the file, once")
                found.parent, found.parent_line = self.constant(name, node, node.template), node.lineno
            elif isinstance(node, nodes.FromImport) and head:
                self.read_import(found, node)
            elif isinstance(node, nodes.Macro) and head:
                self.read_macro(found, node)
            else:
                found.body.append(node)
        for top in found.body:
            for block in [top, *top.find_all(nodes.Block)]:
                if isinstance(block, nodes.Block):
                    if block.scoped or block.required:
                        raise CompileError(name, block.lineno, "a block may not be scoped or required")
                    found.blocks[block.name] = block
        return found

    def read_macro(self, found: Source, node: nodes.Macro) -> None:
        inside = [one for kind in (nodes.Macro, nodes.Block) for one in node.find_all(kind)]
        if inside or found.is_macro(node.name) or {node.name, *(arg.name for arg in node.args)} & RESERVED:
            why = f"macro {node.name}: one macro of that name, no macros or blocks in it, no reserved names"
            raise CompileError(found.name, node.lineno, why)
        found.macros[node.name] = node

    def read_import(self, found: Source, node: nodes.FromImport) -> None:
        if node.with_context:
            raise CompileError(found.name, node.lineno, "macros are imported without context")
        origin = self.constant(found.name, node, node.template)
        there = self.source(origin, found.name, node.lineno)
        if there.parent or not all(is_blank(one) for one in there.body):
            raise CompileError(found.name, node.lineno, f"{origin} may hold only macros, because it is imported")
        for one in node.names:
            macro, alias = one if isinstance(one, tuple) else (one, one)
            if macro not in there.macros or found.is_macro(alias) or alias in RESERVED:
                raise CompileError(found.name, node.lineno, f"{origin} has no macro {macro}, or {alias} is taken")
            found.imported[alias] = (origin, macro)

    def constant(self, name: str, node: nodes.Node, value: nodes.Node) -> str:
        if isinstance(value, nodes.Const) and isinstance(value.value, str):
            return value.value
        raise CompileError(name, node.lineno, "the name of another template must be written out")

    def chain(self, name: str) -> list[Source]:
        """The template, its parent, the parent's parent."""
        found = [self.source(name)]
        while found[-1].parent:
            above = self.source(found[-1].parent, found[-1].name, found[-1].parent_line)
            if above in found:
                raise CompileError(name, 1, f"{above.name} extends itself")
            found.append(above)
        return found

    def entry(self, name: str) -> None:
        """Write the function that renders a whole template, its line of parents resolved now."""
        if name in self.written:
            return
        self.written[name] = ""  # a template that includes itself finds this
        chain = self.chain(name)
        blocks: dict[str, list[str]] = {}
        parts: list[tuple[str, Source, nodes.Block]] = []
        for source in chain:
            for block in source.blocks.values():
                label = f"b{len(parts)}"
                blocks.setdefault(block.name, []).append(label)
                parts.append((label, source, block))
        written = ""
        for label, source, block in parts:
            line = blocks[block.name]
            above = line[line.index(label) + 1 :]
            writer = Writer(self, source, blocks, above[0] if above else "")
            written += f"const {label}=(c,t)=>{{{writer.body(block.body, Scope())}}};"
        for child in chain[:-1]:
            written += self.child(child)
        written += Writer(self, chain[-1], blocks).root(chain[-1].body)
        self.written[name] = f"T[{js_string(name)}]=(c,t)=>{{{written}}};\n"

    def child(self, source: Source) -> str:
        """Outside its blocks a child template only gives names a value."""
        writer = Writer(self, source, {})
        writer.top = True
        written = "c={__proto__:null,...c};" if assigned(source.body) else ""
        for node in source.body:
            if isinstance(node, nodes.Assign):
                written += writer.statement(node, Scope())
            elif not isinstance(node, nodes.Block) and not is_blank(node):
                raise CompileError(source.name, node.lineno, "outside its blocks a child template prints nothing")
        return written

    def uses_caller(self, node: nodes.Macro) -> bool:
        return any(one.name == "caller" for one in node.find_all(nodes.Name))

    def check_caller(self, writer: Writer, node: nodes.CallBlock) -> None:
        """The macro calls its caller with as many values as the call block takes."""
        name = node.call.node.name if isinstance(node.call.node, nodes.Name) else ""
        origin, macro = writer.source.imported.get(name, (writer.source.name, name))
        found = self.source(origin).macros.get(macro)
        for one in found.find_all(nodes.Call) if found is not None else ():
            if isinstance(one.node, nodes.Name) and one.node.name == "caller" and len(one.args) != len(node.args):
                raise writer.refuse(node, f"a call block with {len(node.args)} names for a caller({len(one.args)})")

    def macro(self, origin: str, name: str) -> str:
        """The JavaScript name of a macro, written when first used."""
        source, key = self.source(origin), f"#{origin}#{name}"
        label = "m_" + "".join(one if one.isalnum() else "_" for one in f"{origin}_{name}")
        if key not in self.written:
            self.written[key] = ""
            node = source.macros[name]
            writer = Writer(self, source, {}, macro=name)
            writer.has_caller = self.uses_caller(node)
            names = {arg.name: writer.fresh(arg.name) for arg in node.args}
            arguments = ["t"] + (["caller"] if writer.has_caller else [])
            plain = len(node.args) - len(node.defaults)
            for place, (arg, variable) in enumerate(names.items()):
                before = Scope({one: names[one] for one in list(names)[:place]})
                arguments.append(variable + (f"={expression(writer, node.defaults[place - plain], before)}" if place >= plain else ""))
                del arg
            body = writer.body(node.body, Scope(names)).removesuffix("return o")
            self.written[key] = f"const {label}=({','.join(arguments)})=>{{{body}return new Safe(o)}};\n"
        return label


def is_blank(node: nodes.Node) -> bool:
    """Only white space."""
    return isinstance(node, nodes.Output) and all(isinstance(one, nodes.TemplateData) and not one.data.strip() for one in node.nodes)


def as_json(value: object) -> str:
    """Deterministic JSON for a JavaScript module."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace("</", "<\\/")
