//! Functions in FROM (`transformRangeFunction`, `addRangeTableEntryForFunction`), JSON_TABLE and XMLTABLE.

use crate::catalog::{TypeId, TypeKind};
use crate::sema::resolve::{ArgTy, CallShape, FuncOutcome, function};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ColumnDefinition, ExprId, ExprKind, FunctionItem, TableFunction};

use super::binder::{Binder, known};
use super::place::Place;
use super::scope::{NsItem, Rte, RteColumn, RteKind, WholeRow};

/// The columns of one function in FROM.
struct Rows {
    columns: Vec<RteColumn>,
    open: bool,
    row: WholeRow,
}

impl<'a> Binder<'a> {
    pub fn from_function(&mut self, item: &'a FunctionItem) -> NsItem {
        let single = item.calls.len() == 1;
        let before = self.level().lateral_active;
        // A function sees what stands before it in FROM, LATERAL written or not.
        self.level().lateral_active = true;
        let mut columns = Vec::new();
        let mut open = false;
        let mut row = WholeRow::Record;
        for (call, own) in &item.calls {
            let definitions = if own.is_empty() && single { &item.definitions } else { own };
            let rows = match self.unnest_several(*call) {
                Some(rows) => rows,
                None => self
                    .in_place(Place::FromFunction, |it| it.function_rows(*call, definitions, item, single)),
            };
            open |= rows.open;
            if single && !item.ordinality {
                row = rows.row;
            }
            let first = columns.len();
            columns.extend(rows.columns);
            if single {
                self.never_null_rows(*call, columns.get_mut(first..).unwrap_or_default());
            }
        }
        self.level().lateral_active = before;
        self.check_definitions(item);
        let renamed = item.alias.as_ref().is_some_and(|it| !it.columns.is_empty());
        // Behind columns that are not known, only its own name tells the ordinality.
        if item.ordinality && !(open && renamed) {
            columns.push(RteColumn {
                nullable: Some(false),
                ..RteColumn::new(Ident::new("ordinality"), known(TypeId::INT8))
            });
        }
        if !self.typed {
            open = true;
        }
        let name = match (&item.alias, item.calls.first()) {
            (Some(alias), _) => alias.name.ident.clone(),
            (None, Some((call, _))) => self.column_name(*call),
            (None, None) => Ident::new(""),
        };
        let rte = self.add_rte(Rte {
            aliased: item.alias.is_some(),
            range: item.alias.as_ref().map_or(item.range, |it| it.name.range),
            open,
            row,
            ..Rte::new(RteKind::Function, name, columns)
        });
        self.apply_column_aliases(rte, item.alias.as_ref());
        NsItem::new(rte)
    }

    /// Where a column definition list may not stand (`transformRangeFunction`).
    fn check_definitions(&mut self, item: &'a FunctionItem) {
        let Some(at) = item.definitions.first().map(|it| it.name.range).filter(|_| self.typed) else {
            return;
        };
        let several = match item.calls.as_slice() {
            [(call, own)] => {
                if !own.is_empty() {
                    let message = "multiple column definition lists are not allowed for the same function";
                    return self.refuse(code::SYNTAX_ERROR, at, message);
                }
                self.is_unnest_of_several(*call).then_some("UNNEST() with multiple arguments")
            }
            _ => Some("ROWS FROM() with multiple functions"),
        };
        if let Some(words) = several {
            let message = format!("{words} cannot have a column definition list");
            self.report(code::SYNTAX_ERROR, at, message)
                .hint("Put a separate column definition list for each function inside ROWS FROM().");
        } else if item.ordinality {
            let message = "WITH ORDINALITY cannot be used with a column definition list";
            self.report(code::SYNTAX_ERROR, at, message)
                .hint("Put the column definition list inside ROWS FROM().");
        }
    }

    /// `unnest(a, b)`.
    fn is_unnest_of_several(&self, id: ExprId) -> bool {
        let ExprKind::Call(call) = self.bare(id) else { return false };
        let plain =
            call.args.len() > 1 && call.name.parts.len() == 1 && !call.variadic && call.over.is_none();
        self.typed && plain && call.name.last().is_some_and(|it| it.ident.as_str() == "unnest")
    }

