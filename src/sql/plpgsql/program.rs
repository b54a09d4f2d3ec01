//! The variables of a PL/pgSQL block, and the SQL inside of it (manual chapter 41): every statement and expression that
//! `pl_gram.y` hands to the SQL parser, with where it stands and what can be named there.
//!
//! Tolerant: what is not understood is left out. Nothing here decides what PostgreSQL would refuse.

mod cursor;
mod declare;
mod diagnostics;
mod leave;
mod raise;
mod reader;
mod statement;

use crate::base::text::{TextRange, TextSize, range};
use crate::sql::Ident;
use crate::sql::token::{Token, TokenKind, significant};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    pub scopes: Vec<Scope>,
    /// In text order.
    pub pieces: Vec<Piece>,
    /// Every block was closed, and nothing stood where it could not be read.
    pub whole: bool,
    /// SQL that is put together at run time is executed, or objects are made: names may appear on the way.
    pub makes: bool,
    /// It is the former.
    pub dynamic: bool,
    /// `FOR r IN c` and `FETCH c INTO r`: the variable, and the cursor.
    pub walks: Vec<(TextRange, TextRange)>,
    /// The query of each cursor that is declared with one: its name, and the query.
    pub cursors: Vec<(TextRange, TextRange)>,
    /// The cursors that take arguments: the cursor's name, and those of the arguments.
    pub arguments: Vec<(TextRange, Vec<TextRange>)>,
    /// The cursor variables that statements name.
    pub uses: Vec<CursorUse>,
    /// The operand of a CASE, and what a WHEN compares it with.
    pub cases: Vec<(TextRange, TextRange)>,
    /// The constants' declarations.
    pub constants: Vec<TextRange>,
    /// What `pl_gram.y` refuses, in text order: where, and in its words.
    pub errors: Vec<(TextRange, String)>,
    pub targets: Vec<Target>,
    /// The conditions that handlers and RAISE name.
    pub conditions: Vec<TextRange>,
    pub returns: Vec<Return>,
    /// Labels that EXIT and CONTINUE name, and no block or loop around them has.
    pub lost: Vec<TextRange>,
    /// The one variable of a loop, with the scope that it is looked for in.
    pub walkers: Vec<(TextRange, usize, Walker)>,
    /// `#variable_conflict use_variable | use_column` was written.
    pub resolves_conflicts: bool,
}

/// What one block, loop or cursor declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub parent: Option<usize>,
    pub label: Option<Ident>,
    pub variables: Vec<Declared>,
    /// The block has exception handlers: SQLSTATE and SQLERRM may be named.
    pub handles: bool,
    /// The conditions that they name, in lower case.
    pub handled: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    Nothing,
    Value,
    Next,
    Query,
}

/// What a loop goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walker {
    Rows,
    /// Those of a query that is put together.
    Dynamic,
    /// Of an array.
    Elements,
}

/// RETURN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Return {
    /// The word itself.
    pub range: TextRange,
    /// The token behind it, NEXT and QUERY among them.
    pub behind: TextRange,
    /// What stands behind NEXT; `None`: nothing.
    pub next: Option<TextRange>,
    /// The token that ends the statement.
    pub end: TextRange,
    pub what: Returned,
}

/// What is assigned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The first name.
    pub name: TextRange,
    /// That with the names behind its dots, as many as PL/pgSQL looks up at once: three.
    pub path: TextRange,
    pub scope: usize,
}

/// A cursor variable in OPEN, FETCH, MOVE, CLOSE or FOR … IN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CursorUse {
    pub name: TextRange,
    pub scope: usize,
    pub kind: UseKind,
    /// The token behind the name.
    pub behind: TextRange,
    /// What stands in the brackets behind it; `None`: there are none.
    pub given: Option<Vec<Given>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseKind {
    Open,
    /// FOR … IN, with the first target where there are several.
    Loop(Option<TextRange>),
    /// FETCH with nothing before the name; what is behind is the end of the statement.
    Bare,
    /// FETCH, MOVE, CLOSE.
    Other,
}

/// One of a cursor's arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Of `name := value`.
    pub name: Option<TextRange>,
    /// The first token, or what ends the argument where it is empty.
    pub first: TextRange,
    pub empty: bool,
    /// The comma or bracket behind it.
    pub end: TextRange,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub name: Ident,
    /// Of the name, in the body.
    pub range: TextRange,
    pub ty: DeclaredType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclaredType {
    /// As written there: `numeric(10,2)`, `users.id%TYPE`, `users%ROWTYPE`, `record`.
    Written(TextRange),
    /// `ALIAS FOR` what stands there.
    Alias(TextRange),
    /// The variable of `FOR i IN 1..n`.
    Integer,
    Cursor,
    /// The variable of a loop over rows that nothing else declares, and the like.
    Unknown,
}

