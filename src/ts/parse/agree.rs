//! Both front ends give equal modules for valid text.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use super::tests::picture;
use super::{parse, tolerant, tree, valid};
use crate::ts::Flavor;
use crate::ts::hir::Module;

/// The first thing that two modules differ in.
fn difference(fast: &Module, slow: &Module, text: &str) -> Option<String> {
    if fast == slow {
        return None;
    }
    let around = |range: crate::base::text::TextRange| {
        let line = text.get(..usize::from(range.start())).unwrap_or("").lines().count().max(1);
        let excerpt: String =
            text.get(usize::from(range.start())..).unwrap_or("").chars().take(120).collect();
        format!("line {line}: {excerpt:?}")
    };
    for (a, b) in fast.exprs.iter().zip(&slow.exprs) {
        if a != b {
            // Parents follow from what comes later.
            let (mut x, mut y) = (a.clone(), b.clone());
            (x.parent, y.parent) = (None, None);
            if x != y {
                return Some(format!("{}\n  fast {x:?}\n  slow {y:?}", around(a.range.cover(b.range))));
            }
        }
    }
    if fast.exprs.len() != slow.exprs.len() {
        let longer = if fast.exprs.len() > slow.exprs.len() { fast } else { slow };
        let extra = longer.exprs.get(fast.exprs.len().min(slow.exprs.len())).map(|it| around(it.range));
        return Some(format!("{} and {} expressions, {extra:?}", fast.exprs.len(), slow.exprs.len()));
    }
    for (a, b) in fast.scopes.iter().zip(&slow.scopes) {
        for (x, y) in a.bindings.iter().zip(&b.bindings) {
            if x != y {
                return Some(format!("{}\n  fast {x:?}\n  slow {y:?}", around(x.decl)));
            }
        }
        if a != b {
            return Some(format!("scope\n  fast {a:?}\n  slow {b:?}"));
        }
    }
    for (a, b) in fast.exports.iter().zip(&slow.exports) {
        if a != b {
            return Some(format!("export\n  fast {a:?}\n  slow {b:?}"));
        }
    }
    if fast.imports != slow.imports {
        return Some(format!("imports\n  fast {:?}\n  slow {:?}", fast.imports, slow.imports));
    }
    if fast.enums != slow.enums {
        return Some(format!("enums\n  fast {:?}\n  slow {:?}", fast.enums, slow.enums));
    }
    Some(format!(
        "parents, or lengths: scopes {} {}, exports {} {}, top level {} {}",
        fast.scopes.len(),
        slow.scopes.len(),
        fast.exports.len(),
        slow.exports.len(),
        fast.top_level.len(),
        slow.top_level.len()
    ))
}

/// What is wrong, if anything.
fn disagreement(text: &str, flavor: Flavor) -> Option<String> {
    let Some(fast) = valid::parse(text, flavor) else { return Some(format!("refused: {text}\n")) };
    difference(&fast, &tolerant(text, flavor), text).map(|it| format!("{text}\n{it}\n"))
}

fn agree(texts: &[&str], flavors: &[Flavor]) {
    let pairs = texts.iter().flat_map(|text| flavors.iter().map(move |it| disagreement(text, *it)));
    let wrong: String = pairs.flatten().collect();
    assert!(wrong.is_empty(), "{wrong}");
}

const BOTH: [Flavor; 2] = [Flavor::TypeScript, Flavor::Tsx];