    /// A set among the arguments of a function in FROM (`check_srf_call_placement`).
    fn refuse_nested_sets(&mut self, id: ExprId) {
        let top = self.unparen(id);
        let mut last = None;
        let mut todo = vec![top];
        while let Some(it) = todo.pop() {
            let is_call = matches!(self.expr_node(it).kind, ExprKind::Call(_));
            if it != top && is_call && self.resolved(it) == super::scope::Resolved::SetReturning {
                last = last.or(Some(it));
                continue;
            }
            // The last of them is found first.
            super::walk::children(&self.expr_node(it).kind, &mut |child| {
                if let super::walk::Child::Expr(it) = child {
                    todo.push(it);
                }
            });
        }
        if let Some(set) = last.filter(|_| self.typed) {
            let at = self.place(set);
            let message = "set-returning functions must appear at top level of FROM";
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
        }
    }

    /// The columns of built-in functions that yield no NULLs, where no longer function stands beside them.
    fn never_null_rows(&self, id: ExprId, columns: &mut [RteColumn]) {
        let ExprKind::Call(call) = self.bare(id) else { return };
        let Some(name) = call.name.last() else { return };
        let n_columns = match name.ident.as_str() {
            "generate_series"
            | "generate_subscripts"
            | "regexp_split_to_table"
            | "jsonb_object_keys"
            | "json_object_keys"
            | "jsonb_array_elements"
            | "json_array_elements" => 1,
            "jsonb_each" | "json_each" => 2,
            "jsonb_each_text" | "json_each_text" => 1,
            _ => return,
        };
        if self.catalog.functions.keys().any(|it| it.name == name.ident) {
            return;
        }
        columns.iter_mut().take(n_columns).for_each(|it| it.nullable = Some(false));
    }

    /// `unnest(a, b)` in FROM is `ROWS FROM (unnest(a), unnest(b))`.
    fn unnest_several(&mut self, id: ExprId) -> Option<Rows> {
        let ExprKind::Call(call) = self.bare(id) else { return None };
        if !self.is_unnest_of_several(id) {
            return None;
        }
        let mut columns = Vec::new();
        let mut open = false;
        for arg in &call.args {
            self.in_place(Place::FromFunction, |it| it.expr(arg.value));
            let given = [ArgTy { name: None, ty: self.ty(arg.value) }];
            let name = call.name.last()?;
            let ty = match function(self.catalog, None, &name.ident, &given, CallShape::default()) {
                FuncOutcome::Resolved(it) => it.result,
                FuncOutcome::Refused(refusal) => {
                    self.report(refusal.code, name.range, refusal.message).hint = refusal.hint;
                    Ty::Unknown
                }
                _ => Ty::Unknown,
            };
            self.forget_params(Some(arg.value));
            // Rows are laid out in their columns.
            match ty {
                Ty::Known(row) if self.is_composite(row.id) => match self.composite_columns(row.id) {
                    Some(fields) => columns.extend(Self::row_rte_columns(fields)),
                    None => open = true,
                },
                Ty::Known(_) => columns.push(RteColumn::new(Ident::new("unnest"), ty)),
                Ty::Unknown => open = true,
            }
        }
        Some(Rows { columns, open, row: WholeRow::Record })
    }

