//! SQL/JSON and XML constructs (`transformJsonFuncExpr`, `transformJsonValueExpr`, `transformXmlExpr`, …). The tree has
//! their expressions in one list; the words before and behind tell what each is.

use text_size::TextSize;

use crate::base::text::TextRange;
use crate::catalog::TypeId;
use crate::sema::resolve::CoercionContext;
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::hir::{CastStyle, ExprId, ExprKind, IsTest, TypeName};

use super::binder::{Binder, known};
use super::scope::Resolved;

impl<'a> Binder<'a> {
    pub fn sql_function(
        &mut self,
        id: ExprId,
        name: &str,
        args: &'a [ExprId],
        returning: Option<&'a TypeName>,
    ) -> ExprInfo {
        let is_query = matches!(name, "JSON_VALUE" | "JSON_QUERY" | "JSON_EXISTS");
        let mut defaults = Vec::new();
        for (idx, &arg) in args.iter().enumerate() {
            let n_problems = self.problems.len();
            self.expr(arg);
            if name == "JSON_ARRAY" && idx == 0 {
                self.place_of_rows(id, arg, n_problems);
            }
            if is_query && idx == 1 {
                self.note_path(arg);
            }
            match name {
                _ if is_query && self.is_default_clause(arg) => defaults.push(arg),
                _ if is_query && idx == 0 => self.json_input(arg),
                _ if is_query && idx == 1 => self.json_path(arg),
                "JSON_OBJECT" | "JSON_OBJECTAGG" if idx % 2 == 0 => {}
                "JSON_SERIALIZE" => {
                    self.decide_text(arg);
                    self.must_be_json_text(arg, "implicit");
                }
                "JSON" => self.json_parse(id, arg),
                _ if name.starts_with("JSON") => {
                    self.decide_text(arg);
                    // What PASSING hands over may be of any type.
                    if !is_query && self.word_behind(arg, "format") {
                        self.must_be_json_text(arg, "explicit");
                    }
                }
                "XMLCONCAT" | "XMLSERIALIZE" => self.must_be(arg, TypeId::XML, name),
                "XMLROOT" if idx == 0 => self.must_be(arg, TypeId::XML, name),
                "XMLROOT" | "XMLPARSE" | "XMLPI" => self.must_be(arg, TypeId::TEXT, name),
                "XMLFOREST" => self.xml_name(arg, "element"),
                "XMLATTRIBUTES" => self.xml_name(arg, "attribute"),
                _ => {}
            }
        }
        if matches!(name, "JSON_OBJECTAGG" | "JSON_ARRAYAGG") {
            if self.has_over(id) {
                self.set_resolved(id, Resolved::Window { depth: self.depth_now() });
                if name == "JSON_ARRAYAGG" && self.is_ordered_inside(id, args) {
                    let at = self.place(id);
                    let message = "aggregate ORDER BY is not implemented for window functions";
                    self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
                }
                if let Some(words) = self.level().place.refuses_windows() {
                    let at = self.place(id);
                    let message = format!("window functions are not allowed in {words}");
                    self.refuse(code::WINDOWING_ERROR, at, message);
                }
            } else {
                self.note_aggregate(id, args, None, None);
            }
        }
        let returning = returning.map(|it| self.type_name(it));
        let ty = match name {
            "JSON_VALUE" => returning.unwrap_or(known(TypeId::TEXT)),
            "JSON_QUERY" => returning.unwrap_or(known(TypeId::JSONB)),
            "JSON_EXISTS" | "XMLEXISTS" => known(TypeId::BOOL),
            "JSON_SERIALIZE" => {
                let res = returning.unwrap_or(known(TypeId::TEXT));
                self.serialized(id, res);
                res
            }
            "MERGE_ACTION" => {
                self.check_merge_action(id);
                known(TypeId::TEXT)
            }
            "XMLSERIALIZE" => returning.unwrap_or(Ty::Unknown),
            _ if name.starts_with("JSON") => {
                if let Some(returning) = returning {
                    self.json_result(id, returning);
                }
                // With a jsonb inside, the constructors make jsonb (`transformJsonConstructorOutput`).
                let made = matches!(name, "JSON_OBJECT" | "JSON_ARRAY" | "JSON_OBJECTAGG" | "JSON_ARRAYAGG");
                let of_jsonb = made && args.iter().any(|it| self.ty(*it) == known(TypeId::JSONB));
                returning.unwrap_or(known(if of_jsonb { TypeId::JSONB } else { TypeId::JSON }))
            }
            _ if name.starts_with("XML") => known(TypeId::XML),
            _ => returning.unwrap_or(Ty::Unknown),
        };
        for it in defaults {
            self.json_default(it, if name == "JSON_EXISTS" { known(TypeId::BOOL) } else { ty });
        }
        self.json_words(id, name, args, returning);
        if name == "XMLSERIALIZE" {
            self.xml_result(id, ty);
        }
        let nullable = match name {
            "JSON_OBJECT" | "XMLELEMENT" | "MERGE_ACTION" => Some(false),
            "JSON_SCALAR" | "JSON" => args.first().and_then(|it| self.info(*it).nullable),
            _ => None,
        };
        ExprInfo { ty, nullable }
    }

