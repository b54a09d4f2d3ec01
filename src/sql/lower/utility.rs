//! Options of commands and settings of the server (gram.y's `utility_option_list`, `copy_options`, `generic_set`,
//! `definition`).

use smol_str::SmolStr;

use super::lex::Kind;
use super::{Lower, string};
use crate::sql::hir::{
    CommandOption, Conversion, CopyClauses, Maintenance, Name, OptionValue, SettingChange,
    SubscriptionChange, SubscriptionClauses, Utility,
};
use crate::sql::{Dialect, Ident};

impl Lower<'_> {
    /// What the statement under the cursor says of these; the cursor stays.
    pub(super) fn read_utility(&mut self) -> Option<Box<Utility>> {
        if self.dialect != Dialect::Postgres {
            return None;
        }
        let (from, clean, suspect, stumble) = (self.pos, self.clean, self.suspect, self.stumble);
        let res = self.utility_inner();
        (self.pos, self.clean, self.suspect, self.stumble) = (from, clean, suspect, stumble);
        res.map(Box::new)
    }

    fn utility_inner(&mut self) -> Option<Utility> {
        if self.eat_kw("copy") {
            return Some(Utility::Copy(self.copy_clauses()));
        }
        if self.eat_kw("vacuum") {
            return Some(self.maintenance(Maintenance::Vacuum));
        }
        if self.eat_any_kw(&["analyze", "analyse"]) {
            return Some(self.maintenance(Maintenance::Analyze));
        }
        if self.eat_kw("reindex") {
            return Some(self.maintenance(Maintenance::Reindex));
        }
        if self.eat_kw("cluster") {
            return Some(self.maintenance(Maintenance::Cluster));
        }
        if self.eat_kw("set") {
            let session = self.at_kw("session")
                && !self.nth_kw(1, "authorization")
                && !self.nth_kw(1, "characteristics");
            if session || self.at_kw("local") {
                self.bump();
            }
            return self.setting_set(false).map(|it| Utility::Settings(vec![it]));
        }
        if self.eat_kw("reset") {
            return self.setting_reset(false).map(|it| Utility::Settings(vec![it]));
        }
        let creates = self.at_kw("create");
        if !creates && !self.at_kw("alter") {
            return None;
        }
        self.bump();
        if creates {
            self.eat_kws(&["or", "replace"]);
        }
        if self.at_any_kw(&["function", "procedure", "routine"]) {
            return self.routine_settings();
        }
        let default = self.at_kw("default");
        if self.eat_kw("conversion") || self.eat_kws(&["default", "conversion"]) {
            return self.conversion(default);
        }
        if self.eat_kw("subscription") {
            return self.subscription(creates);
        }
        let system = !creates && self.eat_kw("system");
        if system || !creates && self.eat_any_kw(&["role", "user", "database"]) {
            while !self.at_end() && !self.at_any_kw(&["set", "reset"]) {
                self.skip_one();
            }
            let set = self.eat_kw("set");
            if set && self.at_kw("tablespace") {
                return None;
            }
            let res = match set {
                true => self.setting_set(system),
                false => self.bump_then(|it| it.setting_reset(system)),
            };
            // What a role or a database does not have is taken from it in silence.
            let res = res.filter(|it| system || !it.values.is_empty());
            return res.map(|it| Utility::Settings(vec![it]));
        }
        None
    }

    fn bump_then<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.bump();
        read(self)
    }

    /// SET and RESET among the clauses of a routine.
    fn routine_settings(&mut self) -> Option<Utility> {
        let mut res = Vec::new();
        while !self.at_end() && !self.at_any_kw(&["begin", "return"]) {
            if self.eat_kw("set") {
                res.extend(self.setting_set(false));
            } else if self.eat_kw("reset") {
                res.extend(self.setting_reset(false));
            } else {
                self.skip_one();
            }
        }
        (!res.is_empty()).then_some(Utility::Settings(res))
    }

    /// `var_name`.
    fn setting_name(&mut self) -> Option<(SmolStr, crate::base::text::TextRange)> {
        let start = self.start();
        let name = self.qname();
        let dynamic = name.is_dynamic();
        let words: Vec<&str> = name.parts.iter().map(|it| it.ident.as_str()).collect();
        (!words.is_empty() && !dynamic).then(|| (words.join(".").into(), self.span(start)))
    }

    /// Behind SET: `name { TO | = } value, …`; other forms have words of their own.
    fn setting_set(&mut self, of_system: bool) -> Option<SettingChange> {
        let (name, range) = self.setting_name()?;
        if !(self.eat_op("=") || self.eat_kw("to")) {
            return None;
        }
        if self.eat_kw("default") {
            return Some(SettingChange { name, range, values: Vec::new(), of_system });
        }
        let mut values = Vec::new();
        loop {
            values.push(self.option_word()?);
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        Some(SettingChange { name, range, values, of_system })
    }

    fn setting_reset(&mut self, of_system: bool) -> Option<SettingChange> {
        let words = ["all", "time", "transaction", "session"];
        if self.at_any_kw(&words) && self.nth(1).kind != Kind::Dot {
            return None;
        }
        let (name, range) = self.setting_name()?;
        Some(SettingChange { name, range, values: Vec::new(), of_system })
    }

    /// A word, string or number under the cursor (`opt_boolean_or_string`, `NumericOnly`).
    fn option_word(&mut self) -> Option<OptionValue> {
        if self.at(Kind::Str) {
            let token = self.bump();
            return Some(OptionValue::Text(string::value(self.str(token), '\\')));
        }
        if matches!(self.kind(), Kind::Word | Kind::Quoted) {
            return Some(OptionValue::Text(self.take_name().ident.as_str().into()));
        }
        let negative = self.at_op("-");
        if negative || self.at_op("+") {
            self.bump();
        }
        if !self.at(Kind::Number) {
            return None;
        }
        let token = self.bump();
        let text = format!("{}{}", if negative { "-" } else { "" }, self.str(token));
        Some(match text.parse::<i32>() {
            Ok(number) => OptionValue::Integer(number),
            Err(_) => OptionValue::Number(text.into()),
        })
    }

    /// The grammar's `utility_option_name`: of the commands that can analyse, where both spellings are one option.
    pub(super) fn utility_option_name(&mut self) -> Option<Name> {
        let other_spelling = self.at_kw("analyse");
        let mut name = self.label()?;
        if other_spelling {
            name.ident = Ident::new("analyze");
        }
        Some(name)
    }

    /// `(name [=] [value], …)`.
    pub(super) fn command_options(&mut self, name: fn(&mut Self) -> Option<Name>) -> Vec<CommandOption> {
        let mut res = Vec::new();
        if !self.eat(Kind::LParen) {
            return res;
        }
        while let Some(name) = name(self) {
            self.eat_op("=");
            let mut value = match self.kind() {
                Kind::Comma | Kind::RParen => None,
                Kind::LParen => Some(OptionValue::Names(self.paren_names())),
                _ if self.at_op("*") => {
                    self.bump();
                    Some(OptionValue::Star)
                }
                _ => Some(self.option_word().unwrap_or(OptionValue::Other)),
            };
            while !self.at_end() && !matches!(self.kind(), Kind::Comma | Kind::RParen) {
                value = Some(OptionValue::Other);
                self.skip_one();
            }
            res.push(CommandOption { name, value });
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.eat(Kind::RParen);
        res
    }

    fn maintenance(&mut self, command: Maintenance) -> Utility {
        let mut options = self.command_options(Self::utility_option_name);
        let words = ["full", "freeze", "verbose", "analyze", "analyse"];
        while command != Maintenance::Reindex && self.at_any_kw(&words) {
            let name = self.utility_option_name();
            options.extend(name.map(|name| CommandOption { name, value: None }));
        }
        self.eat_kw("only");
        let mut columns_of = None;
        let names = matches!(self.kind(), Kind::Word | Kind::Quoted);
        if matches!(command, Maintenance::Vacuum | Maintenance::Analyze) {
            while matches!(self.kind(), Kind::Word | Kind::Quoted) {
                let start = self.start();
                self.qname();
                let range = self.span(start);
                if self.at(Kind::LParen) {
                    columns_of = columns_of.or(Some(range));
                    self.skip_one();
                }
                if !self.eat(Kind::Comma) {
                    break;
                }
                self.eat_kw("only");
            }
        }
        Utility::Maintenance { command, options, columns_of, names }
    }

    /// Behind COPY.
    fn copy_clauses(&mut self) -> CopyClauses {
        let mut options: Vec<CommandOption> = Vec::new();
        let (mut table, mut columns) = (None, Vec::new());
        if self.at(Kind::LParen) {
            self.skip_one();
        } else {
            if self.at_kw("binary") && matches!(self.nth(1).kind, Kind::Word | Kind::Quoted) {
                let at = self.take_name();
                options.push(word_option(at, "format", Some("binary")));
            }
            table = Some(self.qname());
            if self.at(Kind::LParen) {
                columns = self.paren_names();
            }
        }
        let from = self.eat_kw("from");
        if !from {
            self.eat_kw("to");
        }
        self.eat_kw("program");
        self.skip_one();
        self.eat_kw("using");
        if self.at_kw("delimiters") {
            options.extend(self.copy_string("delimiter"));
        }
        self.eat_kw("with");
        match self.at(Kind::LParen) {
            true => options.extend(self.command_options(Self::label)),
            false => self.copy_words(&mut options),
        }
        let where_ = (from && self.eat_kw("where")).then(|| self.expr());
        CopyClauses { table, columns, from, options, where_ }
    }

    /// A word, AS, a string.
    fn copy_string(&mut self, name: &str) -> Option<CommandOption> {
        let word = self.take_name();
        self.eat_kw("as");
        let value = self.option_word();
        Some(CommandOption { name: Name { ident: Ident::new(name), range: word.range }, value })
    }

    /// The options as they were written before PostgreSQL 9.0 (`copy_opt_list`).
    fn copy_words(&mut self, options: &mut Vec<CommandOption>) {
        loop {
            if self.at_any_kw(&["binary", "csv"]) {
                let word = self.take_name();
                let value = word.ident.as_str().to_owned();
                options.push(word_option(word, "format", Some(&value)));
            } else if self.at_any_kw(&["freeze", "header"]) {
                let word = self.take_name();
                let name = word.ident.as_str().to_owned();
                options.push(word_option(word, &name, None));
            } else if self.at_any_kw(&["delimiter", "null", "quote", "escape", "encoding"]) {
                let token = self.peek();
                let name = self.str(token).to_ascii_lowercase();
                options.extend(self.copy_string(&name));
            } else if self.at_kw("force") {
                let word = self.take_name();
                let name = if self.eat_kw("quote") {
                    "force_quote"
                } else if self.eat_kws(&["not", "null"]) {
                    "force_not_null"
                } else if self.eat_kw("null") {
                    "force_null"
                } else {
                    return;
                };
                let value = if self.at_op("*") {
                    self.bump();
                    OptionValue::Star
                } else {
                    OptionValue::Names(self.list(|it| it.name_or_missing()))
                };
                let name = Name { ident: Ident::new(name), range: word.range };
                options.push(CommandOption { name, value: Some(value) });
            } else {
                return;
            }
        }
    }

    /// Behind CREATE CONVERSION.
    fn conversion(&mut self, default: bool) -> Option<Utility> {
        let name = self.qname();
        let string = |it: &mut Self| {
            let token = it.at(Kind::Str).then(|| it.bump())?;
            Some((string::value(it.str(token), '\\'), it.token_range(token)))
        };
        let from = self.eat_kw("for").then(|| string(self)).flatten()?;
        let to = self.eat_kw("to").then(|| string(self)).flatten()?;
        let function = self.eat_kw("from").then(|| self.qname());
        Some(Utility::Conversion(Conversion { name, default, from, to, function }))
    }

    /// Behind CREATE or ALTER SUBSCRIPTION.
    fn subscription(&mut self, creates: bool) -> Option<Utility> {
        use SubscriptionChange::{
            AddPublication, Connection, Create, DropPublication, Options, Refresh, SetPublication, Skip,
        };
        self.col_id()?;
        let what = if creates {
            Create
        } else if self.at_kw("connection") {
            Connection
        } else if self.eat_kws(&["set", "publication"]) {
            SetPublication
        } else if self.eat_kws(&["add", "publication"]) {
            AddPublication
        } else if self.eat_kws(&["drop", "publication"]) {
            DropPublication
        } else if self.eat_kws(&["refresh", "publication"]) {
            Refresh
        } else if self.eat_kw("skip") {
            Skip
        } else if self.eat_kw("set") {
            Options
        } else {
            return None;
        };
        let mut res =
            SubscriptionClauses { what, connection: None, publications: Vec::new(), options: Vec::new() };
        if self.eat_kw("connection") && self.at(Kind::Str) {
            let token = self.bump();
            res.connection = Some((string::value(self.str(token), '\\'), self.token_range(token)));
        }
        let named =
            self.eat_kw("publication") || matches!(what, SetPublication | AddPublication | DropPublication);
        if named {
            res.publications = self.list(|it| it.label_or_missing());
        }
        if self.eat_kw("with") || matches!(what, Options | Skip) {
            res.options = self.command_options(Self::label);
        }
        Some(Utility::Subscription(res))
    }
}

fn word_option(word: Name, name: &str, value: Option<&str>) -> CommandOption {
    let value = value.map(|it| OptionValue::Text(it.into()));
    CommandOption { name: Name { ident: Ident::new(name), range: word.range }, value }
}
