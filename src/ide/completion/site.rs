//! The statement around the cursor, wherever it stands, and how what is inserted is written into the file.

use std::sync::Arc;

use crate::base::text::{TextRange, TextSize, range, slice};
use crate::catalog::{Catalog, fold};
use crate::db::{FileKind, Snapshot};
use crate::facts::Loc;
use crate::ide::FilePosition;
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::sema::Context;
use crate::sema::body::{self, Env};
use crate::sql::split::{Piece, PieceKind, is_cut, split};
use crate::sql::token::{TokenKind, lex, significant};
use crate::sql::{self, Dialect};
use crate::ts::hir::LiteralMap;

/// A text that may be what the cursor stands in.
#[derive(Debug, Clone)]
pub struct Reading {
    pub text: String,
    /// The cursor.
    pub offset: usize,
    pub catalog: Arc<Catalog>,
    /// It is a piece of a function's body.
    pub env: Option<Box<Env>>,
    /// What it is, is not known, and only a word of it is there: it may be the first of a statement.
    pub begins: bool,
}

impl Reading {
    pub fn context(&self) -> Context<'_> {
        match &self.env {
            Some(env) => env.context(&self.catalog),
            None => Context { catalog: &self.catalog, params: &[], variables: &[] },
        }
    }
}

/// Where the word lies in the file, and in which language.
#[derive(Debug, Clone)]
pub enum Host {
    /// SQL as it stands.
    Sql { at: TextSize },
    /// A piece of a template or string; `at` is the cursor in its decoded text, `quote` the delimiter.
    Literal { text: String, map: LiteralMap, at: usize, quote: char },
    /// An expression inside of `${…}`; what is replaced was decided already.
    Hole { replace: TextRange },
}

impl Host {
    /// The file's bytes of the word that reaches from `before` bytes before the cursor to `after` behind it.
    pub fn replace(&self, before: usize, after: usize) -> TextRange {
        match self {
            Host::Sql { at } => {
                let at = usize::from(*at);
                range(at.saturating_sub(before), at + after)
            }
            Host::Literal { text, map, at, .. } => {
                let from = at.saturating_sub(before);
                let to = (at + after).min(text.len());
                range(to_host(map, from, false), to_host(map, to, true))
            }
            Host::Hole { replace } => *replace,
        }
    }

    /// SQL as it must be written in the file.
    pub fn escape(&self, sql: &str) -> String {
        let Host::Literal { quote, .. } = self else { return sql.to_owned() };
        let mut res = String::with_capacity(sql.len());
        let mut chars = sql.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' => res.push_str("\\\\"),
                '\n' if *quote != '`' => res.push_str("\\n"),
                '$' if *quote == '`' && chars.peek() == Some(&'{') => res.push_str("\\$"),
                c if c == *quote => res.extend(['\\', c]),
                c => res.push(c),
            }
        }
        res
    }
}

fn to_host(map: &LiteralMap, at: usize, end: bool) -> usize {
    let (mut text, mut host) = (0usize, usize::from(map.host.start()));
    for escape in &map.escapes {
        let (start, stop) = (escape.start as usize, escape.end as usize);
        if at <= start {
            break;
        }
        if at < stop {
            return if end { escape.host_end as usize } else { escape.host_start as usize };
        }
        (text, host) = (stop, escape.host_end as usize);
    }
    host + at.saturating_sub(text)
}

/// The decoded text's offset of one of the file; `None` inside of an escape sequence.
pub fn from_host(map: &LiteralMap, at: TextSize) -> Option<usize> {
    let at = usize::from(at);
    let (mut text, mut host) = (0usize, usize::from(map.host.start()));
    for escape in &map.escapes {
        if at <= escape.host_start as usize {
            break;
        }
        if at < escape.host_end as usize {
            return None;
        }
        (text, host) = (escape.end as usize, escape.host_end as usize);
    }
    Some(text + at.checked_sub(host)?)
}

/// A statement's bytes in a text, with the number of statements before it; `None` where no SQL stands.
pub fn statement_at(text: &str, offset: usize, dialect: Dialect) -> Option<(TextRange, usize)> {
    let pieces = split(text, dialect);
    let before = pieces.partition_point(|it| usize::from(it.range.start()) < offset);
    let n_before = |idx: usize| pieces.iter().take(idx).filter(|it| it.kind == PieceKind::Sql).count();
    if let Some(last) = before.checked_sub(1)
        && let Some(piece) = pieces.get(last)
    {
        let end = usize::from(piece.range.end());
        if piece.kind != PieceKind::Sql {
            let inside = offset <= end;
            return (!inside).then(|| (range(offset, offset), n_before(before)));
        }
        if offset <= end {
            return Some((narrow(text, *piece, offset), n_before(last)));
        }
        let gap = text.get(end..offset)?;
        return match state_behind(gap)? {
            Gap::Open => {
                let whole = Piece { range: range(piece.range.start().into(), offset), ..*piece };
                Some((narrow(text, whole, offset), n_before(last)))
            }
            Gap::Closed => Some((range(offset, offset), n_before(before))),
        };
    }
    state_behind(text.get(..offset)?)?;
    Some((range(offset, offset), 0))
}

enum Gap {
    /// White space and comments only.
    Open,
    Closed,
}

/// What lies between a statement and the cursor; `None` where the cursor is in a comment.
fn state_behind(gap: &str) -> Option<Gap> {
    let tokens = lex(gap);
    let ends_in_comment = tokens.last().is_some_and(|it| match it.kind {
        TokenKind::LineComment => true,
        TokenKind::BlockComment { terminated } => !terminated,
        _ => false,
    });
    if ends_in_comment {
        return None;
    }
    let cuts = |it: &sql::token::Token| it.kind == TokenKind::LineComment && is_cut(it.text(gap));
    let closed = tokens.iter().any(|it| it.kind == TokenKind::Semicolon || cuts(it));
    Some(if closed { Gap::Closed } else { Gap::Open })
}

