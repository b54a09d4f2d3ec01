//! FROM items: relations, subqueries, functions, joins (`table_ref` of gram.y).

use super::Lower;
use super::lex::Kind;
use crate::base::text::TextRange;
use crate::sql::Ident;
use crate::sql::hir::{
    Alias, ColumnDefinition, ExprId, FromItem, FunctionItem, Join, JoinKind, Name, QName, TableFunction,
    TypeName,
};

/// The words of a join up to JOIN.
struct JoinWords {
    kind: JoinKind,
    natural: bool,
    n_words: usize,
}

impl Lower<'_> {
    /// One item of FROM with the joins that follow it.
    pub(super) fn table_ref(&mut self) -> FromItem {
        if !self.enter() {
            self.leave();
            return FromItem::Missing(TextRange::default());
        }
        let start = self.start();
        let mut res = self.table_primary();
        let mut chain = 0u32;
        while let Some(words) = self.join_words() {
            chain += 1;
            if chain > super::guard::MAX_CHAIN {
                self.refused = true;
                self.pos = self.end;
                break;
            }
            res = self.join(start, res, words);
        }
        self.leave();
        res
    }

    /// `JOIN`, `LEFT OUTER JOIN`, `NATURAL FULL JOIN`, …; takes nothing.
    fn join_words(&self) -> Option<JoinWords> {
        let natural = self.at_kw("natural");
        let mut n = usize::from(natural);
        if self.nth_kw(n, "cross") && self.nth_kw(n + 1, "join") {
            return Some(JoinWords { kind: JoinKind::Cross, natural, n_words: n + 2 });
        }
        let kind = if self.nth_kw(n, "left") {
            JoinKind::Left
        } else if self.nth_kw(n, "right") {
            JoinKind::Right
        } else if self.nth_kw(n, "full") {
            JoinKind::Full
        } else {
            JoinKind::Inner
        };
        if kind != JoinKind::Inner {
            n += 1;
            n += usize::from(self.nth_kw(n, "outer"));
        } else if self.nth_kw(n, "inner") {
            n += 1;
        }
        self.nth_kw(n, "join").then_some(JoinWords { kind, natural, n_words: n + 1 })
    }

    fn join(&mut self, start: u32, left: FromItem, words: JoinWords) -> FromItem {
        self.pos += words.n_words;
        self.clean &= !(words.natural && words.kind == JoinKind::Cross);
        let mut join = Join {
            range: self.span(start),
            kind: words.kind,
            natural: words.natural,
            left,
            right: FromItem::Missing(self.span(self.prev_end())),
            on: None,
            using: Vec::new(),
            using_alias: None,
            alias: None,
        };
        if !self.enter() {
            self.leave();
            return FromItem::Join(Box::new(join));
        }
        let right_start = self.start();
        join.right = self.table_primary();
        let qualified = join.kind != JoinKind::Cross && !join.natural;
        if qualified {
            // `a join b join c on … on …`: the inner join is the right side of the outer one.
            while !self.at_any_kw(&["on", "using"]) {
                let Some(words) = self.join_words() else { break };
                if !self.is_qualified_later() {
                    break;
                }
                let right = std::mem::replace(&mut join.right, FromItem::Missing(TextRange::default()));
                join.right = self.join(right_start, right, words);
            }
            if self.eat_kw("on") {
                join.on = Some(self.expr());
            } else if self.at_kw("using") {
                self.bump();
                self.clean &= self.at(Kind::LParen);
                join.using = self.paren_names();
                if self.eat_kw("as") {
                    join.using_alias = Some(self.name_or_missing());
                }
            } else {
                self.clean = false;
            }
        }
        self.leave();
        join.range = self.span(start);
        FromItem::Join(Box::new(join))
    }

    /// Whether the join before the cursor gets its ON or USING behind the joins that follow: there are enough
    /// of them for all. In a text being typed the inner ones would otherwise take what belongs further out.
    fn is_qualified_later(&self) -> bool {
        let mut wanted = 1u32;
        let mut n = 0;
        let mut unqualified = false;
        // Far more than lies between a join and its ON; asked for every join of a chain.
        for _ in 0..1_000 {
            let token = self.nth(n);
            match token.kind {
                Kind::Eof | Kind::RParen | Kind::Comma | Kind::Semi => return false,
                Kind::Word => {
                    if self.nth_kw(n, "cross") || self.nth_kw(n, "natural") {
                        unqualified = true;
                    } else if self.nth_kw(n, "join") {
                        wanted += u32::from(!std::mem::take(&mut unqualified));
                    } else if self.nth_kw(n, "on") || self.nth_kw(n, "using") {
                        wanted -= 1;
                        if wanted == 0 {
                            return true;
                        }
                    } else if ["where", "group", "having", "order", "limit", "union", "returning", "window"]
                        .iter()
                        .any(|it| self.nth_kw(n, it))
                    {
                        return false;
                    }
                }
                _ => {}
            }
            let close = token.close as usize;
            let is_group = token.close != super::lex::NO_CLOSE && close > self.pos + n;
            n = if is_group { close - self.pos + 1 } else { n + 1 };
        }
        false
    }

    fn table_primary(&mut self) -> FromItem {
        let start = self.start();
        let lateral = self.eat_kw("lateral");
        if self.at(Kind::LParen) {
            return self.paren_item(start, lateral);
        }
        if self.at_kws(&["rows", "from"]) && self.nth(2).kind == Kind::LParen {
            return self.rows_from(start, lateral);
        }
        if self.nth(1).kind == Kind::LParen {
            if self.at_kw("json_table") {
                return self.json_table(start, lateral);
            }
            if self.at_kw("xmltable") {
                return self.xml_table(start, lateral);
            }
        }
        if self.is_function_item() {
            let call = self.primary();
            return self.function_tail(start, lateral, vec![(call, Vec::new())]);
        }
        self.clean &= !lateral;
        let only = self.eat_kw("only");
        let name = if only && self.at(Kind::LParen) {
            self.parens(|it| it.expect_qname()).unwrap_or_default()
        } else {
            self.qname()
        };
        if name.parts.is_empty() {
            self.clean = false;
            let at = if only || lateral { start } else { self.prev_end() };
            return FromItem::Missing(self.span(at));
        }
        self.eat_star(only);
        let alias = self.opt_alias();
        let mut sample = Vec::new();
        let mut sample_method = None;
        if self.eat_kw("tablesample") {
            let method = self.expect_qname();
            self.clean &= self.at(Kind::LParen);
            sample = self.parens(|it| it.list(|it| it.expr())).unwrap_or_default();
            sample_method = Some((method, sample.len() as u32));
            if self.eat_kw("repeatable") {
                self.clean &= self.at(Kind::LParen);
                sample.extend(self.parens(|it| it.expr()));
            }
        }
        FromItem::Relation { range: self.span(start), name, only, alias, sample, sample_method }
    }

    /// A call, or a value of the grammar such as CURRENT_DATE.
    fn is_function_item(&self) -> bool {
        if self.at_any_kw(&[
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_user",
            "current_role",
            "session_user",
            "system_user",
            "user",
            "current_catalog",
            "current_schema",
            "cast",
        ]) {
            return true;
        }
        if self.at_kw("collation") && self.nth_kw(1, "for") {
            return true;
        }
        if !matches!(self.kind(), Kind::Word | Kind::Quoted)
            || self.at_reserved_clause()
            || self.at_any_kw(&["only", "on", "using", "where", "join", "inner", "cross", "natural", "full"])
        {
            return false;
        }
        let mut n = 1;
        while self.nth(n).kind == Kind::Dot && matches!(self.nth(n + 1).kind, Kind::Word | Kind::Quoted) {
            n += 2;
        }
        self.nth(n).kind == Kind::LParen
    }

    /// `( query ) alias` or `( join ) alias`.
    fn paren_item(&mut self, start: u32, lateral: bool) -> FromItem {
        if self.at_paren_query() {
            let query = self.parens(|it| it.query());
            let query = query.unwrap_or_else(|| self.missing_query());
            let alias = self.opt_alias();
            return FromItem::Query { range: self.span(start), lateral, query: Box::new(query), alias };
        }
        self.clean &= !lateral;
        let inner = self.parens(|it| it.table_ref());
        let mut inner = inner.unwrap_or_else(|| FromItem::Missing(TextRange::default()));
        let alias = self.opt_alias();
        match &mut inner {
            FromItem::Join(join) => {
                // What has a name is no joined table any more, and may not stand alone in parentheses.
                self.clean &= join.alias.is_none();
                if alias.is_some() {
                    join.alias = alias;
                }
                join.range = self.span(start);
            }
            // `( t ) alias` is refused by PostgreSQL; the name is kept all the same.
            FromItem::Relation { alias: inner_alias, .. } => {
                self.clean = false;
                *inner_alias = alias.or(inner_alias.take());
            }
            _ => self.clean &= false,
        }
        inner
    }

    /// `[AS] name [(columns)]`.
    fn opt_alias(&mut self) -> Option<Alias> {
        let name = self.opt_alias_name()?;
        Some(Alias { name, columns: self.paren_names() })
    }

    pub(super) fn opt_alias_name(&mut self) -> Option<Name> {
        if self.eat_kw("as") {
            return Some(self.name_or_missing());
        }
        // `update t set …`: the word is not an alias.
        if self.at_kw("set") && !self.nth_kw(1, "set") {
            return None;
        }
        if self.at_kw("values") && self.nth(1).kind == Kind::LParen {
            return None;
        }
        self.col_id()
    }

    fn rows_from(&mut self, start: u32, lateral: bool) -> FromItem {
        self.bump();
        self.bump();
        let calls = self.parens(|it| {
            it.list(|it| {
                let call = it.primary();
                let definitions = if it.eat_kw("as") { it.column_definitions() } else { Vec::new() };
                (call, definitions)
            })
        });
        self.function_tail(start, lateral, calls.unwrap_or_default())
    }

    fn function_tail(
        &mut self,
        start: u32,
        lateral: bool,
        calls: Vec<(ExprId, Vec<ColumnDefinition>)>,
    ) -> FromItem {
        let ordinality = self.eat_kws(&["with", "ordinality"]);
        let mut alias = None;
        let mut definitions = Vec::new();
        if self.at_kw("as") && self.nth(1).kind == Kind::LParen {
            self.bump();
            definitions = self.column_definitions();
        } else if let Some(name) = self.opt_alias_name() {
            let mut columns = Vec::new();
            // `t(a, b)` names columns, `t(a int, b text)` defines them.
            let defines = self.at(Kind::LParen)
                && matches!(self.nth(1).kind, Kind::Word | Kind::Quoted)
                && matches!(self.nth(2).kind, Kind::Word | Kind::Quoted);
            if defines {
                definitions = self.column_definitions();
            } else {
                columns = self.paren_names();
            }
            alias = Some(Alias { name, columns });
        }
        FromItem::Function(Box::new(FunctionItem {
            range: self.span(start),
            lateral,
            calls,
            ordinality,
            alias,
            definitions,
        }))
    }

    /// `( name type [COLLATE x], … )`.
    fn column_definitions(&mut self) -> Vec<ColumnDefinition> {
        self.parens(|it| {
            it.list(|it| {
                let name = it.name_or_missing();
                let ty = it.type_name();
                if it.eat_kw("collate") {
                    it.expect_qname();
                }
                ColumnDefinition { name, ty }
            })
        })
        .unwrap_or_default()
    }

    /// `JSON_TABLE(input, path [AS name] [PASSING …] COLUMNS (…) [behaviour ON ERROR])`.
    fn json_table(&mut self, start: u32, lateral: bool) -> FromItem {
        self.bump();
        let mut res = table_function(lateral);
        self.parens(|it| {
            res.inputs.push(it.json_value());
            it.expect(Kind::Comma);
            res.inputs.push(it.expr());
            if it.eat_kw("as") {
                let name = it.name_or_missing();
                res.names.push(name);
            }
            it.json_passing(&mut res.inputs);
            it.json_columns(&mut res);
            it.json_behaviours(&mut res.inputs, true);
        });
        res.alias = self.opt_alias();
        res.range = self.span(start);
        FromItem::Table(Box::new(res))
    }

    fn json_columns(&mut self, table: &mut TableFunction) {
        self.expect_kw("columns");
        if !self.enter() {
            self.leave();
            return;
        }
        self.parens(|it| {
            let mut nested = Vec::new();
            it.list(|it| it.json_column(table, &mut nested));
            // Those of nested paths stand behind all others.
            table.columns.append(&mut nested);
        });
        self.leave();
    }

    fn json_column(&mut self, table: &mut TableFunction, nested: &mut Vec<(Name, Option<TypeName>)>) {
        if self.at_kw("nested") && (self.nth_kw(1, "path") || self.nth(1).kind == Kind::Str) {
            self.bump();
            self.eat_kw("path");
            self.primary();
            if self.eat_kw("as") {
                let name = self.name_or_missing();
                table.names.push(name);
            }
            let own = std::mem::take(&mut table.columns);
            self.json_columns(table);
            nested.append(&mut std::mem::replace(&mut table.columns, own));
            return;
        }
        let name = self.name_or_missing();
        table.names.push(name.clone());
        if self.eat_kws(&["for", "ordinality"]) {
            table.columns.push((name, None));
            return;
        }
        let ty = self.type_name();
        table.columns.push((name, Some(ty)));
        let exists = self.eat_kw("exists");
        self.json_format();
        if self.eat_kw("path") {
            self.clean &= self.at(Kind::Str);
            table.inputs.push(self.primary());
        }
        self.clean &= !exists || !self.at_any_kw(&["with", "without", "keep", "omit"]);
        self.json_wrapper();
        self.json_behaviours(&mut table.inputs, exists);
    }

    /// `XMLTABLE([XMLNAMESPACES(…),] row PASSING document COLUMNS …)`.
    fn xml_table(&mut self, start: u32, lateral: bool) -> FromItem {
        self.bump();
        let mut res = table_function(lateral);
        self.parens(|it| {
            if it.eat_kw("xmlnamespaces") {
                it.parens(|it| {
                    it.list(|it| {
                        it.eat_kw("default");
                        res.inputs.push(it.b_expr());
                        if it.eat_kw("as") {
                            it.label();
                        }
                    })
                });
                it.expect(Kind::Comma);
            }
            res.inputs.push(it.primary());
            res.inputs.push(it.xml_passing());
            if it.expect_kw("columns") {
                it.list(|it| it.xml_column(&mut res));
            }
        });
        res.alias = self.opt_alias();
        res.range = self.span(start);
        FromItem::Table(Box::new(res))
    }

    fn xml_column(&mut self, table: &mut TableFunction) {
        let name = self.name_or_missing();
        if self.eat_kws(&["for", "ordinality"]) {
            table.columns.push((name, None));
            return;
        }
        let ty = self.type_name();
        let column = name.ident.clone();
        table.columns.push((name, Some(ty)));
        let (mut default, mut path, mut nullability) = (false, false, false);
        loop {
            let option = self.peek();
            let at = self.token_range(option);
            let word = self.str(option);
            let message = if self.eat_kw("default") {
                table.inputs.push(self.b_expr());
                let twice = std::mem::replace(&mut default, true);
                twice.then(|| "only one DEFAULT value is allowed".to_owned())
            } else if self.eat_kw("path") {
                table.inputs.push(self.b_expr());
                let twice = std::mem::replace(&mut path, true);
                twice.then(|| "only one PATH value per column is allowed".to_owned())
            } else if self.eat_kws(&["not", "null"]) || self.eat_kw("null") {
                let twice = std::mem::replace(&mut nullability, true);
                twice.then(|| {
                    format!("conflicting or redundant NULL / NOT NULL declarations for column \"{column}\"")
                })
            } else if option.kind == Kind::Word && crate::sql::keywords::keyword(word).is_none() {
                let name = Ident::from_source(word);
                self.bump();
                table.inputs.push(self.b_expr());
                Some(format!("unrecognized column option \"{name}\""))
            } else {
                return;
            };
            if let Some(message) = message {
                self.refuse(at, message);
            }
        }
    }

    /// The name of a relation that is written to: `[ONLY] name [*]`.
    pub(super) fn target_relation(&mut self) -> (QName, bool) {
        let only = self.eat_kw("only");
        let name = if only && self.at(Kind::LParen) {
            self.parens(|it| it.expect_qname()).unwrap_or_default()
        } else {
            self.expect_qname()
        };
        self.eat_star(only);
        (name, only)
    }
}

fn table_function(lateral: bool) -> TableFunction {
    TableFunction {
        range: TextRange::default(),
        lateral,
        inputs: Vec::new(),
        names: Vec::new(),
        columns: Vec::new(),
        alias: None,
    }
}
