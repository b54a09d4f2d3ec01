//! CREATE DEFAULT CONVERSION: a schema has one for two encodings (`ConversionCreate`).

use std::collections::BTreeMap;

use super::Fold;
use crate::catalog::object::default_conversion;
use crate::sql::hir::QName;
use crate::sql::token::{TokenKind, significant};

impl Fold<'_> {
    pub(super) fn conversion(&mut self, name: &QName) {
        let tokens = significant(self.text);
        if !tokens.get(1).is_some_and(|it| it.is_word(self.text, "default")) {
            return;
        }
        let mut strings = tokens
            .iter()
            .filter(|it| matches!(it.kind, TokenKind::String { .. }))
            .filter_map(|it| it.text(self.text).strip_prefix('\'')?.strip_suffix('\''));
        let (Some(from), Some(to)) = (strings.next(), strings.next()) else { return };
        let Some(key) = self.new_key("CONVERSION", name, "") else { return };
        let parts = default_conversion(from, to).map(|it| BTreeMap::from([(it, Vec::new())]));
        self.set_parts(&key, parts);
    }
}
