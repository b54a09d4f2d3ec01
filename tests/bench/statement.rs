//! What one statement costs: `cargo bench --bench statement`.

use std::sync::OnceLock;

use columnist::base::file::FileId;
use columnist::catalog::{Catalog, fold};
use columnist::facts::Loc;
use columnist::sema;
use columnist::sql::{self, Dialect, split};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const QUERY: &str = "\
select u.id, u.title, count(p.id) as n, max(p.view_count) as top
from table_400 u left join table_900 p on p.owner_id = u.id
where u.view_count > $1 and u.is_public and p.created_at > now() - interval '30 days'
group by u.id, u.title
having count(p.id) > 3
order by n desc limit 20";

/// 1,000 tables of twelve columns.
fn ddl() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let table = |idx: usize| {
            format!(
                "create table table_{idx} (\n  id text primary key,\n  owner_id text,\n  \
                 title varchar(200) not null,\n  body text,\n  view_count integer not null default 0,\n  \
                 rating double precision,\n  is_public boolean not null default false,\n  payload jsonb,\n  \
                 price numeric(12, 2),\n  published_at timestamptz,\n  \
                 created_at timestamptz not null default now(),\n  labels text[]\n);\n"
            )
        };
        (0..1000).map(table).collect()
    })
}

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let mut res = Catalog { search_path: vec![sql::Ident::new("public")], ..Catalog::default() };
        for (idx, (range, statement)) in sql::parse(ddl(), Dialect::Postgres).statements.iter().enumerate() {
            let text = columnist::base::text::slice(ddl(), *range);
            fold::apply(&mut res, FileId(0), Loc(idx as u32), statement, text);
        }
        res
    })
}

/// Names, types and nullability of a parsed query over 1,000 tables.
#[divan::bench]
fn analyze(bencher: Bencher<'_, '_>) {
    let (catalog, parsed) = (catalog(), sql::parse_statement(QUERY, Dialect::Postgres));
    let ctx = sema::Context { catalog, params: &[], variables: &[] };
    assert_eq!(sema::analyze(ctx, &parsed.hir, QUERY).problems, []);
    bencher.bench(|| sema::analyze(black_box(ctx), &parsed.hir, QUERY));
}

/// Parse and analysis together: what an edit of the statement costs.
#[divan::bench]
fn parse_and_analyze(bencher: Bencher<'_, '_>) {
    let ctx = sema::Context { catalog: catalog(), params: &[], variables: &[] };
    bencher.bench(|| {
        let parsed = sql::parse_statement(black_box(QUERY), Dialect::Postgres);
        sema::analyze(ctx, &parsed.hir, QUERY)
    });
}

#[divan::bench]
fn parse() -> sql::ParsedStatement {
    sql::parse_statement(black_box(QUERY), Dialect::Postgres)
}

/// 1,000 CREATE TABLE statements, 340 kB.
#[divan::bench]
fn split_a_big_file() -> Vec<split::Piece> {
    split::split(black_box(ddl()), Dialect::Postgres)
}