    /// `JSON_ARRAY(SELECT …)`: PostgreSQL's place is that of the whole.
    fn place_of_rows(&mut self, id: ExprId, rows: ExprId, n_problems: usize) {
        let (whole, rows) = (self.expr_node(id).range, self.expr_node(rows));
        if matches!(rows.kind, ExprKind::Subquery(_)) && !self.slice(rows.range).starts_with('(') {
            let own = self.problems.iter_mut().skip(n_problems);
            own.filter(|it| it.code == code::SUBSELECT_CARDINALITY && it.range == rows.range)
                .for_each(|it| it.range = whole);
        }
    }

    /// A path with methods that ask for the session's time zone (`jspIsMutable`).
    fn note_path(&mut self, path: ExprId) {
        if self.mutable.is_none() {
            return;
        }
        let ExprKind::Literal(crate::sql::hir::Literal::String(text)) = self.bare(path) else { return };
        // What stands in quotes is a key or a text.
        let plain: String = text.split('"').step_by(2).collect();
        let plain: String = plain.split_ascii_whitespace().collect();
        let asks = ["date", "time", "time_tz", "timestamp", "timestamp_tz"];
        if asks.iter().any(|it| plain.contains(&format!(".{it}("))) {
            let at = self.place(path);
            self.note_mutable(at);
        }
    }

    /// The word before a place.
    pub fn word_ahead(&self, at: TextSize, word: &str) -> bool {
        let before = self.text.get(..usize::from(at)).unwrap_or_default().trim_end();
        let start = before.len().saturating_sub(word.len());
        before.get(start..).is_some_and(|it| it.eq_ignore_ascii_case(word))
    }

    fn check_merge_action(&mut self, id: ExprId) {
        let returning = self.levels.iter().any(|it| it.place == super::place::Place::Returning);
        if returning && self.text.to_ascii_lowercase().contains("merge into") {
            return;
        }
        let at = self.expr_node(id).range;
        let message = "MERGE_ACTION() can only be used in the RETURNING list of a MERGE command";
        self.refuse(code::SYNTAX_ERROR, at, message);
    }

