//! The words of SQL/JSON functions that the tree does not keep: FORMAT JSON with its encoding, wrappers, quotes, what
//! happens ON EMPTY and ON ERROR (`transformJsonFuncExpr`, `checkJsonOutputFormat`).

use crate::base::text::TextRange;
use crate::catalog::TypeId;
use crate::sema::{Ty, code};
use crate::sql::hir::{ExprId, ExprKind, Literal};
use crate::sql::token::{Token, TokenKind, significant};

use super::binder::Binder;

impl<'a> Binder<'a> {
    /// `returning`: the type behind RETURNING, where it is written.
    pub fn json_words(&mut self, id: ExprId, name: &str, args: &[ExprId], returning: Option<Ty>) {
        if !self.typed || !name.starts_with("JSON") || matches!(name, "JSON_OBJECTAGG" | "JSON_ARRAYAGG") {
            return;
        }
        let whole = self.expr_node(id).range;
        let words = Words::read(self.slice(whole), whole);
        if let ExprKind::SqlFunction { returning: Some(it), .. } = &self.expr_node(id).kind
            && it.setof
        {
            let message = "returning SETOF types is not supported in SQL/JSON functions";
            self.refuse(code::FEATURE_NOT_SUPPORTED, whole, message);
        }
        if let Some(Ty::Known(ty)) = returning
            && self.is_pseudo(ty.id)
        {
            let message = "returning pseudo-types is not supported in SQL/JSON functions";
            self.refuse(code::FEATURE_NOT_SUPPORTED, whole, message);
        }
        for format in words.formats() {
            self.json_format(name, args, returning, &format);
        }
        if name == "JSON_QUERY" && words.says(&["omit", "quotes"]) && words.wraps() {
            let message = "SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used";
            self.refuse(code::SYNTAX_ERROR, whole, message);
        }
        let allowed: &[&str] = match name {
            "JSON_EXISTS" => &["error", "true", "false", "unknown"],
            "JSON_VALUE" => &["error", "null", "default"],
            "JSON_QUERY" => &["error", "null", "empty", "default"],
            _ => return,
        };
        for (at, word, event) in words.behaviours() {
            if !allowed.contains(&word.as_str()) {
                let message = format!("invalid ON {event} behavior");
                self.refuse(code::SYNTAX_ERROR, at, message);
            }
        }
    }

    /// What JSON_TABLE as a whole may do ON ERROR (`transformJsonTable`).
    pub fn json_table_words(&mut self, whole: TextRange) {
        let words = Words::read(self.slice(whole), whole);
        for (at, word, event) in words.behaviours() {
            if event == "ERROR" && !matches!(word.as_str(), "error" | "empty") {
                self.refuse(code::SYNTAX_ERROR, at, "invalid ON ERROR behavior");
            }
        }
    }

    fn json_format(&mut self, name: &str, args: &[ExprId], returning: Option<Ty>, format: &Format) {
        let utf8 = format.encoding.as_ref().map(|it| it.0.eq_ignore_ascii_case("utf8"));
        if let Some((word, at)) = &format.encoding
            && !["utf8", "utf16", "utf32"].iter().any(|it| word.eq_ignore_ascii_case(it))
        {
            let message = format!("unrecognized JSON encoding: {word}");
            self.refuse(code::INVALID_PARAMETER_VALUE, *at, message);
            return;
        }
        if format.returning {
            let Some(Ty::Known(ty)) = returning else { return };
            let bytes = self.base(ty.id) == TypeId::BYTEA;
            if name == "JSON_VALUE" {
                let message = "cannot specify FORMAT JSON in RETURNING clause of JSON_VALUE()";
                self.refuse(code::SYNTAX_ERROR, format.at, message);
            } else if name == "JSON_QUERY"
                && !bytes
                && !matches!(ty.id, TypeId::JSON | TypeId::JSONB)
                && self.type_info(ty.id).is_some_and(|it| it.category != 'S')
            {
                let message = "cannot use JSON format with non-string output types";
                self.refuse(code::FEATURE_NOT_SUPPORTED, format.at, message);
            } else if utf8.is_some() && !bytes {
                let message = "cannot set JSON encoding for non-bytea output types";
                self.refuse(code::FEATURE_NOT_SUPPORTED, format.at, message);
            } else if utf8 == Some(false) {
                self.refuse(code::FEATURE_NOT_SUPPORTED, format.at, "unsupported JSON encoding");
            }
            return;
        }
        if utf8.is_none() {
            return;
        }
        let before = |it: &&ExprId| self.expr_node(**it).range.end() <= format.at.start();
        let Some(&arg) = args.iter().rev().find(before) else { return };
        let text = matches!(self.bare(arg), ExprKind::Literal(Literal::String(_)));
        let other = match self.ty(arg) {
            Ty::Known(ty) => ty.id != TypeId::UNKNOWN && ty.id != TypeId::BYTEA && self.base(ty.id) == ty.id,
            Ty::Unknown => false,
        };
        if text || other {
            let message = "JSON ENCODING clause is only allowed for bytea input type";
            self.refuse(code::DATATYPE_MISMATCH, format.at, message);
        }
    }
}