    fn function_rows(
        &mut self,
        id: ExprId,
        definitions: &'a [ColumnDefinition],
        item: &'a FunctionItem,
        single: bool,
    ) -> Rows {
        self.expr(id);
        self.decide_text(id);
        self.refuse_nested_sets(id);
        let declared: Vec<RteColumn> = definitions
            .iter()
            .map(|it| {
                let ty = self.type_name(&it.ty);
                RteColumn { range: Some(it.name.range), ..RteColumn::new(it.name.ident.clone(), ty) }
            })
            .collect();
        if let Some(it) = definitions.iter().find(|it| it.ty.setof && self.typed) {
            let message = format!("column \"{}\" cannot be declared SETOF", it.name.ident);
            self.refuse(code::INVALID_TABLE_DEFINITION, it.name.range, message);
        }
        for (idx, it) in definitions.iter().enumerate() {
            if definitions[..idx].iter().any(|other| other.name.ident == it.name.ident) {
                let message = format!("column name \"{}\" specified more than once", it.name.ident);
                self.refuse(code::DUPLICATE_COLUMN, it.name.range, message);
            }
        }
        let ty = self.ty(id);
        let unknown = Rows { columns: Vec::new(), open: true, row: WholeRow::Record };
        if !definitions.is_empty() {
            let refused = match ty {
                _ if self.call_columns(id).is_some() && self.is_record(id) => {
                    Some("a column definition list is redundant for a function with OUT parameters")
                }
                Ty::Known(ty) if ty.id == TypeId::RECORD => None,
                Ty::Known(ty) if self.is_composite(ty.id) => Some(
                    "a column definition list is redundant for a function returning a named composite type",
                ),
                Ty::Known(_) => {
                    Some("a column definition list is only allowed for functions returning \"record\"")
                }
                Ty::Unknown => None,
            };
            if let Some(message) = refused {
                let at = definitions.first().map_or(item.range, |it| it.name.range);
                self.refuse(code::SYNTAX_ERROR, at, message);
            }
            return Rows { columns: declared, open: false, row: WholeRow::Record };
        }
        if let Some(columns) = self.call_columns(id) {
            let row = match ty {
                Ty::Known(ty) if self.is_composite(ty.id) => WholeRow::Named(ty.id),
                _ => WholeRow::Record,
            };
            return Rows { columns: Self::row_rte_columns(columns), open: false, row };
        }
        let Ty::Known(ty) = ty else {
            // Nothing is known of it, not even whether it is one column.
            return unknown;
        };
        if ty.id == TypeId::RECORD {
            if matches!(self.bare(id), ExprKind::Call(_)) {
                let at = self.place(id);
                self.refuse(
                    code::SYNTAX_ERROR,
                    at,
                    "a column definition list is required for functions returning \"record\"",
                );
            }
            return unknown;
        }
        let base = self.base(ty.id);
        if self
            .type_info(base)
            .is_none_or(|it| matches!(it.kind, TypeKind::Composite { .. } | TypeKind::Opaque))
        {
            return unknown;
        }
        let out_name = self.out_name(id);
        let name = match (&item.alias, out_name) {
            (_, Some(name)) => name,
            (Some(alias), None) if single => alias.name.ident.clone(),
            _ => self.column_name(id),
        };
        let column = RteColumn {
            collation: self.value_collation(super::target::Value::Expr(id)),
            ..RteColumn::new(name, Ty::Known(ty))
        };
        Rows { columns: vec![column], open: false, row: WholeRow::Scalar }
    }

    /// The name of a function's only OUT parameter (`get_func_result_name`).
    fn out_name(&self, id: ExprId) -> Option<Ident> {
        self.single_out.get(&self.unparen(id)).cloned()
    }

