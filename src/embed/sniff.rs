//! A look at the bytes of a script, before any parse: whether a fragment can stand in it. Most scripts hold none,
//! and parsing is what costs.

use memchr::memmem;

use super::extract::begins_statement;

/// How far into an object literal its `text` is looked for, in bytes.
const OBJECT_LEN: usize = 2_000;

/// Whether any fragment can stand in the script. Generous: `false` is certain for what is usually written.
pub fn may_hold_fragments(text: &str) -> bool {
    let behind = |word: &'static str| {
        memmem::find_iter(text.as_bytes(), word).filter_map(move |at| text.get(at + word.len()..))
    };
    ["sql", "SQL"].iter().any(|it| behind(it).any(is_tag))
        || [".execute(", ".query(", ".unsafe("].iter().any(|it| behind(it).any(|rest| is_sql(text, rest)))
        || behind(".query<").next().is_some()
}

/// What follows the name `sql` makes it a tag, an object with SQL methods, or another name for it.
fn is_tag(rest: &str) -> bool {
    if rest.starts_with(['`', '<']) || rest.starts_with(" as ") {
        return true;
    }
    let Some(rest) = rest.strip_prefix('.') else { return false };
    let (method, rest) = word(rest);
    matches!(method, "raw" | "type" | "unsafe" | "fragment") || rest.starts_with(['`', '<'])
}

/// Whether the first argument in `rest` may be a string of SQL.
fn is_sql(text: &str, rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let Some(first) = rest.chars().next() else { return false };
    match first {
        '\'' | '"' | '`' => {
            let body = rest.get(1..).unwrap_or("");
            // An escape: what the string begins with does not stand here.
            body.trim_start().starts_with('\\') || begins_statement(body)
        }
        '{' => {
            let end = rest.char_indices().map(|it| it.0).take_while(|it| *it < OBJECT_LEN).last();
            let object = rest.get(..end.unwrap_or_default()).unwrap_or("");
            memmem::find_iter(object.as_bytes(), "text").any(|at| {
                let after = object.get(at + 4..).unwrap_or("").trim_start();
                after.starts_with([':', ',', '}', '\'', '"'])
            })
        }
        // A comment or an assertion.
        '/' | '<' => true,
        _ => {
            let (name, after) = word(rest);
            let after = after.trim_start();
            let ends = after.starts_with([',', ')', '!']) || after.starts_with("as ");
            !name.is_empty() && (ends || after.starts_with("satisfies ")) && is_text(text, name)
        }
    }
}

/// Whether a variable of this name may be declared with a string.
fn is_text(text: &str, name: &str) -> bool {
    memmem::find_iter(text.as_bytes(), name).any(|at| {
        let after = text.get(at + name.len()..).unwrap_or("").trim_start();
        match after.strip_prefix('=') {
            Some(value) => value.trim_start().starts_with(['\'', '"', '`', '(', '<', '/']),
            None => after.starts_with(':') && text.get(..at).unwrap_or("").trim_end().ends_with("const"),
        }
    })
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_extraction_finds_is_foreseen() {
        for text in [
            "sql`x`",
            "sql<number>`x`",
            "orm.sql`x`",
            "SQL`x`",
            "sql.raw('x')",
            "sql.type(row)`select`",
            "sql.unsafe`select`",
            "import { sql as s } from 'drizzle-orm'",
            "db.execute('select 1')",
            "db.execute(\n  `\n  -- all\n  select 1`)",
            "db.query('\\n select 1')",
            "db.query<Row>(q)",
            "db.query({ text: 'select 1' })",
            "const text = 'select 1'; db.query({ name: 'x', text })",
            "const q = 'select 1'\ndb.query(q, [1])",
            "const q: string = 'select 1'\ndb.query(q)",
            "const q = `select 1` as const; db.query(q as string)",
            "db.unsafe((`select 1`))",
            "db.execute(/* sql */ 'select 1')",
        ] {
            assert!(may_hold_fragments(text), "{text}");
        }
    }

    #[test]
    fn everyday_code_holds_none() {
        for text in [
            "",
            "import x from './x.sql.ts' // postgresql.org",
            "command.execute(context, 1)",
            "handler.execute({ principal, id })",
            "router.query(async ({ ctx }) => ctx.db.find())",
            "router.query(({ ctx }) => 1)",
            "const key = load(); cache.query(key)",
            "$.query('.button')",
            "x.execute()",
        ] {
            assert!(!may_hold_fragments(text), "{text}");
        }
    }
}
