//! Tests of the lowering.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{literal, parse};
use crate::ts::Flavor;
use crate::ts::hir::*;

/// An expression as an s-expression.
fn show(module: &Module, id: ExprId) -> String {
    let list = |ids: &[ExprId]| ids.iter().map(|it| show(module, *it)).collect::<Vec<_>>().join(" ");
    match &module.expr(id).kind {
        ExprKind::Missing => "?".into(),
        ExprKind::Ident(name) => name.to_string(),
        ExprKind::This => "this".into(),
        ExprKind::String(it) => format!("{:?}", it.value),
        ExprKind::Number(it) => it.to_string(),
        ExprKind::BigInt(it) => format!("{it}n"),
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Null => "null".into(),
        ExprKind::Undefined => "undefined".into(),
        ExprKind::Regex(it) => it.to_string(),
        ExprKind::Template(it) => {
            let tag = it.tag.map(|it| show(module, it)).unwrap_or_default();
            let mut res = format!(
                "(template {tag}{}",
                it.type_args.iter().map(|it| format!("<{it}>")).collect::<String>()
            );
            for (i, quasi) in it.quasis.iter().enumerate() {
                res += &format!(" {:?}", quasi.value);
                if let Some(hole) = it.holes.get(i) {
                    res += &format!(" {}", show(module, *hole));
                }
            }
            if !it.closed {
                res += " unclosed";
            }
            res + ")"
        }
        ExprKind::Array(items) => format!("[{}]", list(items)),
        ExprKind::Object(props) => {
            let props: Vec<String> = props
                .iter()
                .map(|it| match it {
                    Prop::Field { key, value, shorthand: true, .. } => {
                        format!("{key}={}", show(module, *value))
                    }
                    Prop::Field { key, value, .. } => format!("{key}: {}", show(module, *value)),
                    Prop::Computed { key, value } => {
                        format!("[{}]: {}", show(module, *key), show(module, *value))
                    }
                    Prop::Spread(it) => format!("...{}", show(module, *it)),
                })
                .collect();
            format!("{{{}}}", props.join(", "))
        }
        ExprKind::Spread(it) => format!("...{}", show(module, *it)),
        ExprKind::Call { callee, args, type_args, optional } => {
            let types =
                if type_args.is_empty() { String::new() } else { format!("<{}>", type_args.join(",")) };
            let optional = if *optional { "?." } else { "" };
            format!("{}{types}{optional}({})", show(module, *callee), list(args))
        }
        ExprKind::New { callee, args } => format!("new {}({})", show(module, *callee), list(args)),
        ExprKind::Member { object, name, optional, .. } => {
            format!("{}{}{name}", show(module, *object), if *optional { "?." } else { "." })
        }
        ExprKind::Index { object, index } => format!("{}[{}]", show(module, *object), show(module, *index)),
        ExprKind::Function(it) => {
            let params: Vec<String> = it
                .params
                .iter()
                .map(|it| {
                    let mut res = it.name.clone().unwrap_or_else(|| "_".into()).to_string();
                    if let Some(ty) = &it.ty {
                        res += &format!(": {ty}");
                    }
                    if let Some(default) = it.default {
                        res += &format!(" = {}", show(module, default));
                    }
                    if it.rest { format!("...{res}") } else { res }
                })
                .collect();
            let arrow = if it.simple { "=>" } else { "~>" };
            let name = it.name.as_ref().map(|it| format!("{it} ")).unwrap_or_default();
            let asyn = if it.is_async { "async " } else { "" };
            format!("({asyn}{name}({}) {arrow} {})", params.join(", "), list(&it.returns))
        }
        ExprKind::Conditional { test, then, else_ } => {
            format!("({} ? {} : {})", show(module, *test), show(module, *then), show(module, *else_))
        }
        ExprKind::Logical { op, left, right }
        | ExprKind::Binary { op, left, right }
        | ExprKind::Assign { op, left, right } => {
            format!("({} {op} {})", show(module, *left), show(module, *right))
        }
        ExprKind::Unary { op, operand } => format!("({op} {})", show(module, *operand)),
        ExprKind::Await(it) => format!("await {}", show(module, *it)),
        ExprKind::Assertion { expr, ty } => format!("({} as {ty})", show(module, *expr)),
        ExprKind::DynamicImport(it) => format!("import({it:?})"),
        ExprKind::Other(items) => format!("(other {})", list(items)),
    }
}