#[test]
fn statements() {
    let texts = [
        "#!/usr/bin/env node\n'use strict';\nf();",
        "\u{feff}const a = 'é😀', b = `ü${a}`;\r\nlet c: string\r\nc = a",
        "if (a) b(); else if (c) { } else { d() }",
        "{} { /* nothing */ } { x }",
        "for (let i = 0, n = 3; i < n; i++) { f(i) }\nfor (;;) {}\nfor (i = 0; ;) x",
        "for (const { a, b: [c] } of xs) {}\nfor (const k in o) f(k)\nfor (x.y of z) {}\nfor (q of z) {}",
        "async function f() { for await (const x of y) { await x } }",
        "switch (a) { case 1: case f(2): { g() } break; default: h() }\nswitch (b) {}",
        "try { a() } catch (e: unknown) { b(e) } finally { c() }\ntry {} catch { }\ntry {} catch ({ m }) {}",
        "a: for (;;) { continue a }\ndo { x++ } while (y)\nwhile (z) z--",
        "enum A { B, C = 'c', 'd-e' = 1, F = 1 << 2 }\nconst enum G { H }\nexport enum I { J = `x` }",
        "namespace A.B { const c = 1; export function d() {} }\nexport namespace E { f() }\ndeclare module 'x' { const y: number }\ndeclare global { interface Window { a: 1 } }",
        "declare const a: string, b: number\ndeclare function f(x: string): void\nexport declare class C { m(): void }",
        "function f(a: string): void\nfunction f(a: number): void\nfunction f(a: any) { return a }",
        "export default function () { return 1 }",
        "export default async function named() {}",
        "export default class {}",
        "export default class A extends B<C> {}",
        "export default interface A { b: string }",
        "export default { a: 1 }",
        "export default a;",
        "export = a.b",
        "export as namespace X;\nexport {};",
        "import a = require('a');\nimport b = c.d;\nimport type e = require('e')",
        "import json from './a.json' with { type: 'json' };",
        "import { \"a-b\" as c, default as d, type E } from 'x';\nexport { c as \"x-y\", d as default, type E };\nexport * as \"s t\" from 'z'",
        "type A<T> = T extends infer U ? `${string & U}` : never;\ninterface B { c(): void }",
        "let a = 1, [b, , c = 2, ...d] = e, { f, g: { h = 1 }, 'i': j, [k]: l, ...m } = n\na += 1; [b, c.x] = y; ({ f, g: j = 3, ...m } = z)",
        "var a; function f() { var a = 1; { var b } { let c } a = 2 }",
        "throw new Error('x')",
        "debugger;;",
        "const a = 1 // one\nlet b = f() /* two */\nimport c from 'c' // three\nexport const d = 2 // four\n",
    ];
    agree(&texts, &BOTH);
}

#[test]
fn expressions() {
    let texts = [
        "a?.b?.[c]?.(d)!.e!['f'][0]",
        "(a, b); (0, f)(); x = (y); ((z))",
        "a ?? b; a && b || c; a ** 2; a in b; a instanceof B; typeof a; void 0; delete a.b; !a; ~b; ++c; d--",
        "[1, , ...a, ]; [,]; [, ,a]",
        "0x1F; 1_000n; .5e3; 0b1; 1n; /a[/]+/gi.test(b)",
        "({ a, 'b': 1, [c]: 2, ['d']: 3, 4: 5, ...e, f() {}, async *g() { yield 1; yield* h }, get i() { return 1 }, set i(v) {}, async j() {}, [k]() {}, async: 1, get: 2 })",
        "new A; new B(); new C.D<E>(f, ...g); function h() { new.target }",
        "x as const; y as A | B; <T,>(z: T) => z; w satisfies V; u!; (t as any).s = 1; (r as Q)++",
        "import('a'); import.meta.url; await import('b', { with: {} }); const { c } = await import('c')",
        "f<A, B<C>>(d); g<E>; h?.<I>(j)",
        "tag`a${b}c\\n\\u{41}`; a.b<C>`d${`e${f}`}`; `${a, b}`; x`\r\n`",
        "a => b; async a => ({ b }); (a, { b = 1, c: [d] }, ...e) => { return a }; async <T,>(x?: T): Promise<T> => { if (!x) return 1; if (x) { return 2 } const y = 3; return y }",
        "(function a() {}); (function* b() {}); (async function () {})",
        "class A { static { f() } static {} #p = 1; m() { return #p in this && this.#p } static async *[g]() {} get x() { return 1 } constructor(private readonly a: B, @Inject() c?: D) { super(a) } declare e: F; abstract; static; accessor h = 1; [i: string]: any }",
        "abstract class A<T> extends b(C)<T> implements D, E { abstract f(): void; abstract g: string; protected h?: I = 1; override readonly j = 2 }",
        "@a() class B { @c d = 1; @e() @f.g() h() {} @i('x') get j() { return 1 } @k static l() {} }",
        "@a() export class B {}",
        "export @a() class B {}",
        "@a export default class B { @c() d() {} }",
        "(a ? b : c) ? d : e ? f : g",
        "x.push(1); Object.assign(y, z); const q = []; q.length = 0; const r = {}; r.a.b = 1; delete r['c']",
        "function* f() { const x = yield; yield x }",
        "a = b = c; a ||= b; a **= 2; a >>>= 3",
        "function f(this: A, b: string) {}",
        "const f = function (a, b) { 'use strict'; return a }",
        "const a = undefined, b = { undefined }, c = null, d = true",
        "exports.a = 1; module.exports.b = c; module.exports = { d, e: 2 }; const f = require('f'), { g, h: i } = require('g')",
        "const a = (x: number): x is 1 => x === 1; function assert(x): asserts x is string {}",
        "await f<T>(x); await a.b<T>(c).d; void a.get<T>(b).then(c); !await f<T>(x)!.y; !a!.b; a ?? b!; a + b[0]! + c!; a = b - c!",
        "await a as T; !a as T; await a.b() satisfies T; x as A.B.C; (x as A.B).c; await (a as T); x satisfies A.B.C",
    ];
    agree(&texts, &BOTH);
    agree(
        &["const a = <T>b; const c = <const>['d'], e = <A<B<C>>>f; const f = <T>(x: T) => x"],
        &[Flavor::TypeScript],
    );
}