struct Format {
    at: TextRange,
    encoding: Option<(String, TextRange)>,
    /// Behind RETURNING.
    returning: bool,
}

/// The words directly inside of a function's parentheses; other tokens are empty words.
struct Words {
    words: Vec<(String, TextRange)>,
}

impl Words {
    fn read(text: &str, whole: TextRange) -> Words {
        let mut depth = 0;
        let mut words = Vec::new();
        for token in significant(text) {
            match token.kind {
                TokenKind::OpenParen | TokenKind::OpenBracket => {
                    depth += 1;
                    words.push((String::new(), TextRange::default()));
                }
                TokenKind::CloseParen | TokenKind::CloseBracket => depth -= 1,
                _ => {}
            }
            if depth == 1 {
                words.push(word(text, &token, whole));
            }
            if depth <= 0 && !words.is_empty() {
                break;
            }
        }
        Words { words }
    }

    fn at(&self, idx: usize) -> &str {
        self.words.get(idx).map_or("", |it| it.0.as_str())
    }

    fn says(&self, words: &[&str]) -> bool {
        (0..self.words.len()).any(|from| words.iter().enumerate().all(|(idx, it)| self.at(from + idx) == *it))
    }

    /// `WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER`.
    fn wraps(&self) -> bool {
        (0..self.words.len()).any(|from| {
            let kind = usize::from(matches!(self.at(from + 1), "conditional" | "unconditional"));
            let array = usize::from(self.at(from + 1 + kind) == "array");
            self.at(from) == "with" && self.at(from + 1 + kind + array) == "wrapper"
        })
    }

    fn formats(&self) -> Vec<Format> {
        let mut res = Vec::new();
        let mut returning = false;
        for (idx, (word, at)) in self.words.iter().enumerate() {
            returning |= word == "returning";
            if word != "format" || self.at(idx + 1) != "json" {
                continue;
            }
            let encoding = self.words.get(idx + 3).filter(|_| self.at(idx + 2) == "encoding").cloned();
            // In quotes: not read here.
            let encoding = encoding.filter(|it| !it.0.is_empty());
            res.push(Format { at: *at, encoding, returning });
        }
        res
    }

    /// Where each behaviour starts, its first word, and EMPTY or ERROR.
    fn behaviours(&self) -> Vec<(TextRange, String, &'static str)> {
        let mut res = Vec::new();
        let mut from = 0;
        for idx in 0..self.words.len() {
            let event = match (self.at(idx), self.at(idx + 1)) {
                ("on", "error") => "ERROR",
                ("on", "empty") => "EMPTY",
                _ => continue,
            };
            let default = (from..idx).find(|it| self.at(*it) == "default");
            let last = idx.saturating_sub(1);
            let start = match (default, self.at(last)) {
                (Some(at), _) => Some(at),
                (None, "array" | "object") => last.checked_sub(1).filter(|it| self.at(*it) == "empty"),
                (None, "error" | "null" | "true" | "false" | "unknown" | "empty") => Some(last),
                _ => None,
            };
            if let Some((word, at)) = start.and_then(|it| self.words.get(it)) {
                res.push((*at, word.clone(), event));
            }
            from = idx + 2;
        }
        res
    }
}

fn word(text: &str, token: &Token, whole: TextRange) -> (String, TextRange) {
    let range = token.range.checked_add(whole.start()).unwrap_or(token.range);
    match token.kind {
        TokenKind::Word => (token.text(text).to_ascii_lowercase(), range),
        _ => (String::new(), range),
    }
}
