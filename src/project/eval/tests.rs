use std::fmt::Write;

use expect_test::{Expect, expect};

use super::{Evaluator, Value, ValueKind};
use crate::project::Workspace;
use crate::project::resolve::Resolver;
use crate::testing::TestWorkspace;

/// A value as the expression it is worth; symbolic names with their package.
fn draw(ws: &TestWorkspace, value: &Value) -> String {
    let list = |values: &[Value]| values.iter().map(|it| draw(ws, it)).collect::<Vec<_>>().join(", ");
    match &*value.kind {
        ValueKind::Unknown => "?".to_owned(),
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Number(text) | ValueKind::BigInt(text) | ValueKind::Regex(text) => text.to_string(),
        ValueKind::Bool(value) => value.to_string(),
        ValueKind::Null => "null".to_owned(),
        ValueKind::Undefined => "undefined".to_owned(),
        ValueKind::Array { items, open } => {
            format!("[{}{}]", list(items), if *open { ", …" } else { "" })
        }
        ValueKind::Object { entries, open } => {
            let mut res = "{".to_owned();
            for (idx, entry) in entries.iter().enumerate() {
                let _ = write!(
                    res,
                    "{}{}: {}",
                    if idx > 0 { ", " } else { " " },
                    entry.key,
                    draw(ws, &entry.value)
                );
            }
            res.push_str(if *open { ", … }" } else { " }" });
            res
        }
        ValueKind::Namespace(file) => format!("<{}>", ws.path(*file)),
        ValueKind::External { package, path } => format!("{package}#{}", path.join(".")),
        ValueKind::Member { object, name, .. } => format!("{}.{name}", draw(ws, object)),
        ValueKind::Call { callee, args, .. } => format!("{}({})", draw(ws, callee), list(args)),
        ValueKind::New { callee, args } => format!("new {}({})", draw(ws, callee), list(args)),
        ValueKind::Closure(_) => "<function>".to_owned(),
        ValueKind::Template { tag, quasis, holes, .. } => {
            let mut res = tag.as_ref().map(|it| draw(ws, it)).unwrap_or_default();
            res.push('`');
            for (idx, quasi) in quasis.iter().enumerate() {
                res.push_str(quasi);
                if let Some(hole) = holes.get(idx) {
                    let _ = write!(res, "${{{}}}", draw(ws, hole));
                }
            }
            res.push('`');
            res
        }
        ValueKind::OneOf(values) => values.iter().map(|it| draw(ws, it)).collect::<Vec<_>>().join(" | "),
        ValueKind::Bound(name) => format!("«{name}»"),
    }
}

/// The exports of `/main.ts`, each with the declaration it comes from when that is another file's.
fn check(fixture: &str, expect: Expect) {
    let ws = TestWorkspace::new(fixture);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let main = ws.id("/main.ts");
    let mut res = String::new();
    for (name, value) in eval.exports(main) {
        let _ = write!(res, "{name} = {}", draw(&ws, &value));
        if let Some(decl) = value.decl.as_ref().filter(|it| it.file != main || it.name != name) {
            let _ = write!(res, "    ({} {})", ws.path(decl.file), decl.name);
        }
        res.push('\n');
    }
    expect.assert_eq(&res);
}