    /// `JSON_ARRAYAGG(…) [FILTER (…)] OVER (…)`: the reader keeps only what stands in it.
    fn has_over(&self, id: ExprId) -> bool {
        let text = self.slice(self.expr_node(id).range);
        let mut depth = 0u32;
        let mut quoted = None;
        for (at, c) in text.char_indices() {
            match (quoted, c) {
                (Some(quote), _) if c == quote => quoted = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quoted = Some(c),
                (None, '(') => depth += 1,
                (None, ')') => {
                    depth = depth.saturating_sub(1);
                    let rest = text.get(at + 1..).unwrap_or_default().trim_start();
                    if depth == 0 && rest.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("over")) {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// `JSON_ARRAYAGG(x ORDER BY …)`.
    fn is_ordered_inside(&self, id: ExprId, args: &[ExprId]) -> bool {
        let Some(first) = args.first() else { return false };
        let from = self.expr_node(*first).range.end();
        let whole = self.expr_node(id).range;
        let tail = self.slice(TextRange::new(from.min(whole.end()), whole.end())).trim_start();
        tail.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("order"))
    }

    fn word_behind(&self, id: ExprId, word: &str) -> bool {
        let end = self.expr_node(id).range.end();
        self.slice(self.token_after(end)).eq_ignore_ascii_case(word)
    }

    /// `DEFAULT expr` of ON EMPTY and ON ERROR.
    pub fn is_default_clause(&self, id: ExprId) -> bool {
        self.word_ahead(self.expr_node(id).range.start(), "default")
    }

    /// The value that a path is applied to.
    pub fn json_input(&mut self, id: ExprId) {
        self.decide_text(id);
        // Bytes are read as text only where that is said.
        let bytes = matches!(self.ty(id), Ty::Known(it) if it.id == TypeId::BYTEA);
        if bytes && self.catalog.server_version.is_none_or(|it| it >= 18) && !self.word_behind(id, "format") {
            let at = self.place(id);
            self.refuse(code::CANNOT_COERCE, at, "cannot cast type bytea to jsonb");
            return;
        }
        self.must_cast(id, TypeId::JSONB);
    }

    fn json_path(&mut self, id: ExprId) {
        let from = self.ty(id);
        if self.coerce(id, known(TypeId::JSONPATH), CoercionContext::Explicit).is_no()
            && let Ty::Known(from) = from
        {
            let at = self.place(id);
            let message = format!(
                "JSON path expression must be of type jsonpath, not of type {}",
                self.format_id(from.id)
            );
            self.refuse(code::DATATYPE_MISMATCH, at, message);
        }
    }

    fn json_parse(&mut self, id: ExprId, arg: ExprId) {
        self.decide_text(arg);
        let whole = self.expr_node(id).range;
        let tail = TextRange::new(self.expr_node(arg).range.end().min(whole.end()), whole.end());
        let words: Vec<String> =
            self.slice(tail).split_ascii_whitespace().map(|it| it.to_ascii_lowercase()).collect();
        let unique = words.windows(2).any(|it| it[0] == "with" && it[1].starts_with("unique"));
        if !words.iter().any(|it| it.starts_with("unique")) {
            self.must_cast(arg, TypeId::JSON);
        } else if unique
            && let Ty::Known(ty) = self.ty(arg)
            && self.base(ty.id) == ty.id
            && ty.id != TypeId::UNKNOWN
            && ty.id != TypeId::BYTEA
            && self.type_info(ty.id).is_some_and(|it| it.category != 'S')
        {
            let message = "cannot use non-string types with WITH UNIQUE KEYS clause";
            self.refuse(code::DATATYPE_MISMATCH, whole, message);
        }
    }

    fn must_cast(&mut self, id: ExprId, target: TypeId) {
        let Ty::Known(from) = self.ty(id) else { return };
        let bytes = self.base(from.id) == TypeId::BYTEA;
        if bytes || !self.coerce(id, known(target), CoercionContext::Explicit).is_no() {
            return;
        }
        let message = format!("cannot cast type {} to {}", self.format_id(from.id), self.format_id(target));
        let at = self.place(id);
        self.refuse(code::CANNOT_COERCE, at, message);
    }

    /// RETURNING of JSON_SERIALIZE (`transformJsonSerializeExpr`).
    fn serialized(&mut self, id: ExprId, returning: Ty) {
        let Ty::Known(to) = returning else { return };
        let fits = self.base(to.id) == TypeId::BYTEA;
        if fits || self.type_info(to.id).is_none_or(|it| it.category == 'S') {
            return;
        }
        let at = self.expr_node(id).range;
        let message =
            format!("cannot use type {} in RETURNING clause of JSON_SERIALIZE()", self.format_id(to.id));
        self.report(code::DATATYPE_MISMATCH, at, message).hint("Try returning a string type or bytea.");
    }

    /// What stands before FORMAT JSON.
    fn must_be_json_text(&mut self, id: ExprId, format: &str) {
        let Ty::Known(ty) = self.ty(id) else { return };
        let plain = matches!(ty.id, TypeId::JSON | TypeId::JSONB | TypeId::BYTEA | TypeId::UNKNOWN);
        if plain || self.type_info(ty.id).is_none_or(|it| it.category == 'S') {
            return;
        }
        let at = match format {
            "explicit" => self.token_after(self.expr_node(id).range.end()),
            _ => self.place(id),
        };
        let message = format!("cannot use non-string types with {format} FORMAT JSON clause");
        self.refuse(code::DATATYPE_MISMATCH, at, message);
    }

    /// `x IS JSON`.
    pub fn must_hold_json(&mut self, id: ExprId) {
        let Ty::Known(ty) = self.ty(id) else { return };
        let plain = matches!(ty.id, TypeId::JSON | TypeId::JSONB | TypeId::BYTEA | TypeId::UNKNOWN);
        if plain || self.type_info(ty.id).is_none_or(|it| it.category == 'S') {
            return;
        }
        let at = self.place(id);
        let message = format!("cannot use type {} in IS JSON predicate", self.format_id(ty.id));
        self.refuse(code::DATATYPE_MISMATCH, at, message);
    }

    /// RETURNING of a constructor: its json becomes that type.
    fn json_result(&mut self, id: ExprId, returning: Ty) {
        let Ty::Known(to) = returning else { return };
        let direct = matches!(self.base(to.id), TypeId::JSON | TypeId::JSONB | TypeId::BYTEA | TypeId::TEXT);
        if direct
            || !crate::sema::resolve::can_coerce(self.catalog, TypeId::JSON, to.id, CoercionContext::Explicit)
                .is_no()
        {
            return;
        }
        let at = self.expr_node(id).range;
        let message = format!("cannot cast type json to {}", self.format_id(to.id));
        self.refuse(code::CANNOT_COERCE, at, message);
    }

    /// DEFAULT behaviour (`transformJsonBehavior`): a constant, function or operator that becomes the result's type.
    pub fn json_default(&mut self, id: ExprId, target: Ty) {
        if !self.typed {
            return;
        }
        let at = self.place(id);
        match self.is_behavior_value(id) {
            Some(false) => {
                let message =
                    "can only specify a constant, non-aggregate function, or operator expression for DEFAULT";
                self.refuse(code::DATATYPE_MISMATCH, at, message);
                self.forget_params(Some(id));
                return;
            }
            Some(true) if self.holds_outside_queries(id, |it, id| it.is_own_var(id)) => {
                let message = "DEFAULT expression must not contain column references";
                self.refuse(code::DATATYPE_MISMATCH, at, message);
                return;
            }
            Some(true) if self.returns_set(id) => {
                self.refuse(code::DATATYPE_MISMATCH, at, "DEFAULT expression must not return a set");
                return;
            }
            _ => {}
        }
        if let (ExprKind::Collate { collation, .. }, Ty::Known(to)) = (self.bare(id), target)
            && let Some(name) = collation.last()
            && self.type_info(to.id).is_some_and(|it| it.collatable)
            && self.type_info(to.id).and_then(|it| it.collation.as_deref()).unwrap_or("default")
                != name.ident.as_str()
        {
            let message = "collation of DEFAULT expression conflicts with RETURNING clause";
            self.refuse(code::COLLATION_MISMATCH, at, message);
            return;
        }
        let from = self.ty(id);
        // A constant NULL of whatever type becomes the result's when it is needed.
        let null = match self.bare(id) {
            ExprKind::Cast { expr, .. } => {
                matches!(self.bare(*expr), ExprKind::Literal(crate::sql::hir::Literal::Null))
            }
            _ => false,
        };
        if self.coerce(id, target, CoercionContext::Explicit).is_no()
            && !null
            && let (Ty::Known(from), Ty::Known(to)) = (from, target)
            // A boolean is converted when it is needed.
            && from.id != TypeId::BOOL
        {
            let message = format!(
                "cannot cast behavior expression of type {} to {}",
                self.format_id(from.id),
                self.format_id(to.id)
            );
            self.refuse(code::CANNOT_COERCE, at, message);
        }
    }

    /// `ValidJsonBehaviorDefaultExpr`; `None`: not certain.
    fn is_behavior_value(&self, id: ExprId) -> Option<bool> {
        use super::scope::Resolved;
        match self.bare(id) {
            ExprKind::Literal(_) | ExprKind::Operator { .. } | ExprKind::Like { .. } => Some(true),
            ExprKind::Call(_) => match self.resolved(self.unparen(id)) {
                Resolved::Function | Resolved::SetReturning => Some(true),
                Resolved::Aggregate { .. } | Resolved::Window { .. } => Some(false),
                _ => None,
            },
            ExprKind::Column(name) if !name.is_dynamic() => Some(false),
            ExprKind::Param(_)
            | ExprKind::Bool { .. }
            | ExprKind::Not(_)
            | ExprKind::Case { .. }
            | ExprKind::Coalesce(_)
            | ExprKind::MinMax { .. }
            | ExprKind::NullIf(..)
            | ExprKind::Subquery(_)
            | ExprKind::ArraySubquery(_)
            | ExprKind::Exists(_)
            | ExprKind::InQuery { .. }
            | ExprKind::QuantifiedQuery { .. }
            | ExprKind::QuantifiedArray { .. }
            | ExprKind::Between { .. }
            | ExprKind::IsDistinct { .. }
            | ExprKind::Is { test: IsTest::Null | IsTest::True | IsTest::False | IsTest::Unknown, .. }
            | ExprKind::Array(_)
            | ExprKind::Row { .. }
            | ExprKind::Is { .. }
            | ExprKind::SqlValue { .. }
            | ExprKind::SqlFunction { .. }
            | ExprKind::Subscript { .. } => Some(false),
            ExprKind::InList { list, .. } if list.len() > 1 => Some(false),
            ExprKind::Cast { expr, style: CastStyle::Colons | CastStyle::Cast, .. } => {
                let literal = matches!(self.bare(*expr), ExprKind::Literal(_));
                let param = matches!(self.bare(*expr), ExprKind::Param(_)) && self.ty(*expr) == self.ty(id);
                match self.is_behavior_value(*expr) {
                    Some(true) => Some(true),
                    // No conversion, or one through text.
                    Some(false)
                        if self.ty(*expr) == self.ty(id)
                            || matches!(self.bare(*expr), ExprKind::SqlFunction { .. }) =>
                    {
                        Some(false)
                    }
                    _ if literal => Some(true),
                    _ if param => Some(false),
                    // A conversion by a function is one.
                    _ => None,
                }
            }
            ExprKind::Cast { .. } => Some(true),
            _ => None,
        }
    }

    /// `XMLFOREST(x)`, `XMLATTRIBUTES(x)`: without AS only a column has a name.
    fn xml_name(&mut self, id: ExprId, what: &str) {
        let named = matches!(self.bare(id), ExprKind::Column(_) | ExprKind::Missing | ExprKind::Star { .. });
        if named || self.word_behind(id, "as") {
            return;
        }
        let at = self.place(id);
        let message = format!("unnamed XML {what} value must be a column reference");
        self.refuse(code::SYNTAX_ERROR, at, message);
    }

    fn xml_result(&mut self, id: ExprId, ty: Ty) {
        let Ty::Known(to) = ty else { return };
        if crate::sema::resolve::can_coerce(self.catalog, TypeId::TEXT, to.id, CoercionContext::Implicit)
            .is_no()
        {
            let at = self.expr_node(id).range;
            let message = format!("cannot cast XMLSERIALIZE result to {}", self.format_id(to.id));
            self.refuse(code::CANNOT_COERCE, at, message);
        }
    }
}
