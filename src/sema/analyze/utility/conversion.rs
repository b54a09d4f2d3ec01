//! CREATE CONVERSION (`CreateConversionCommand`, `ConversionCreate`).

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::fold;
use crate::catalog::object::default_conversion;
use crate::catalog::pg::settings::{encoding, is_encoding};
use crate::sema::code;
use crate::sql::hir::Conversion;
use crate::sql::ident::DYNAMIC_MARK;

use super::super::binder::Binder;

impl<'a> Binder<'a> {
    pub(super) fn conversion(&mut self, made: &'a Conversion) {
        let n_problems = self.problems.len();
        if self.missing_schema(&made.name, false) {
            return;
        }
        self.encoding("source", &made.from);
        self.encoding("destination", &made.to);
        let ascii = |it: &str| it.eq_ignore_ascii_case("sql_ascii");
        if let Some((_, at)) = [&made.from, &made.to].into_iter().find(|it| ascii(&it.0)) {
            let message = "encoding conversion to or from \"SQL_ASCII\" is not supported";
            self.report(code::INVALID_OBJECT_DEFINITION, *at, message);
        }
        if let Some(function) = &made.function
            && self.missing_schema(function, false)
        {
            return;
        }
        if self.problems.len() == n_problems && made.default {
            self.second_default(made);
        }
    }

    fn encoding(&mut self, words: &str, (name, at): &(SmolStr, TextRange)) {
        if !name.contains(DYNAMIC_MARK) && !is_encoding(name) {
            let message = format!("{words} encoding \"{name}\" does not exist");
            self.report(code::UNDEFINED_OBJECT, *at, message);
        }
    }

    /// Another default conversion of the schema is for the same encodings.
    fn second_default(&mut self, made: &Conversion) {
        let Some(pair) = default_conversion(&made.from.0, &made.to.0) else { return };
        let Some(full) = fold::created_name(self.catalog, &made.name, false) else { return };
        let taken = self.catalog.objects.iter().any(|(key, object)| {
            let same = key.kind == "CONVERSION" && key.schema == full.schema && key.name != full.name;
            let certain = same && !object.gone && self.is_certain(object.origin);
            certain && object.parts.as_ref().is_some_and(|it| it.contains_key(&pair))
        });
        if taken && let (Some(from), Some(to)) = (encoding(&made.from.0), encoding(&made.to.0)) {
            let message = format!("default conversion for {from} to {to} already exists");
            self.report(code::DUPLICATE_OBJECT, made.from.1, message);
        }
    }
}
