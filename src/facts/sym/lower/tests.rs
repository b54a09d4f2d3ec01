//! Tests of symbolic values.

use expect_test::{Expect, expect};

use super::{lowered, module_facts};
use crate::facts::SourceMap;
use crate::facts::sym::{Sym, SymParam, SymProp};
use crate::ts::hir::{ExprId, ExprKind};
use crate::ts::{self, Flavor};

fn show(sym: &Sym) -> String {
    let list = |items: &[Sym]| items.iter().map(show).collect::<Vec<_>>().join(", ");
    match sym {
        Sym::Unknown => "?".into(),
        Sym::String(it, _) => format!("{it:?}"),
        Sym::Number(it) | Sym::Regex(it) => it.to_string(),
        Sym::BigInt(it) => format!("{it}n"),
        Sym::Bool(it) => it.to_string(),
        Sym::Null => "null".into(),
        Sym::Undefined => "undefined".into(),
        Sym::Array(items) => format!("[{}]", list(items)),
        Sym::Object(props, _) => {
            let props: Vec<String> = props
                .iter()
                .map(|it| match it {
                    SymProp::Field { key, value, .. } => format!("{key}: {}", show(value)),
                    SymProp::Computed(key, value) => format!("[{}]: {}", show(key), show(value)),
                    SymProp::Spread(it) => format!("...{}", show(it)),
                })
                .collect();
            format!("{{{}}}", props.join(", "))
        }
        Sym::Spread(it) => format!("...{}", show(it)),
        Sym::Name(it, _) => it.to_string(),
        Sym::Param { depth, index, path, .. } => {
            format!("${depth}.{index}{}", path.iter().map(|it| format!(".{it}")).collect::<String>())
        }
        Sym::Member(object, name, _) => format!("{}.{name}", show(object)),
        Sym::Index(object, index) => format!("{}[{}]", show(object), show(index)),
        Sym::Call { callee, args, .. } => format!("{}({})", show(callee), list(args)),
        Sym::New { callee, args } => format!("new {}({})", show(callee), list(args)),
        Sym::Function { params, ret, .. } => {
            format!("({}) => {}", show_params(params), ret.as_ref().map_or("none".into(), |it| show(it)))
        }
        Sym::Template { tag, quasis, holes, .. } => format!(
            "{}`{}`({})",
            tag.as_ref().map_or(String::new(), |it| show(it)),
            quasis.join("${}"),
            list(holes)
        ),
        Sym::Conditional(test, then, else_) => format!("({} ? {} : {})", show(test), show(then), show(else_)),
        Sym::Logical(op, left, right) | Sym::Binary(op, left, right) => {
            format!("({} {op} {})", show(left), show(right))
        }
        Sym::Unary(op, it) => format!("{op}{}", show(it)),
        Sym::Await(it) => format!("await {}", show(it)),
        Sym::Assertion(it, ty) => format!("<{ty}>{}", show(it)),
        Sym::Enum(members) => format!("enum {members:?}"),
        Sym::Import(it) => format!("import({it})"),
    }
}