#[test]
fn tables_stay_symbolic_and_constants_are_followed() {
    check(
        r#"
//- /main.ts
import { pgTable, text } from 'drizzle-orm/pg-core';
import * as d from 'drizzle-orm/pg-core';
import pg from 'pg';
const NAME = 'users' as const;
const id = { id: d.uuid().primaryKey() };
export const users = pgTable(NAME, { ...id, name: text('name').notNull(), });
export const lower = NAME.toLowerCase() + '_' + 1;
export const pool = new pg.Pool({ max: -5 });
export const n = 3 + 4;
export const pattern = /a+/g;
"#,
        expect![[r##"
            lower = "users_1"
            n = 7
            pattern = /a+/g
            pool = new pg#default.Pool({ max: -5 })
            users = drizzle-orm/pg-core#pgTable("users", { id: drizzle-orm/pg-core#uuid().primaryKey(), name: drizzle-orm/pg-core#text("name").notNull() })
        "##]],
    );
}

#[test]
fn barrels_aliases_and_renames_lead_to_the_declaration() {
    check(
        r#"
//- /main.ts
import { people as humans } from './schema';
import * as schema from './schema';
import fallback, { kinds } from './schema/index.js';
export { humans as folk, fallback as main };
export const all = Object.keys(schema);
export const spread = { ...schema };
export const color = kinds.Color.Red;
export { deep } from './cycle-a';
export * as ns from './schema/users';
//- /schema/index.ts
export { users as people } from './users';
export * from './posts';
export * as kinds from './kinds';
export { default } from './users';
//- /schema/users.ts
import { pgTable } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {});
export default users;
//- /schema/posts.ts
export * from './users';
export const posts = 'posts';
export type Post = {};
//- /schema/kinds.ts
export enum Color { Red = 'red', Blue = 'blue' }
//- /cycle-a.ts
export * from './cycle-b';
//- /cycle-b.ts
export * from './cycle-a';
export const deep = 1;
"#,
        expect![[r#"
            all = ["default", "kinds", "people", "posts", "users"]
            color = "red"
            deep = 1    (/cycle-b.ts deep)
            folk = drizzle-orm/pg-core#pgTable("users", { })    (/schema/users.ts users)
            main = drizzle-orm/pg-core#pgTable("users", { })    (/schema/users.ts users)
            ns = </schema/users.ts>
            spread = { default: drizzle-orm/pg-core#pgTable("users", { }), kinds: </schema/kinds.ts>, people: drizzle-orm/pg-core#pgTable("users", { }), posts: "posts", users: drizzle-orm/pg-core#pgTable("users", { }) }
        "#]],
    );
}

#[test]
fn functions_are_applied() {
    check(
        r#"
//- /main.ts
import { pgTableCreator, text, timestamp } from 'drizzle-orm/pg-core';
import { named, withId } from './helpers';
const make = pgTableCreator((name) => `app_${name}`);
export const t = make('x', { ...withId('pre'), ...timestamps() });
function timestamps({ tz = true } = {}) { return { created: timestamp({ withTimezone: tz }) }; }
export const greeting = named('a');
export const greeting2 = named('a', 'b', 'c', 'd');
export const pick = (({ x, y: [, second] }) => x + second)({ x: 'x', y: ['1', '2'] });
export const curried = ((a: string) => (b: string) => a + b)('1')('2');
export const later = (async () => 5)();
export const now = await (async () => 5)();
const endless = (n) => endless(n);
export const stuck = endless(1);
export const block = (() => { const a = 'q'; return a + a; })();
export const impure = ((x) => { console.log(x); if (x) return 1; return 2; })(1);
//- /helpers.ts
import { uuid } from 'drizzle-orm/pg-core';
export const withId = (prefix: string) => ({ id: uuid(`${prefix}_id`) });
export function named(a: string, b = a + '!', ...rest: string[]) { return [a, b, ...rest].join('-'); }
"#,
        expect![[r#"
            block = "qq"
            curried = "12"
            greeting = "a-a!"
            greeting2 = "a-b-c-d"
            impure = <function>(1)
            later = <function>()
            now = 5
            pick = "x2"
            stuck = ?
            t = drizzle-orm/pg-core#pgTableCreator(<function>)("x", { id: drizzle-orm/pg-core#uuid("pre_id"), created: drizzle-orm/pg-core#timestamp({ withTimezone: ? }) })
        "#]],
    );
}

#[test]
fn lists_and_objects() {
    check(
        r#"
//- /main.ts
const ROLES = { Admin: 'admin', User: 'user', 2: 'two' } as const;
const list = ['a', 'b'] satisfies string[];
export const a = Object.values(ROLES) as [string, ...string[]];
export const b = Object.entries(ROLES).map(([k, v]) => `${k}=${v}`).join(',');
export const c = list.map((it, i) => it + i).concat(['z'], 'y').filter((it) => it !== 'z');
export const d = [...list, ...new Set([1, 1, 2]), null].filter(Boolean);
export const e = Object.fromEntries(list.map((it) => [it, it.toUpperCase()]));
export const f = Object.assign({}, e, { a: 1 });
export const g = [[1], [2, [3]]].flat();
export const h = list.reduce((acc, it) => ({ ...acc, [it]: 1 }), {});
export const i = [list[1], list.length, list.at(-1), list.includes('a'), ROLES['User'], list[9]];
export const j = [...list, ...unknownThing];
export const k = { x: 1, ...unknownThing, y: 2 };
export const { Admin, ...others } = ROLES;
export const [first, second = 5] = list;
"#,
        expect![[r#"
            Admin = "admin"
            a = ["two", "admin", "user"]
            b = "2=two,Admin=admin,User=user"
            c = ["a0", "b1", "y"]
            d = ["a", "b", 1, 2]
            e = { a: "A", b: "B" }
            f = { a: 1, b: "B" }
            first = "a"
            g = [1, 2, [3]]
            h = { a: 1, b: 1 }
            i = ["b", 2, "b", true, "user", undefined]
            j = ["a", "b", …]
            k = { x: 1, y: 2, … }
            others = { User: "user", 2: "two" }
            second = ?
        "#]],
    );
}

#[test]
fn members_of_validators() {
    check(
        r#"
//- /main.ts
import { z } from 'zod';
import * as v from 'valibot';
const Kind = z.enum(['a', 'b']);
export const options = Kind.options;
export const names = z.enum(['a', 'b']).enum;
export const native = z.nativeEnum({ A: 'x' }).enum;
export const picked = v.picklist(['c']).options;
export const other = z.string().options;
"#,
        expect![[r#"
            names = { a: "a", b: "b" }
            native = { A: "x" }
            options = ["a", "b"]
            other = zod#z.string().options
            picked = ["c"]
        "#]],
    );
}

#[test]
fn what_is_decided_at_run_time_is_one_of() {
    check(
        r#"
//- /main.ts
const env = process.env;
const isTest = process.env.NODE_ENV === 'test';
export const a = process.env.SCHEMA ?? './schema.ts';
export const b = env.SCHEMA || 'x';
export const c = `${b}/y`;
export const d = isTest ? 'test' : 'prod';
export const e = { always: 1, ...(isTest && { sometimes: 2 }), ...(isTest ? { p: 1 } : {}) };
export const f = true ? 'yes' : 'no';
export const g = '' || 'right';
export const h = null ?? 'right';
export const i = 'left' && 'right';
export const j = [1, ...(isTest ? [2] : [])];
export const k = !isTest;
export const l = (isTest ? { a: 1 } : { a: 2 }).a;
export let m = 'written again';
m = 'later';
"#,
        expect![[r##"
            a = #process.env.SCHEMA | "./schema.ts"
            b = #process.env.SCHEMA | "x"
            c = `${#process.env.SCHEMA}/y` | "x/y"
            d = "test" | "prod"
            e = { always: 1, sometimes: 2 | undefined, p: 1 | undefined }
            f = "yes"
            g = "right"
            h = "right"
            i = "right"
            j = [1, 2 | undefined, …]
            k = ?
            l = 1 | 2
            m = ?
        "##]],
    );
}

#[test]
fn paths() {
    check(
        r#"
//- /main.ts
export * from './pkg/src/paths';
//- /pkg/src/paths.ts
import path, { join } from 'node:path';
import * as p from 'path';
import { fileURLToPath, URL as NodeURL } from 'url';
const here = path.dirname(fileURLToPath(import.meta.url));
export const a = join(__dirname, '..', 'schema.ts');
export const b = path.resolve(here, 'db/schema');
export const c = new URL('./x.ts', import.meta.url).pathname;
export const d = fileURLToPath(new NodeURL('../drizzle', import.meta.url));
export const e = p.relative(process.cwd(), d);
export const f = path.join(process.cwd(), 'src', '/schema.ts');
export const g = path.resolve(process.cwd(), process.env.DIR || 'out');
export const h = import.meta.dirname + '/z';
export const i = ['a', 'b'].join(path.sep);
export const j = path.basename(a, '.ts') + path.extname(a);
export const k = path.resolve('/x', '/y', 'z');
export const l = new URL('https://example.com');
"#,
        expect![[r#"
            a = "/pkg/schema.ts"    (/pkg/src/paths.ts a)
            b = "/pkg/src/db/schema"    (/pkg/src/paths.ts b)
            c = "/pkg/src/x.ts"    (/pkg/src/paths.ts c)
            d = "/pkg/drizzle"    (/pkg/src/paths.ts d)
            e = "/pkg/drizzle"    (/pkg/src/paths.ts e)
            f = "src/schema.ts"    (/pkg/src/paths.ts f)
            g = ? | "out"    (/pkg/src/paths.ts g)
            h = "/pkg/src/z"    (/pkg/src/paths.ts h)
            i = "a/b"    (/pkg/src/paths.ts i)
            j = "schema.ts"    (/pkg/src/paths.ts j)
            k = "/y/z"    (/pkg/src/paths.ts k)
            l = new #URL("https://example.com")    (/pkg/src/paths.ts l)
        "#]],
    );
}

#[test]
fn commonjs_json_and_data() {
    check(
        r#"
//- /main.ts
import { limit } from './settings.cjs';
import data from './data.json';
import query from './q.sql?raw';
const whole = require('./settings.cjs');
export { limit };
export const viaWhole = whole.limit;
export const version = data.version;
export { query };
export const lazy = (await import('./other')).x;
const [{ x: first }, whole2] = await Promise.all([import('./other'), import('./settings.cjs'), later()]);
async function later() { return 1; }
export { first };
export const second = whole2.limit;
export const chained = await import('./other').then((it) => it.x);
export const [third] = await Promise.all([1, later()].map(async (it) => it));
export const missing = require('./nowhere');
//- /settings.cjs
module.exports = { limit: 5 };
//- /data.json
{ "version": "1.2" }
//- /q.sql
select 1
//- /other.ts
export const x = 'x';
"#,
        expect![[r#"
            chained = "x"    (/other.ts x)
            first = "x"    (/other.ts x)
            lazy = "x"    (/other.ts x)
            limit = 5    (/settings.cjs exports.limit)
            missing = ?
            query = "select 1\n"
            second = 5    (/settings.cjs exports.limit)
            third = 1
            version = "1.2"
            viaWhole = 5    (/settings.cjs exports.limit)
        "#]],
    );
}

#[test]
fn callbacks_are_applied_by_hand() {
    let ws = TestWorkspace::new(
        r#"
//- /main.ts
import { pgTable, index } from 'drizzle-orm/pg-core';
const prefix = 'idx_';
export const t = pgTable('t', (b) => ({ id: b.serial() }), (t) => [index(prefix + 'id').on(t.id)]);
"#,
    );
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let table = eval.export(ws.id("/main.ts"), "t");
    let ValueKind::Call { args, .. } = &*table.kind else { panic!("{table:?}") };
    let mut res = String::new();
    for arg in args.iter().skip(1) {
        let ValueKind::Closure(closure) = &*arg.kind else { panic!("{arg:?}") };
        let value = eval.call_with(closure, vec![Value::bound("b")]);
        res.push_str(&draw(&ws, &value));
        res.push('\n');
    }
    expect![[r##"
        { id: «b».serial() }
        [drizzle-orm/pg-core#index("idx_id").on(«b».id)]
    "##]]
    .assert_eq(&res);
}

#[test]
fn deep_and_wide_inputs_end() {
    let mut doubling = "const x0 = ['a', 'b'];\n".to_owned();
    let mut texts = "const t0 = 'abcdefgh';\n".to_owned();
    let mut links = String::new();
    for idx in 1..45 {
        doubling.push_str(&format!("const x{idx} = [...x{0}, ...x{0}];\n", idx - 1));
        texts.push_str(&format!("const t{idx} = t{0} + t{0};\n", idx - 1));
    }
    for idx in 0..200 {
        links.push_str(&format!("const c{idx} = c{};\n", idx + 1));
    }
    let cases = [
        format!("export const it = {}{};", "[".repeat(3_000), "]".repeat(3_000)),
        format!("export const it = 'a'{};", " + 'b'".repeat(3_000)),
        format!("export const it = f{};", ".g()".repeat(3_000)),
        format!("export const it = {}1;", "x ? 1 : ".repeat(3_000)),
        format!("export const it = {}1{};", "(() => ".repeat(500), ")()".repeat(500)),
        format!("{doubling}export const it = x44;"),
        format!("{texts}export const it = t44;"),
        format!("{links}const c200 = c0;\nexport const it = c0;"),
    ];
    for text in cases {
        let ws = TestWorkspace::new(&format!("//- /main.ts\n{text}\n"));
        let resolver = Resolver::new(&ws);
        let eval = Evaluator::new(&ws, &resolver);
        assert_eq!(eval.exports(ws.id("/main.ts")).len(), 1);
    }
}

#[test]
fn a_barrel_of_many_modules_finds_every_name() {
    let mut text = "//- /main.ts\nexport * from './all';\n//- /all.ts\n".to_owned();
    for idx in 0..600 {
        text.push_str(&format!("export * from './m{idx}';\n"));
    }
    for idx in 0..600 {
        let next = (idx + 1) % 600;
        text.push_str(&format!("//- /m{idx}.ts\nexport * from './m{next}';\nexport const v{idx} = {idx};\n"));
    }
    let ws = TestWorkspace::new(&text);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let main = ws.id("/main.ts");
    assert_eq!(eval.exports(main).len(), 600);
    assert!(matches!(&*eval.export(main, "v599").kind, ValueKind::Number(it) if it == "599"));
}

/// The text of a value: strings and numbers as they are, lists and objects with their parts.
fn shown(value: &Value) -> String {
    match &*value.kind {
        ValueKind::Array { items, open: false } => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(" "))
        }
        ValueKind::Object { entries, open: false } => {
            let entries = entries.iter().map(|it| format!("{}={}", it.key, shown(&it.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        _ => value.to_text().map_or_else(|| "?".to_owned(), |it| it.to_string()),
    }
}

#[test]
fn the_rest_of_a_pattern_and_arithmetic() {
    let text = "//- /main.ts
const base = { id: 1, 'made-at': 2, deep: { a: 3, b: 4 }, last: 5 };
const { id, ...r0 } = base;
const { 'made-at': made, id: other, ...r1 } = base;
const { deep: { a, ...r2 }, last = 7, ...r3 } = base;
const [first, ...r4] = ['x', 'y', 'z'];
const [, [...r5]] = [0, [1, 2]];
const key = 'id';
const { [key]: computed, ...r6 } = base;
const omit = ({ id, ...more }) => more;
const r7 = omit(base);
function pick() { const { deep, last, ...left } = base; return left; }
const r8 = pick();
const { ...r9 } = { b: 1, ...r4 && { c: 2 } };
const r10 = [2 * 3, 7 - 9, 8 / 2, 7 / 2, 2 ** 5, 7 % 4, 1.5 * 2];
export const all = [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10];
";
    let ws = TestWorkspace::new(text);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let ValueKind::Array { items, .. } = &*eval.export(ws.id("/main.ts"), "all").kind else {
        panic!("a list")
    };
    let shown: Vec<String> = items.iter().map(shown).collect();
    expect_test::expect![[r#"
        {made-at=2 deep={a=3 b=4} last=5}
        {deep={a=3 b=4} last=5}
        {b=4}
        {id=1 made-at=2}
        [y z]
        [1 2]
        ?
        {made-at=2 deep={a=3 b=4} last=5}
        {id=1 made-at=2}
        {b=1 c=2}
        [6 -2 4 ? 32 3 ?]"#]]
    .assert_eq(&shown.join("\n"));
}
