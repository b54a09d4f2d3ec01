//! Semantic tokens on the wire: cut at line ends, counted from the token before (LSP 3.17 §semanticTokens), and
//! sent as the difference to what the client has.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokensEdit, SemanticTokensLegend,
};

use super::snapshot::Lines;
use crate::base::file::FileId;
use crate::base::text::{TextRange, slice};
use crate::ide::tokens::{Token, TokenKind};

#[cfg(test)]
mod tests;

const DECLARATION: u32 = 1;
const BUILTIN: u32 = 1 << 1;

/// Types in the order of [`TokenKind::ALL`].
pub fn legend() -> SemanticTokensLegend {
    let token_types = TokenKind::ALL.iter().map(|it| ty(*it)).collect();
    let token_modifiers = vec![SemanticTokenModifier::DECLARATION, SemanticTokenModifier::DEFAULT_LIBRARY];
    SemanticTokensLegend { token_types, token_modifiers }
}

fn ty(kind: TokenKind) -> SemanticTokenType {
    match kind {
        TokenKind::Keyword => SemanticTokenType::KEYWORD,
        TokenKind::Table => SemanticTokenType::CLASS,
        TokenKind::Column => SemanticTokenType::PROPERTY,
        TokenKind::Alias => SemanticTokenType::VARIABLE,
        TokenKind::Function => SemanticTokenType::FUNCTION,
        TokenKind::Type => SemanticTokenType::TYPE,
        TokenKind::EnumLabel => SemanticTokenType::ENUM_MEMBER,
        TokenKind::Parameter => SemanticTokenType::PARAMETER,
        TokenKind::String => SemanticTokenType::STRING,
        TokenKind::Number => SemanticTokenType::NUMBER,
        TokenKind::Operator => SemanticTokenType::OPERATOR,
        TokenKind::Comment => SemanticTokenType::COMMENT,
    }
}

/// `multiline`: the client takes tokens that span lines.
pub fn encode(lines: &Lines, tokens: &[Token], multiline: bool) -> Vec<SemanticToken> {
    let mut res = Vec::with_capacity(tokens.len());
    let (mut line, mut column) = (0, 0);
    for token in tokens {
        let mut push = |range: TextRange| {
            let at = lines.position(range.start());
            let length = width(lines, range);
            if length == 0 {
                return;
            }
            let delta_line = at.line.saturating_sub(line);
            let delta_start =
                if delta_line == 0 { at.character.saturating_sub(column) } else { at.character };
            let token_type = TokenKind::ALL.iter().position(|it| *it == token.kind).unwrap_or(0) as u32;
            let token_modifiers_bitset =
                if token.declaration { DECLARATION } else { 0 } | if token.builtin { BUILTIN } else { 0 };
            res.push(SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset });
            (line, column) = (at.line, at.character);
        };
        let (first, last) =
            (lines.index.line_of(token.range.start()), lines.index.line_of(token.range.end()));
        if multiline || first == last {
            push(token.range);
            continue;
        }
        for line in first..=last {
            let Some(part) = lines.index.line_range(line).intersect(token.range) else { continue };
            let text = slice(&lines.text, part).trim_end_matches(['\n', '\r']);
            push(TextRange::at(part.start(), (text.len() as u32).into()));
        }
    }
    res
}

/// In units of the client's encoding.
fn width(lines: &Lines, range: TextRange) -> u32 {
    use crate::base::line_index::Encoding;
    let text = slice(&lines.text, range);
    match lines.encoding {
        Encoding::Utf8 => text.len() as u32,
        Encoding::Utf16 => text.chars().map(|it| it.len_utf16() as u32).sum(),
        Encoding::Char => text.chars().count() as u32,
    }
}

/// The one edit that turns `old` into `new`; none where they are equal. Counted in integers, five a token.
pub fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let removed = old.len() - tail;
    let added = new.get(..new.len() - tail).unwrap_or_default();
    if removed == 0 && added.is_empty() {
        return Vec::new();
    }
    vec![SemanticTokensEdit {
        start: 5 * head as u32,
        delete_count: 5 * removed as u32,
        data: Some(added.to_vec()),
    }]
}

/// The tokens last sent for each open document, to send differences: the one thing that outlives a request.
#[derive(Debug, Default)]
pub struct TokenStore(Mutex<Sent>);

#[derive(Debug, Default)]
struct Sent {
    n_sent: u64,
    files: FxHashMap<FileId, (String, Vec<SemanticToken>)>,
}

impl TokenStore {
    /// Keeps what is being sent and names it.
    pub fn keep(&self, file: FileId, tokens: Vec<SemanticToken>) -> String {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.n_sent += 1;
        let id = sent.n_sent.to_string();
        sent.files.insert(file, (id.clone(), tokens));
        id
    }

    /// What was sent under this name, if it was the last.
    pub fn get(&self, file: FileId, id: &str) -> Option<Vec<SemanticToken>> {
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.files.get(&file).filter(|it| it.0 == id).map(|it| it.1.clone())
    }

    pub fn forget(&self, file: FileId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).files.remove(&file);
    }
}