fn show_params(params: &[SymParam]) -> String {
    let show = |it: &SymParam| {
        let mut res = it.name.clone().unwrap_or_else(|| "_".into()).to_string();
        if let Some(ty) = &it.ty {
            res += &format!(": {ty}");
        }
        if let Some(default) = &it.default {
            res += &format!(" = {}", show(default));
        }
        res
    };
    params.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn check_facts(text: &str, expect: Expect) {
    let (facts, map) = module_facts(&ts::parse(text, Flavor::TypeScript));
    let mut res = String::new();
    for it in &facts.decls {
        let path: String = it.path.iter().map(|it| format!(".{it}")).collect();
        let ty = it.ty.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
        res += &format!("{}{ty} = {}{path}\n", it.name, show(&it.value));
        assert_eq!(crate::base::text::slice(text, map.range(it.loc)), it.name.trim_start_matches("exports."));
    }
    for it in &facts.exports {
        res += &format!("{it:?}\n");
    }
    expect.assert_eq(&res);
}

/// Lowers every `sql` template of the text.
fn check_templates(text: &str, expect: Expect) {
    let module = ts::parse(text, Flavor::TypeScript);
    let mut res = String::new();
    for (i, it) in module.exprs.iter().enumerate() {
        if !matches!(it.kind, ExprKind::Template(_)) {
            continue;
        }
        let lowered = lowered(&module, ExprId(i as u32), &mut SourceMap::default());
        res += &format!("{}\n", show(&lowered.sym));
        for function in &lowered.functions {
            res += &format!("    in ({})", show_params(&function.params));
            if let Some(site) = &function.call {
                res += &format!(" at {}{:?} of {}", site.arg, site.path, show(&site.call));
            }
            res += "\n";
        }
    }
    expect.assert_eq(&res);
}

#[test]
fn declarations() {
    check_facts(
        r#"
import { x } from './x';
export const users = pgTable('users', { id: text().default(sql`now()`), ...x }, (t) => [index().on(t.id)]);
const { a: { b } } = make();
let n = 1, m = 2;
m = 3;
export function now(prec: number = 3) { const p = prec; return sql`now(${p})`; }
export function busy() { log(); return 1; }
function over(a: string): void;
function over(a: unknown) { return a; }
class Repo {}
enum Role { A = 'a' }
const list = [];
list.push(1);
const cast = ['a'] as const satisfies string[], other = y as Db, neg = -1;
export default { schema: './src' };
const broken = pgTable('broken', { id: text( };
"#,
        expect![[r#"
            users = pgTable("users", {id: text().default(sql`now()`()), ...x}, (t) => [index().on($0.0.id)])
            b = make().a.b
            n = 1
            m = ?
            now = (prec: number = 3) => sql`now(${})`($0.0)
            busy = () => none
            over = (a: unknown) => $0.0
            Repo = ?
            Role = enum [("A", Some("a"))]
            list = ?
            cast = ["a"]
            other = <Db>y
            neg = -1
            broken = ?
            Local { name: "users", local: "users" }
            Local { name: "now", local: "now" }
            Local { name: "busy", local: "busy" }
            Default(Object([Field { key: "schema", loc: Loc(37), value: String("./src", Loc(38)) }], Loc(39)))
        "#]],
    );
}

#[test]
fn templates_in_functions() {
    check_templates(
        r#"
import { db, users, eq } from './db';
export async function find(id: string, tx: Transaction = db) {
  const { limit } = options;
  const filter = eq(users.id, id);
  let assigned = 1;
  assigned = 2;
  const [row] = await tx.execute(sql`select ${users.id} where ${filter} limit ${limit} ${assigned}`);
  await db.transaction(async (tx2) => {
    const helper = (x) => sql`f(${x}, ${tx2})`;
    await tx2.query.users.findMany({ where: (t, { gt, sql }) => sql`${t.id} > ${id}` });
    return db.select().from(users).where((t) => helper(t.id));
  });
  for (const item of items) sql`${item}`;
}
class Repo {
  constructor(private db: NodePgDatabase<typeof schema>) {}
  find({ id }: Args) { return this.db.execute(sql`select ${id}`); }
}
const rec = () => { const f = (n) => n ? f(n - 1) : sql`x`; return f; };
"#,
        expect![[r#"
            sql`select ${} where ${} limit ${} ${}`(users.id, eq(users.id, $0.0), options.limit, ?)
                in (id: string, tx: Transaction = db)
            sql`f(${}, ${})`($0.0, $1.0)
                in (x)
                in (tx2) at 0[] of db.transaction(?)
                in (id: string, tx: Transaction = db)
            $0.1.sql`${} > ${}`($0.0.id, $2.0)
                in (t, _) at 0["where"] of $0.0.query.users.findMany({where: ?})
                in (tx2) at 0[] of db.transaction(?)
                in (id: string, tx: Transaction = db)
            sql`${}`(?)
                in (id: string, tx: Transaction = db)
            sql`select ${}`($0.0.id)
                in (_: Args)
            sql`x`()
                in (n)
                in ()
        "#]],
    );
}

#[test]
fn facts_ignore_comments_and_bodies() {
    let facts = |text: &str| module_facts(&ts::parse(text, Flavor::TypeScript)).0;
    let before =
        facts("export const a = f(1);\nasync function g(x: T) { await one(); return 1; }\nexport default g;");
    let after = facts(
        "// moved\n\nexport const a = f( /* one */ 1 );\nasync function g(x: T) {\n  const y = 5; if (y) { one(); return two(); }\n  return sql`x`;\n}\nconst_;\nexport default g;",
    );
    assert_eq!(before, after);
    assert_ne!(
        before,
        facts("export const a = f(2);\nasync function g(x: T) { await one(); return 1; }\nexport default g;")
    );
}

#[test]
fn early_returns_are_conditionals() {
    let value = |body: &str| {
        let module = ts::parse(&format!("const f = (a, b) => {{ {body} }};"), Flavor::TypeScript);
        let facts = module_facts(&module).0;
        facts.decls.first().map_or_else(String::new, |it| show(&it.value))
    };
    expect!["(a, b) => ($0.0 ? 1 : ($0.1 ? 2 : 3))"]
        .assert_eq(&value("const c = b; if (a) return 1; if ((c)) { return 2; } return 3;"));
    // Anything else could change what is returned.
    for body in [
        "if (a) return 1; else return 2; return 3;",
        "if (a) { b(); return 1; } return 3;",
        "b(); if (a) return 1; return 3;",
        "if (a) return 1; const g = () => { if (b) return 7; return 8; }; for (;;) { return 1; } return 3;",
        "if (a) return 1;",
    ] {
        assert_eq!(value(body), "(a, b) => none", "{body}");
    }
}

#[test]
fn exponential_constants_are_cut() {
    let mut text = "function f(a) { const c0 = [a];".to_owned();
    for i in 1..60 {
        text += &format!("const c{i} = [c{0}, c{0}];", i - 1);
    }
    text += "return sql`${c59}`; }";
    let module = ts::parse(&text, Flavor::TypeScript);
    module_facts(&module);
    for (i, it) in module.exprs.iter().enumerate() {
        if matches!(it.kind, ExprKind::Template(_)) {
            lowered(&module, ExprId(i as u32), &mut SourceMap::default());
        }
    }
}