#[test]
fn markup() {
    let texts = [
        "const a = <div className=\"x\" {...rest} b={c} d e='f'>text {g} &nbsp; {/* no */} {...h}<br/></div>",
        "const a = <><Foo.Bar<Baz> x:y=\"1\" render={() => <b>{1}</b>}>{list.map(it => <li key={it}>{it}</li>)}</Foo.Bar></>",
        "const a = <a b=<c/> />",
        "const a = cond && <p>it's {sql`select ${1}`}</p>",
        "const a = <div></div>, b = <></>, c = <div>{}</div>",
    ];
    agree(&texts, &[Flavor::Tsx]);
}

/// Where the tolerant grammar does not know the language.
#[test]
fn what_only_the_fast_parser_reads() {
    for text in ["using a = f()", "await using b = g()"] {
        let module = valid::parse(text, Flavor::TypeScript).unwrap();
        assert_eq!(module.scopes[0].bindings.len(), 1, "{text}");
    }
    for text in ["export type * from 'a'", "export * from 'a' with { type: 'json' }"] {
        assert_eq!(valid::parse(text, Flavor::TypeScript).unwrap().exports.len(), 1, "{text}");
    }
}

/// A broken declaration leaves the module to the other front end; the others stay what they were.
#[test]
fn an_error_elsewhere_changes_nothing() {
    let text = "import { sql } from 'drizzle-orm';\nexport const a = pgTable('a', { id: text('id').notNull() }, (t) => [index('i').on(t.id)]);\nexport const q = (x) => { const y = x; return sql<number>`count(${y})`; };\nclass A extends B { @c() d = <T>e; }\n";
    let whole = picture(&parse(text, Flavor::TypeScript));
    let broken = format!("{text}export const z = f(1, ;\n");
    assert!(valid::parse(&broken, Flavor::TypeScript).is_none());
    let broken = picture(&parse(&broken, Flavor::TypeScript));
    for line in whole.lines() {
        assert!(broken.contains(line), "{line}\n\n{broken}");
    }
}