/// Words that begin a statement where a line begins with them.
const HEADS: [&str; 12] = [
    "select", "insert", "update", "delete", "with", "create", "alter", "drop", "truncate", "merge", "grant",
    "begin",
];

/// Someone who types a new statement above another has not typed its `;` yet: behind an empty line a word that begins
/// a statement is taken to begin one, where it cannot go on with what stands before it.
fn narrow(text: &str, piece: Piece, offset: usize) -> TextRange {
    let base = usize::from(piece.range.start());
    let sql = slice(text, piece.range);
    let mut from = 0;
    let mut to = sql.len();
    let mut depth = 0i32;
    let mut previous: Option<(usize, String)> = None;
    let mut head = String::new();
    for token in significant(sql) {
        let at = usize::from(token.range.start());
        match token.kind {
            TokenKind::OpenParen => depth += 1,
            TokenKind::CloseParen => depth -= 1,
            _ => {}
        }
        let word = token.text(sql).to_ascii_lowercase();
        if let Some((end, before)) = &previous
            && depth == 0
            && token.kind == TokenKind::Word
            && HEADS.contains(&word.as_str())
            && is_apart(sql.get(*end..at).unwrap_or(""))
            && !goes_on(&head, before, &word)
        {
            if base + at > offset {
                to = *end;
                break;
            }
            from = at;
            head = word.clone();
        }
        if head.is_empty() {
            head = word.clone();
        }
        previous = Some((usize::from(token.range.end()), word));
    }
    range(base + from, (base + to).max(offset))
}

/// An empty line lies between, and the word begins its line.
fn is_apart(between: &str) -> bool {
    between.matches('\n').count() >= 2 && between.ends_with('\n')
}

fn goes_on(head: &str, before: &str, word: &str) -> bool {
    match before {
        "union" | "all" | "intersect" | "except" | "as" | "explain" | "analyze" | "do" | "for"
        | "distinct" => true,
        _ => match head {
            "with" => matches!(word, "select" | "insert" | "update" | "delete" | "merge"),
            "insert" => matches!(word, "select" | "with"),
            "create" => {
                matches!(word, "select" | "with" | "begin" | "insert" | "update" | "delete" | "grant")
            }
            "grant" => true,
            _ => false,
        },
    }
}

/// A statement of a SQL file, with the schema as it is there.
pub fn sql_file(snap: &Snapshot, pos: FilePosition) -> Option<(Reading, Host, usize)> {
    let model = snap.model();
    let (database, history) = match model.membership(snap, pos.file) {
        Membership::Database(database) => (database, false),
        Membership::History { database, .. } => (database, true),
        Membership::None(_) => return None,
    };
    let built = model.built(snap, database)?;
    let dialect = model.databases.list.get(database).map_or_else(Dialect::default, |it| it.dialect);
    let text = snap.text(pos.file)?;
    let offset = usize::from(pos.value);
    if !text.is_char_boundary(offset) {
        return None;
    }
    let (at, n_before) = statement_at(&text, offset, dialect)?;
    let step = built.replay.files.iter().find(|it| history && it.file == pos.file);
    let start = step.map_or(&built.catalog, |it| &it.before);
    let mut catalog = Arc::clone(start);
    let facts = snap.sql_facts(pos.file, dialect);
    let blocks = sql::block::blocks(&text);
    let own = blocks.iter().rev().find(|it| it.comment.end() <= at.start()).map(|it| it.name);
    for (idx, statement) in facts.0.statements.iter().take(n_before).enumerate() {
        // What a script creates is there for what stands behind, in the same query of several.
        let is_near = statement.block.as_deref() == own;
        if is_near && matches!(statement.parsed.hir.kind, sql::hir::StatementKind::Ddl(_)) {
            let loc = Loc(idx as u32);
            fold::apply(Arc::make_mut(&mut catalog), pos.file, loc, &statement.parsed, &statement.text);
        }
    }
    let start = usize::from(at.start());
    let reading = Reading {
        text: slice(&text, at).to_owned(),
        offset: offset.saturating_sub(start),
        catalog,
        env: None,
        begins: false,
    };
    let reading = in_body(reading);
    Some((reading, Host::Sql { at: pos.value }, database))
}

/// In the body of a function or block: the statement or expression around the cursor.
fn in_body(reading: Reading) -> Reading {
    let statement = sql::read_statement(&reading.text, Dialect::Postgres);
    if reading.catalog.dialect != Dialect::Postgres
        || !matches!(statement.kind, sql::hir::StatementKind::Ddl(_))
    {
        return reading;
    }
    let offset = TextSize::new(reading.offset as u32);
    let Some(here) = body::at(&reading.catalog, &statement, &reading.text, offset) else { return reading };
    let catalog = here.env.catalog(&reading.catalog);
    let catalog = match catalog {
        std::borrow::Cow::Borrowed(_) => Arc::clone(&reading.catalog),
        std::borrow::Cow::Owned(it) => Arc::new(it),
    };
    let env = Some(Box::new(here.env));
    Reading { text: here.text, offset: here.offset.into(), catalog, env, begins: false }
}

/// Whether a file holds SQL as it stands.
pub fn is_sql(snap: &Snapshot, pos: FilePosition) -> bool {
    snap.state(pos.file).is_some_and(|it| it.kind == FileKind::Sql)
}