pub(super) fn picture(module: &Module) -> String {
    let mut res = String::new();
    for it in &module.imports {
        let ty = if it.type_only { " type" } else { "" };
        res += &format!("import{ty} {} <- {:?} of {:?}\n", it.local, it.name, it.specifier);
    }
    for (i, scope) in module.scopes.iter().enumerate() {
        for it in &scope.bindings {
            let what = match &it.kind {
                BindingKind::Const { init, path } => {
                    format!("const{} {}", dotted(path), init.map(|it| show(module, it)).unwrap_or_default())
                }
                BindingKind::Let { init, path, assigned } => format!(
                    "let{}{} {}",
                    if *assigned { " assigned" } else { "" },
                    dotted(path),
                    init.map(|it| show(module, it)).unwrap_or_default()
                ),
                BindingKind::Function(it) => format!("function {}", show(module, *it)),
                BindingKind::Class(it) => {
                    format!("class {}", it.map(|it| show(module, it)).unwrap_or_default())
                }
                BindingKind::Param { index, path } => format!("param {index}{}", dotted(path)),
                BindingKind::Import(_) => continue,
                BindingKind::Enum(it) => format!("enum {:?}", module.enums[*it as usize].members),
                BindingKind::Opaque => "opaque".into(),
            };
            let ty = it.ty.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
            res += &format!("{i} {}{ty} = {what}\n", it.name);
        }
    }
    for it in &module.exports {
        res += &match it {
            Export::DefaultExpr(it) => format!("export default {}\n", show(module, *it)),
            other => format!("export {other:?}\n"),
        };
    }
    for (i, it) in module.exprs.iter().enumerate() {
        if let (ExprKind::Template(Template { closed: false, .. }), None) = (&it.kind, it.parent) {
            res += &format!("loose {}\n", show(module, ExprId(i as u32)));
        }
    }
    for it in &module.top_level {
        res += &format!("do {}\n", show(module, *it));
    }
    res
}

fn dotted(path: &[smol_str::SmolStr]) -> String {
    let part = |it: &smol_str::SmolStr| match crate::ts::hir::Rest::of_key(it) {
        Some(rest) => format!(".{rest:?}"),
        None => format!(".{it}"),
    };
    path.iter().map(part).collect()
}

fn check(text: &str, expect: Expect) {
    let module = parse(text, Flavor::TypeScript);
    holds(&module, text);
    expect.assert_eq(&picture(&module));
}

/// What is true of every module.
fn holds(module: &Module, text: &str) {
    for (i, expr) in module.exprs.iter().enumerate() {
        let range = usize::from(expr.range.start())..usize::from(expr.range.end());
        assert!(text.get(range).is_some(), "{expr:?}");
        expr.kind.for_each_child(|child| {
            assert!((child.0 as usize) < i, "children come first");
            assert_eq!(module.expr(child).parent, Some(ExprId(i as u32)));
        });
        if let ExprKind::Template(it) = &expr.kind {
            assert_eq!(it.quasis.len(), it.holes.len() + 1);
        }
    }
    for (i, scope) in module.scopes.iter().enumerate() {
        assert!(scope.parent.is_none_or(|it| (it.0 as usize) < i));
    }
}

const SCHEMA: &str = r#"
import { relations as rel, sql, type SQL } from "drizzle-orm";
import * as d from 'drizzle-orm/pg-core';
import type { Config } from './config';
import main, { default as other } from "./main";
export * from './barrel';
export * as schema from './schema';
export { a, b as c, default as z } from './more';