    pub fn from_table_function(&mut self, item: &'a TableFunction) -> NsItem {
        let before = self.level().lateral_active;
        self.level().lateral_active = true;
        let start = self.slice(item.range).trim_start();
        let start = if item.lateral { start.get(7..).unwrap_or_default().trim_start() } else { start };
        let xml = start.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("xml"));
        if !xml {
            self.in_place(Place::FromFunction, |it| it.exprs(&item.inputs));
        }
        let mut columns: Vec<RteColumn> = Vec::new();
        for (name, ty) in &item.columns {
            let ty = match ty {
                Some(ty) => self.type_name(ty),
                None if self.typed => known(TypeId::INT4),
                None => Ty::Unknown,
            };
            columns.push(RteColumn { range: Some(name.range), ..RteColumn::new(name.ident.clone(), ty) });
        }
        if xml {
            self.in_place(Place::FromFunction, |it| it.xml_table_inputs(item, &columns));
        }
        self.level().lateral_active = before;
        if self.typed && xml {
            self.xml_table_columns(item);
        }
        if self.typed && !xml {
            self.json_table_inputs(item, &columns);
            self.json_table_columns(item);
            self.json_table_words(item.range);
        }
        let name = match &item.alias {
            Some(alias) => alias.name.ident.clone(),
            None => Ident::new(if xml { "xmltable" } else { "json_table" }),
        };
        let rte = self.add_rte(Rte {
            aliased: item.alias.is_some(),
            range: item.alias.as_ref().map_or(item.range, |it| it.name.range),
            ..Rte::new(RteKind::TableFunction, name, columns)
        });
        self.apply_column_aliases(rte, item.alias.as_ref());
        NsItem::new(rte)
    }

    /// The columns of XMLTABLE (`transformRangeTableFunc`).
    fn xml_table_columns(&mut self, item: &'a TableFunction) {
        let mut counted = false;
        for (idx, (name, ty)) in item.columns.iter().enumerate() {
            let before = item.columns.get(..idx).unwrap_or_default();
            let message = match ty {
                None if counted => "only one FOR ORDINALITY column is allowed".to_owned(),
                _ if before.iter().any(|it| it.0.ident == name.ident) && !name.ident.is_dynamic() => {
                    format!("column name \"{}\" is not unique", name.ident)
                }
                _ => {
                    counted |= ty.is_none();
                    continue;
                }
            };
            return self.refuse(code::SYNTAX_ERROR, name.range, message);
        }
    }

    /// The columns' names of JSON_TABLE (`CheckDuplicateColumnOrPathNames`).
    fn json_table_columns(&mut self, item: &'a TableFunction) {
        let nested = self.slice(item.range).to_ascii_lowercase().contains("nested");
        let mut counted = false;
        for (idx, name) in item.names.iter().enumerate() {
            let before = item.names.get(..idx).unwrap_or_default();
            if before.iter().any(|it| it.ident == name.ident) && !name.ident.is_dynamic() {
                let message = format!("duplicate JSON_TABLE column or path name: {}", name.ident);
                self.refuse(code::DUPLICATE_ALIAS, name.range, message);
                return;
            }
        }
        for (name, ty) in &item.columns {
            if ty.is_none() && counted && !nested {
                self.refuse(code::SYNTAX_ERROR, name.range, "only one FOR ORDINALITY column is allowed");
                return;
            }
            counted |= ty.is_none();
        }
    }

    /// The type of the column that a default belongs to: the one before it.
    fn defaulted_type(&self, input: ExprId, columns: &[RteColumn]) -> Ty {
        let start = self.expr_node(input).range.start();
        let column = columns.iter().rev().find(|it| it.range.is_some_and(|it| it.end() <= start));
        column.map_or(Ty::Unknown, |it| it.ty)
    }

    /// The expressions of XMLTABLE, each with the type that it must have, in the order in which PostgreSQL looks at them
    /// (`transformRangeTableFunc`): the row's, the document, those of the columns, the namespaces.
    fn xml_table_inputs(&mut self, item: &'a TableFunction, columns: &[RteColumn]) {
        let behind = self.behind_namespaces(item);
        let (namespaces, others): (Vec<_>, Vec<_>) =
            item.inputs.iter().copied().partition(|it| self.expr_node(*it).range.start() < behind);
        for (idx, input) in others.into_iter().enumerate() {
            self.expr(input);
            if !self.typed {
                continue;
            }
            match idx {
                0 => self.must_be(input, TypeId::TEXT, "XMLTABLE"),
                1 => self.must_be(input, TypeId::XML, "XMLTABLE"),
                _ if self.is_default_clause(input) => {
                    if let Ty::Known(ty) = self.defaulted_type(input, columns) {
                        self.must_be(input, ty.id, "DEFAULT");
                    }
                }
                _ => self.must_be(input, TypeId::TEXT, "PATH"),
            }
        }
        for input in namespaces {
            self.expr(input);
            self.decide_text(input);
        }
    }

    /// Where `XMLNAMESPACES (…)` ends; the start of the item without.
    fn behind_namespaces(&self, item: &TableFunction) -> text_size::TextSize {
        use crate::sql::token::{TokenKind, significant};
        let text = self.slice(item.range);
        let tokens = significant(text);
        let mut depth = 0u32;
        let behind = tokens.iter().skip_while(|it| !it.is_word(text, "xmlnamespaces")).find(|it| {
            match it.kind {
                TokenKind::OpenParen => depth += 1,
                TokenKind::CloseParen => {
                    depth = depth.saturating_sub(1);
                    return depth == 0;
                }
                _ => {}
            }
            false
        });
        item.range.start() + behind.map_or(0.into(), |it| it.range.end())
    }

    /// What the expressions of JSON_TABLE must be.
    fn json_table_inputs(&mut self, item: &'a TableFunction, columns: &[RteColumn]) {
        for (idx, &input) in item.inputs.iter().enumerate() {
            // `transformJsonTable` assigns collations to the columns alone.
            if !self.is_default_clause(input) {
                self.derive_nothing(input);
            }
            match idx {
                0 => self.json_input(input),
                1 => {
                    use crate::sql::hir::Literal;
                    if let ExprKind::Literal(Literal::String(path)) = self.bare(input) {
                        self.read_literal(self.unparen(input), path, known(TypeId::JSONPATH));
                    }
                    let text =
                        matches!(self.bare(input), ExprKind::Literal(Literal::String(_)) | ExprKind::Missing);
                    if !text {
                        let at = self.place(input);
                        let message = "only string constants are supported in JSON_TABLE path specification";
                        self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
                    }
                }
                _ if self.is_default_clause(input) => {
                    let ty = self.defaulted_type(input, columns);
                    self.json_default(input, ty);
                }
                _ => self.decide_text(input),
            }
        }
    }
}
