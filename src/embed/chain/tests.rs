use expect_test::{Expect, expect};

use super::{inward, outward};
use crate::base::text::slice;
use crate::ts::hir::{ExprId, ExprKind};
use crate::ts::{self, Flavor};

/// The chain around the call of `here`, inward and outward.
fn check(text: &str, expect: Expect) {
    let module = ts::parse(text, Flavor::TypeScript);
    let is_here = |id: &ExprId| match &module.expr(*id).kind {
        ExprKind::Call { callee, .. } => slice(text, module.expr(*callee).range).ends_with("here"),
        _ => false,
    };
    let here = (0..module.exprs.len() as u32).map(ExprId).find(is_here).expect("it is called");
    let mut links = inward(&module, here);
    let before: Vec<_> = links.by_ref().map(|it| it.method).collect();
    let end = links.end.map_or("a function", |it| slice(text, module.expr(it).range));
    let after: Vec<_> = outward(&module, here).map(|it| it.method).collect();
    expect.assert_eq(&format!("{} < {end}; {}", before.join(" < "), after.join(" > ")));
}

#[test]
fn chains_are_read_both_ways() {
    check(
        "db.select().from(users).here(x).limit(1).offset(2)",
        expect!["here < from < select < db; limit > offset"],
    );
    check("(await this.db.select().from(t).here()).map(f)", expect!["here < from < select < this.db; "]);
    check("(await db.select().from(t)).here(f)", expect!["here < await db.select().from(t); "]);
    check("f(db.here(x)).limit(1)", expect!["here < db; "]);
}

#[test]
fn functions_begin_chains() {
    check("pgView('v').here(q)", expect!["here < pgView < a function; "]);
    check("here('i').on(t.a).where(x)", expect!["here < a function; on > where"]);
    check("make()().here(q)", expect!["here < make()(); "]);
}

#[test]
fn assertions_are_passed() {
    check("(db.select().from(t) as any).here(x)!.limit(1)", expect!["here < from < select < db; limit"]);
    check("(db as any).here(x) as any as Promise<number>", expect!["here < db; "]);
}