export const users = d.pgTable('users', {
  id: d.text().primaryKey().$defaultFn(() => nanoid()),
  ["na" + "me"]: d.text('name').notNull(),
  ...timestamps,
}, (t) => [d.index('x').on(t.id)]);
const { a: { b }, c = 1, ...rest } = make<Thing>(1), [first, , third] = list;
let count: number | null = 0;
count++;
export default users;
export enum Role { Admin = 'admin', User = 'user', Other }
const conditions: SQL[] = [];
function add(x: string, { limit = 10, page }: Args = {}, ...more: string[]) {
  conditions.push(sql`${x} = ${limit}`);
  const y = x;
  return sql<number>`count(${y})`;
}
const simple = function named(t) { const u = t.id; return u; };
class Repo extends Base<Db> {
  private db = getDb();
  constructor(private readonly x: Db) { super(); }
  @log() async find(id: string) { return this.db.execute(sql`select ${id}`); }
}
"#;

#[test]
fn a_schema_file() {
    check(
        SCHEMA,
        expect![[r#"
        import rel <- Named("relations") of "drizzle-orm"
        import sql <- Named("sql") of "drizzle-orm"
        import type SQL <- Named("SQL") of "drizzle-orm"
        import d <- Namespace of "drizzle-orm/pg-core"
        import type Config <- Named("Config") of "./config"
        import main <- Default of "./main"
        import other <- Default of "./main"
        0 users = const d.pgTable("users" {id: d.text().primaryKey().$defaultFn((() => nanoid())), [("na" + "me")]: d.text("name").notNull(), ...timestamps} ((t) => [d.index("x").on(t.id)]))
        0 b = const.a.b make<Thing>(1)
        0 c = opaque
        0 rest = const.Without(["a", "c"]) make<Thing>(1)
        0 first = const.0 list
        0 third = const.2 list
        0 count: number | null = let assigned 0
        0 Role = enum [("Admin", Some("admin")), ("User", Some("user")), ("Other", None)]
        0 conditions: SQL[] = let assigned []
        0 add = function (add (x: string, _: Args = {}, ...more: string[]) ~> (template sql<number> "count(" y ")"))
        0 simple = const (named (t) => u)
        0 Repo = class (other Base getDb() (constructor (x: Db) ~> ) log() (async find (id: string) => this.db.execute((template sql "select " id ""))))
        2 t = param 0
        3 x: string = param 0
        3 limit = opaque
        3 page = param 1.page
        3 more: string[] = param 2
        3 y = const x
        4 named = opaque
        4 t = param 0
        4 u = const t.id
        5 x: Db = param 0
        6 id: string = param 0
        export All { specifier: "./barrel" }
        export From { specifier: "./schema", name: Namespace, as_: "schema", type_only: false }
        export From { specifier: "./more", name: Named("a"), as_: "a", type_only: false }
        export From { specifier: "./more", name: Named("b"), as_: "c", type_only: false }
        export From { specifier: "./more", name: Default, as_: "z", type_only: false }
        export Local { name: "users", local: "users", type_only: false }
        export Local { name: "default", local: "users", type_only: false }
        export Local { name: "Role", local: "Role", type_only: false }
        do (++ count)
    "#]],
    );
}

#[test]
fn common_js() {
    check(
        "const { sql, eq: same } = require('drizzle-orm'); const core = require(\"core\");\nexports.users = (0, core.pgTable)('users', {});\nmodule.exports = { core, limit: 5 };",
        expect![[r#"
            import sql <- Named("sql") of "drizzle-orm"
            import same <- Named("eq") of "drizzle-orm"
            import core <- Namespace of "core"
            0 exports.users = const core.pgTable("users" {})
            0 exports.limit = const 5
            export Local { name: "users", local: "exports.users", type_only: false }
            export default {core=core, limit: 5}
            export Local { name: "core", local: "core", type_only: false }
            export Local { name: "limit", local: "exports.limit", type_only: false }
            do (exports.users = core.pgTable("users" {}))
            do (module.exports = {core=core, limit: 5})
        "#]],
    );
}

#[test]
fn expressions() {
    check(
        "const a = x?.y!.z['k'][i] as const, b = cond ? 1 : -2n, c = p ?? q || !r, e = { f, 'g-h': 1, m() { return 2 }, get n() { return 3 } } satisfies T, f = <T>v, g = new Foo(1, ...xs), h = await import('m'), j = /a+/g, k = (1, k2);",
        expect![[r#"
            import h <- Namespace of "m"
            0 a = const ((x?.y as ).z.k[i] as const)
            0 b = const (cond ? 1 : (- 2n))
            0 c = const (p ?? (q || (! r)))
            0 e = const ({f=f, g-h: 1, m: (m () => 2), n: (other (n () => 3))} as )
            0 f = const (v as T)
            0 g = const new Foo(1 ...xs)
            0 j = const /a+/g
            0 k = const k2
        "#]],
    );
}

#[test]
fn an_error_damages_one_property() {
    check(
        "export const a = pgTable('a', { id: text( , name: text() });\nexport const b = pgTable('b', { id: text() });",
        expect![[r#"
            0 a = const pgTable("a" {id: text((other name) text()), ...?})
            0 b = const pgTable("b" {id: text()})
            export Local { name: "a", local: "a", type_only: false }
            export Local { name: "b", local: "b", type_only: false }
        "#]],
    );
}

#[test]
fn an_error_at_the_end_keeps_what_is_before() {
    check(
        "export const a = pgTable('a', { id: text() });\nexport const b = pgTable('b', { id: ",
        expect![[r#"
            0 a = const pgTable("a" {id: text()})
            0 b = const ?
            export Local { name: "a", local: "a", type_only: false }
            export Local { name: "b", local: "b", type_only: false }
        "#]],
    );
}

#[test]
fn type_arguments_of_tags() {
    let mut res = String::new();
    for text in [
        "a = sql<number>`x`",
        "f({ b: sql<string | null>`x ${y}`.as('z') })",
        "() => sql<Array<number>>`x`",
        "await tx.sql<{ a: string; f: (x: A) => B }[], C<D, E>>`b`",
        "c ? sql<'a' | 'b'>`a` : d ?? sql<typeof users.$inferSelect>`b`",
        "f(html`a<b>`, sql<A>`${sql<B>`c<d>`}`)",
        "a < b || c > `d`",
        "() =>`a`",
        ">`a`",
    ] {
        let module = parse(text, Flavor::Tsx);
        let roots = (0..module.exprs.len() as u32).map(ExprId).filter(|it| module.expr(*it).parent.is_none());
        res += &roots.map(|it| show(&module, it)).collect::<Vec<_>>().join("; ");
        res += "\n";
    }
    expect![[r#"
        (a = (template sql<number> "x"))
        f({b: (template sql<string | null> "x " y "").as("z")})
        (() => (template sql<Array<number>> "x"))
        await (template tx.sql<{ a: string; f: (x: A) => B }[]><C<D, E>> "b")
        (c ? (template sql<'a' | 'b'> "a") : (d ?? (template sql<typeof users.$inferSelect> "b")))
        f((template html "a<b>") (template sql<A> "" (template sql<B> "c<d>") ""))
        ((a < b) || (c > (template  "d")))
        (() => (template  "a"))
        ?; (template  "a")
    "#]]
    .assert_eq(&res);
}

#[test]
fn unclosed_templates() {
    check(
        "const a = 1;\nconst q = sql`select 1 from \nconst b = 2;",
        expect![[r#"
        0 a = const 1
        0 q = const (other (other (template sql "select 1 from \nconst b = 2;" unclosed)) (b = 2))
    "#]],
    );
    check(
        "const a = 1;\nawait db.execute(sql`select ${a} from ",
        expect![[r#"
        0 a = const 1
    "#]],
    );
}

#[test]
fn deep_nesting_is_cut() {
    for text in [
        format!("const a = {}1{};", "(".repeat(20_000), ")".repeat(20_000)),
        format!("const a = {}{};", "[".repeat(5_000), "]".repeat(5_000)),
        format!("const a = 1{};", "+1".repeat(20_000)),
        format!("const a = x{};", ".y()".repeat(20_000)),
        format!("const a = {}1;", "x ? y : ".repeat(5_000)),
        format!("const a = {}1;", "() => ".repeat(5_000)),
        format!("{}{}", "{".repeat(5_000), "}".repeat(5_000)),
        format!("{}{}", "if (x) ".repeat(5_000), "y;"),
        format!("const a = {}", "sql`${".repeat(3_000)),
        format!("const {}a{} = x", "{a:".repeat(3_000), "}".repeat(3_000)),
    ] {
        holds(&parse(&text, Flavor::TypeScript), &text);
    }
}

#[test]
fn every_prefix_parses() {
    for flavor in [Flavor::TypeScript, Flavor::Tsx] {
        for (i, _) in SCHEMA.char_indices() {
            let prefix = &SCHEMA[..i];
            holds(&parse(prefix, flavor), prefix);
            let suffix = &SCHEMA[i..];
            holds(&parse(suffix, flavor), suffix);
        }
    }
}

#[test]
fn literals_are_decoded() {
    let check = |raw: &str, template: bool, expect: &str| {
        assert_eq!(literal::decode(raw, 0, template).value, expect, "{raw}");
    };
    check(r"a\n\t\\\`\${x}\'", true, "a\n\t\\`${x}'");
    check(r"\x41\u0042\u{1F600}\uD83D\uDE00", true, "AB\u{1F600}\u{1F600}");
    check("a\\\r\nb\\\nc", true, "abc");
    check("a\r\nb\rc", true, "a\nb\nc");
    check(r"\0\101\9", false, "\0A9");
    check(r"\u12", true, "u12");
    check("\\", true, "");
}

#[test]
fn offsets_inside_escapes() {
    // a \n b: text a=0 LF=1 b=2; host a=10 \=11 n=12 b=13.
    let map = literal::decode(r"a\nb", 10, true).map;
    let host: Vec<u32> = (0..=3).map(|it| map.to_host(it).into()).collect();
    assert_eq!(host, [10, 11, 13, 14]);
    let text: Vec<Option<u32>> = (9..=15).map(|it| map.to_text(it.into())).collect();
    assert_eq!(text, [None, Some(0), Some(1), Some(1), Some(2), Some(3), None]);
}

proptest! {
    #[test]
    fn maps_round_trip(raw in r"([a-z é😀]|\\n|\\`|\\\$|\\x41|\\u0042|\\u\{1F600\}|\\\n|\r\n|\n){0,20}", host in 0usize..50) {
        let lit = literal::decode(&raw, host, true);
        let len = lit.value.len() as u32;
        for offset in 0..=len {
            let at = lit.map.to_host(offset);
            let back = lit.map.to_text(at).unwrap();
            // Inside what an escape became, the way back leads to its start.
            let inside = lit.map.escapes.iter().any(|it| it.start <= offset && offset < it.end);
            prop_assert!(back == offset || (inside && back < offset), "{offset} -> {at:?} -> {back}");
            let end = lit.map.end_to_host(offset);
            prop_assert!(end <= lit.map.host.end());
        }
        prop_assert_eq!(usize::from(lit.map.to_host(len)), host + raw.len());
        for at in host..=host + raw.len() {
            let offset = lit.map.to_text((at as u32).into()).unwrap();
            prop_assert!(offset <= len);
            prop_assert!(usize::from(lit.map.to_host(offset)) >= host);
        }
    }

    #[test]
    fn any_text_parses(text in r"([a-z]|[`${}()\[\];:,.=<>'\\]|const |export |sql`|=> |\n| ){0,60}") {
        holds(&parse(&text, Flavor::TypeScript), &text);
    }
}

#[test]
fn static_fields_of_classes() {
    let text = "export class Names {\n  static readonly users = 'users';\n  private static 'odd key' = 2;\n  declare static none: string;\n  static [computed] = 1;\n  own = 3;\n  static make(x: string) { return x; }\n  static get one() { return 1; }\n  other() {}\n  static async later() {}\n  static overloaded(): void;\n  static overloaded() {}\n}\n";
    let module = parse(text, Flavor::TypeScript);
    let names: Vec<&str> = module.statics.iter().flat_map(|it| &it.1).map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["users", "odd key", "make", "later", "overloaded"]);
    assert_eq!(module.statics, super::tolerant(text, Flavor::TypeScript).statics);
}