/// SQL that PL/pgSQL runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// In the body.
    pub range: TextRange,
    pub kind: PieceKind,
    /// Index of the innermost scope.
    pub scope: usize,
    /// Bytes that PL/pgSQL takes out before it runs the rest: `INTO STRICT a, b`.
    pub blank: Vec<TextRange>,
    /// The one variable that takes the value of an expression, or the row of a query.
    pub assigned: Option<TextRange>,
    /// The part of a variable that takes the value: `r.f`, `a[1].f`.
    pub part: Option<TextRange>,
    /// It may be passed by: in a branch, in a loop, behind a RETURN.
    pub conditional: bool,
    /// It is in a branch, a loop or a handler.
    pub nested: bool,
    /// A handler catches what it raises.
    pub guarded: bool,
    /// The scopes whose handlers these are.
    pub handlers: Vec<usize>,
    /// What ends it is missing: it is not read as SQL.
    pub cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A statement as it stands.
    Statement,
    /// The query of a loop or a cursor.
    Query,
    /// What stands behind RETURN QUERY.
    ReturnQuery,
    /// `PERFORM …`: SELECT is run in its place.
    Perform,
    /// An expression, or several with commas between: `SELECT …` is run.
    Expression,
    /// The array of FOREACH.
    Elements,
    /// The part of a variable that is assigned to, `new.updated_at`, `a[1]`: named as in an expression.
    Target,
    /// A statement that is only parsed when the function is made: definitions, and what nobody knows.
    Definition,
    /// The type of a variable; looked up when the function is made.
    Type,
}

/// Words that begin a statement of SQL which parse analysis looks into.
const QUERIES: [&str; 9] =
    ["call", "insert", "update", "delete", "select", "with", "merge", "values", "table"];

/// Reads a body.
pub fn program(body: &str) -> Program {
    let tokens = significant(body);
    let mut reader = Reader {
        body,
        tokens,
        at: 0,
        open: Vec::new(),
        label: None,
        left: false,
        cut: false,
        res: Program::default(),
    };
    reader.res.scopes.push(Scope::default());
    reader.res.whole = true;
    reader.run();
    reader.res.pieces.sort_by_key(|it| it.range.start());
    reader.res
}

enum Open {
    Block {
        scope: usize,
        first: usize,
        handling: bool,
    },
    If,
    /// With the operand, where there is one.
    Case(Option<TextRange>),
    Loop {
        scope: usize,
    },
}

struct Reader<'a> {
    body: &'a str,
    tokens: Vec<Token>,
    at: usize,
    open: Vec<Open>,
    label: Option<Ident>,
    /// A RETURN, EXIT or RAISE stood before: what follows may not be reached.
    left: bool,
    /// A statement was not ended.
    cut: bool,
    res: Program,
}

impl Reader<'_> {
    fn run(&mut self) {
        self.directives();
        self.starts();
        while self.at < self.tokens.len() {
            let before = self.at;
            self.statement();
            if self.at == before {
                self.at += 1;
                self.res.whole = false;
            }
        }
        if !self.open.is_empty() && self.n_blocks_read() {
            let end = self.body.len();
            let message = match self.cut {
                true => "unexpected end of function definition at end of input",
                false => "syntax error at end of input",
            };
            self.res.errors.push((range(end, end), message.into()));
        }
        self.res.errors.sort_by_key(|it| it.0.start());
        self.res.whole &= self.open.is_empty() && self.n_blocks_read();
    }

    /// A body is one block: nothing else may start it.
    fn starts(&mut self) {
        let Some(first) = self.tokens.first().filter(|_| self.at == 0) else { return };
        let text = first.text(self.body);
        let block = first.is_word(self.body, "begin") || first.is_word(self.body, "declare") || text == "<<";
        if first.kind == TokenKind::Word && !block && !Ident::from_source(text).is_dynamic() {
            self.res.errors.push((first.range, format!("syntax error at or near \"{text}\"")));
            self.res.whole = false;
        }
    }

    /// A body without a block is none.
    fn n_blocks_read(&self) -> bool {
        self.tokens.iter().any(|it| it.is_word(self.body, "begin"))
    }

    /// `#variable_conflict use_column` and its like, each on a line.
    fn directives(&mut self) {
        while let Some(token) = self.tokens.get(self.at)
            && token.kind == TokenKind::Operator
            && token.text(self.body) == "#"
        {
            self.res.resolves_conflicts |= self.word(1) == "variable_conflict" && self.word(2) != "error";
            self.at += 3;
        }
    }
}

/// The text of a piece as SQL, with the number of bytes put before it. What is taken out becomes spaces, so that all
/// else keeps its place.
pub fn sql_of(body: &str, piece: &Piece) -> Option<(String, TextSize)> {
    let source = body.get(usize::from(piece.range.start())..usize::from(piece.range.end()))?;
    match piece.kind {
        PieceKind::Expression | PieceKind::Elements | PieceKind::Target => {
            Some((format!("SELECT {source}"), TextSize::of("SELECT ")))
        }
        PieceKind::Type => Some((format!("SELECT NULL::{source}"), TextSize::of("SELECT NULL::"))),
        PieceKind::Perform => {
            let rest = source.get("perform".len()..)?;
            Some((format!("SELECT {rest}"), TextSize::default()))
        }
        PieceKind::Statement | PieceKind::Query | PieceKind::ReturnQuery | PieceKind::Definition => {
            let mut bytes = source.as_bytes().to_vec();
            for blank in &piece.blank {
                let at = *blank - piece.range.start();
                let at = range(at.start().into(), usize::from(at.end()).min(bytes.len()));
                // Lines stay lines, for comments end with them.
                let part = bytes.get_mut(usize::from(at.start())..usize::from(at.end()))?;
                part.iter_mut().filter(|it| **it != b'\n').for_each(|it| *it = b' ');
            }
            Some((String::from_utf8(bytes).ok()?, TextSize::default()))
        }
    }
}