#[test]
fn deep_nesting_is_survived() {
    let chain = |open: &str, close: &str, n: usize| format!("x = {}y{}", open.repeat(n), close.repeat(n));
    let mut wrong = Vec::new();
    for n in [40, 90, 150, 400, 3_000, 60_000] {
        for text in [
            chain("(", ")", n),
            chain("[", "]", n),
            chain("{a:", "}", n),
            chain("a?", ":b", n),
            chain("a=>", "", n),
            chain("a?b:", "", n),
            chain("!", "", n),
            chain("new ", "", n),
            chain("a=", "", n),
            chain("f(", ")", n),
            chain("`${", "}`", n),
            chain("a+", "", n),
            chain("a**", "", n),
            chain("class extends ", "", n),
            chain("<a>", "</a>", n),
            chain("async () => { await ", "}", n),
            "if (x)\n".repeat(n) + "y",
            "if (x) y; else ".repeat(n) + "z",
            "if (x) { y } else ".repeat(n) + "z",
            "a:".repeat(n) + "b",
            format!("type A = {}B", "C extends D ? E : ".repeat(n)),
            format!("type A = {}B{}", "C<".repeat(n), ">".repeat(n)),
            format!("type A = {}B", "keyof ".repeat(n)),
            format!("type A = {}B", "() => ".repeat(n)),
            "{".repeat(n) + &"}".repeat(n),
            "function f() {".repeat(n) + &"}".repeat(n),
        ] {
            if n < 3_000 {
                for flavor in [Flavor::TypeScript, Flavor::Tsx] {
                    if tree(&text, flavor).is_some_and(|it| !it.root_node().has_error())
                        && valid::parse(&text, flavor).is_some()
                        && let Some(it) = disagreement(&text, flavor)
                    {
                        wrong.push(it);
                    }
                }
            } else {
                // Must not end the process.
                let _ = valid::parse(&text, Flavor::Tsx);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

fn scripts(dir: &Path, acc: &mut Vec<PathBuf>) {
    let walk = ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .filter_entry(|it| it.file_name() != "node_modules" && it.file_name() != ".git")
        .build();
    acc.extend(walk.flatten().map(ignore::DirEntry::into_path).filter(|it| it.is_file()));
}

/// All scripts of the repository; with `COLUMNIST_PROJECTS`, those of every project in that directory too.
/// `COLUMNIST_DIFFERENCES` names a file that gets what differs.
#[test]
fn scripts_of_projects() {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    scripts(&root.join("tests"), &mut files);
    scripts(&root.join("editors"), &mut files);
    if let Some(projects) = std::env::var_os("COLUMNIST_PROJECTS") {
        scripts(Path::new(&projects), &mut files);
    }
    let (differing, counts) = (Mutex::new(Vec::new()), Mutex::new([0usize; 4]));
    files.par_iter().for_each(|path| {
        let name = path.to_string_lossy();
        let Some(flavor) = Flavor::of_path(&name) else { return };
        let Ok(text) = std::fs::read_to_string(path) else { return };
        if text.len() > 1_000_000 {
            return;
        }
        let broken = tree(&text, flavor).is_none_or(|it| it.root_node().has_error());
        let fast = valid::parse(&text, flavor);
        let what = match (&fast, broken) {
            (None, true) => 0,
            (None, false) => 1,
            (Some(_), true) => 2,
            (Some(_), false) => 3,
        };
        counts.lock().unwrap()[what] += 1;
        if what == 1 {
            differing.lock().unwrap().push((true, format!("REFUSED {name}")));
        }
        if let Some(fast) = fast
            && let Some(it) = difference(&fast, &tolerant(&text, flavor), &text)
        {
            let kind = if broken { "ERROR" } else { "DIFFERS" };
            differing.lock().unwrap().push((broken, format!("{kind} {name} {it}")));
        }
    });
    let mut differing = differing.into_inner().unwrap();
    differing.sort();
    let counts = counts.into_inner().unwrap();
    println!(
        "refused by both {}, by the fast {}, by the tolerant {}, by none {}",
        counts[0], counts[1], counts[2], counts[3]
    );
    if let Some(report) = std::env::var_os("COLUMNIST_DIFFERENCES") {
        let lines: Vec<&str> = differing.iter().map(|it| it.1.as_str()).collect();
        std::fs::write(report, lines.join("\n")).unwrap();
    }
    // What is left where the tolerant grammar reads valid text wrongly and does not say so: operators after `x!`
    // (`a && b! > c`), `x as A.B | C`, `await f<typeof import('m')>()`, a comment behind `export`.
    let wrong: Vec<&str> = differing.iter().filter(|it| !it.0).map(|it| it.1.as_str()).collect();
    let n_ours = wrong.iter().filter(|it| it.contains(&*root.to_string_lossy())).count();
    assert_eq!(n_ours, 0, "{}", wrong.join("\n"));
    assert!(wrong.len() * 1_000 <= files.len(), "{} of {}", wrong.len(), files.len());
}
