//! Tests of finding fragments.

use expect_test::{Expect, expect};

use super::fragments;
use crate::base::text::slice;
use crate::embed::{Frame, Piece, Source};
use crate::ts::{self, Flavor};

fn check(text: &str, expect: Expect) {
    let module = ts::parse(text, Flavor::TypeScript);
    let mut res = String::new();
    for fragment in fragments(&module, text) {
        let source = match &fragment.source {
            Source::Tagged { tag } => format!("tag {}", slice(text, module.expr(*tag).range)),
            Source::Raw { .. } => "raw".into(),
            Source::Execute { receiver, method } => {
                format!("{}.{method}", slice(text, module.expr(*receiver).range))
            }
        };
        let unclosed = if fragment.unclosed { " unclosed" } else { "" };
        let ty = fragment.type_arg.as_ref().map(|it| format!("<{it}>")).unwrap_or_default();
        res += &format!("{}: {source}{ty}{unclosed}\n    at", slice(text, fragment.host));
        for frame in &fragment.context {
            res += &match frame {
                Frame::Arg { method, index, .. } => format!(" {method}#{index}"),
                Frame::Key { key, .. } => format!(" {key}:"),
                Frame::Element { index, .. } => format!(" [{index}]"),
                Frame::Receiver { method, .. } => format!(" .{method}()"),
                Frame::Hole { index, .. } => format!(" ${{{index}}}"),
                Frame::Returned { .. } => " return".into(),
                Frame::Variable { name } => format!(" {name} ="),
                Frame::Alternative { .. } => " ?".into(),
            };
        }
        res += "\n";
        for piece in &fragment.pieces {
            match piece {
                Piece::Hole { host, .. } => assert!(slice(text, *host).starts_with("${")),
                Piece::Text { map, .. } => assert!(fragment.host.contains_range(map.host)),
            }
        }
    }
    expect.assert_eq(&res);
}

#[test]
fn tags() {
    check(
        r#"
import { sql, type SQL } from 'drizzle-orm';
import { Prisma, css as style } from 'x';
import { gql } from 'y';
const client = postgres(url);
a(sql`1`, Prisma.sql`2`, this.db.sql`3`, style`4`, gql`5`, client`6`, local`7`, `8`, sql.type(z)`9`, sql.unsafe`10`);
function f(sql, { sql: s }) { sql`11`; s`12`; prisma.$queryRaw`13`; String.raw`14`; }
"#,
        expect![[r#"
            `1`: tag sql
                at a#0
            `2`: tag Prisma.sql
                at a#1
            `3`: tag this.db.sql
                at a#2
            `4`: tag style
                at a#3
            `6`: tag client
                at a#5
            `9`: tag sql.type(z)
                at a#8
            `10`: tag sql.unsafe
                at a#9
            `11`: tag sql
                at
            `12`: tag s
                at
            `13`: tag prisma.$queryRaw
                at
        "#]],
    );
}

#[test]
fn strings() {
    check(
        r#"
const text = 'select 1';
const query = `update ${t} set a = 1`;
sql.raw('a'); sql.raw(`b ${c}`); orm.sql.raw("d"); x.raw('e');
await db.execute('select 2'); client.query(text, [1]); pool.query(query); client.query(text);
client.query({ text: 'delete from a', values: [] });
sql.unsafe(`
  -- why
  insert into b`);
url.query('selection'); url.query('set=1'); client.query(`{ user }`); db.execute(build());
"#,
        expect![[r#"
            'select 1': client.query
                at query#0
            `update ${t} set a = 1`: pool.query
                at query#0
            'a': raw
                at
            `b ${c}`: raw
                at
            "d": raw
                at
            'select 2': db.execute
                at execute#0
            'delete from a': client.query
                at query#0
            `
              -- why
              insert into b`: sql.unsafe
                at unsafe#0
        "#]],
    );
}

#[test]
fn contexts() {
    check(
        r#"
const rows = await db.select({ n: sql<number>`count(*)`.mapWith(Number).as('n') }).from(t)
  .where(and(eq(t.id, sql`a`), cond ? sql`b` : undefined, ...list.map((x) => sql`${sql`c`} = ${x}`)))
  .orderBy(desc(sql`d`));
await db.insert(t).values([{ at: sql`now()` }]).onConflictDoUpdate({ target: t.id, set: { n: sql`e` }, setWhere: sql`f` });
export const users = pgTable('users', { id: text().default(sql`g`) }, (t) => [check('c', sql`${t.id} > 0`), index().on(t.id).where(sql`h`)]);
let filter = x ?? sql`i`;
filter = sql`j`;
function build() { return sql`k`; }
const helper = (a) => { const q = sql`l`; if (a) return sql`m`; return [sql`n`] as const; };
sql.join([sql`o`, sql`p`], sql`, `);
db.transaction(async (tx) => { await tx.execute(sql`q`); });
sql`open ${
"#,
        expect![[r#"
            `count(*)`: tag sql<number>
                at .mapWith() .as() n: select#0 .from() .where() .orderBy() rows =
            `a`: tag sql
                at eq#1 and#0 where#0 .orderBy() rows =
            `b`: tag sql
                at ? and#1 where#0 .orderBy() rows =
            `${sql`c`} = ${x}`: tag sql
                at return map#0 and#2 where#0 .orderBy() rows =
            `c`: tag sql
                at ${0} return map#0 and#2 where#0 .orderBy() rows =
            `d`: tag sql
                at desc#0 orderBy#0 rows =
            `now()`: tag sql
                at at: [0] values#0 .onConflictDoUpdate()
            `e`: tag sql
                at n: set: onConflictDoUpdate#0
            `f`: tag sql
                at setWhere: onConflictDoUpdate#0
            `g`: tag sql
                at default#0 id: pgTable#1 users =
            `${t.id} > 0`: tag sql
                at check#1 [0] return pgTable#2 users =
            `h`: tag sql
                at where#0 [1] return pgTable#2 users =
            `i`: tag sql
                at ? filter =
            `j`: tag sql
                at filter =
            `k`: tag sql
                at return build =
            `l`: tag sql
                at q =
            `m`: tag sql
                at return helper =
            `n`: tag sql
                at [0] return helper =
            `o`: tag sql
                at [0] join#0
            `p`: tag sql
                at [1] join#0
            `, `: tag sql
                at join#1
            `q`: tag sql
                at execute#0
            `open ${: tag sql unclosed
                at
        "#]],
    );
}
