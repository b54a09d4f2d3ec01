//! One statement's analysis beside PostgreSQL's answer, and the measures over many.

use columnist::catalog::types::format_type;
use columnist::catalog::{Catalog, TypeId};
use columnist::sema::code::Severity;
use columnist::sema::{Analysis, Context, Ty, analyze};
use columnist::sql::{Dialect, older, parse_statement};
use serde_json::Value;

/// How many of how many.
#[derive(Default, Clone, Copy)]
struct Share {
    good: u64,
    all: u64,
}

impl Share {
    fn count(&mut self, good: bool) {
        self.good += u64::from(good);
        self.all += 1;
    }

    fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { 100.0 * self.good as f64 / self.all as f64 }
    }
}

#[derive(Default)]
pub struct Tally {
    statements: u64,
    accepted: u64,
    alarms: Vec<String>,
    caught: Share,
    state: Share,
    start: Share,
    params: Share,
    columns: Share,
    lineage: Share,
    differences: Vec<String>,
    schema: String,
}

/// An error of ours: SQLSTATE, byte, message.
type Error = (String, usize, String);

/// Positions are characters from 1 in PostgreSQL, bytes from 0 here.
fn byte_of(sql: &str, position: u64) -> Option<usize> {
    let position = usize::try_from(position).ok()?.checked_sub(1)?;
    sql.char_indices().map(|it| it.0).chain([sql.len()]).nth(position)
}

fn spelled(catalog: &Catalog, ty: Ty, through_domains: bool) -> Option<String> {
    let Ty::Known(ty) = ty else { return None };
    let ty = if through_domains { catalog.base_type(ty) } else { ty };
    // The protocol never leaves a column open.
    Some(if ty.id == TypeId::UNKNOWN { String::from("text") } else { format_type(catalog, ty) })
}

impl Tally {
    pub fn schema(&mut self, schema: &Value) {
        let ddl: Vec<&str> = schema.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        self.schema = ddl.join(";\n");
    }

    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// `kind`, what PostgreSQL and Columnist say, and the statement, with tabs between them.
    pub fn into_differences(self) -> Vec<String> {
        self.differences
    }

    fn differ(&mut self, kind: &str, value: &Value, what: &str) {
        let sql = value["sql"].as_str().unwrap_or("").replace('\n', " ");
        self.differences.push(format!("{kind}\t{what}\t{sql}"));
    }

    pub fn statement(&mut self, catalog: &Catalog, value: &Value) {
        let sql = value["sql"].as_str().unwrap_or("");
        self.statements += 1;
        let parsed = older::read(parse_statement(sql, Dialect::Postgres).into(), sql, catalog.server_version);
        let (analysis, errors) = match &parsed.error {
            Some(it) => {
                let error = (it.sqlstate.to_owned(), usize::from(it.range.start()), it.message.clone());
                (Analysis::default(), vec![error])
            }
            None => {
                let analysis = analyze(Context { catalog, params: &[], variables: &[] }, &parsed.hir, sql);
                // Refused only when it runs, which it does here.
                let runs = value["kind"] == "explain";
                // 23502: what is refused only when it runs.
                let errors = analysis
                    .problems
                    .iter()
                    .filter(|it| runs || it.code.severity == Severity::Error)
                    .filter(|it| it.code.sqlstate != Some("23502"))
                    .map(|it| {
                        let state = it.code.sqlstate.unwrap_or("").to_owned();
                        (state, usize::from(it.range.start()), it.message.clone())
                    })
                    .collect();
                (analysis, errors)
            }
        };
        let answer = &value["answer"];
        if answer["ok"] != true {
            // Statements that only running shows are planned too: values are no matter of analysis.
            let message = answer["message"].as_str().unwrap_or("");
            let state = answer["sqlstate"].as_str().unwrap_or("");
            let planned = answer["position"].is_null()
                && (state.starts_with("22") || state == "23514" || message.starts_with("FULL JOIN"));
            if planned
                && ["explain", "declare", "view", "create as", "call", "copy"]
                    .contains(&value["kind"].as_str().unwrap_or(""))
            {
                return;
            }
            self.refused(value, answer, &errors, sql);
            return;
        }
        let plan = &value["plan"];
        if let Some(state) = plan["sqlstate"].as_str() {
            // What only planning refuses counts where it is a matter of the statement (and not of its values);
            // to report it is no false alarm.
            if ["42P10", "428C9"].contains(&state) {
                self.refused(value, plan, &errors, sql);
                return;
            }
            // A constant that cannot be computed ends planning before the arbiter of ON CONFLICT is looked for.
            // So do the rows that an outer join makes up, where they are locked.
            let planned = |it: &Error| it.0 == "42P10" || it.2.contains("nullable side of an outer join");
            if errors.iter().all(|it| it.0 == state || planned(it)) {
                return;
            }
        }
        self.accepted += 1;
        if let Some((state, at, message)) = errors.first() {
            let what = format!("{state} {message} at {at}");
            self.alarms.push(format!("{what}\n      {sql}"));
            self.differ("false-alarm", value, &what);
            return;
        }
        if answer["columns"].is_array() {
            self.types(catalog, value, &analysis);
        }
    }

    fn refused(&mut self, value: &Value, theirs: &Value, errors: &[Error], sql: &str) {
        let state = theirs["sqlstate"].as_str().unwrap_or("");
        let message = theirs["message"].as_str().unwrap_or("");
        let place = theirs["position"].as_u64().and_then(|it| byte_of(sql, it));
        self.caught.count(!errors.is_empty());
        let same: Vec<&Error> = errors.iter().filter(|it| it.0 == state).collect();
        self.state.count(!same.is_empty());
        let there = place.is_none_or(|place| errors.iter().any(|it| it.1 == place));
        self.start.count(!errors.is_empty() && there);
        let kind = if errors.is_empty() {
            "missed"
        } else if same.is_empty() {
            "state"
        } else if !there {
            "position"
        } else {
            return;
        };
        let first = same.first().copied().or(errors.first());
        let ours = first.map_or(String::new(), |(state, at, message)| format!("{state} {message} at {at}"));
        let place = place.map_or(String::from("-"), |it| it.to_string());
        self.differ(kind, value, &format!("{state} {message} at {place} <> {ours}"));
    }

    fn types(&mut self, catalog: &Catalog, value: &Value, ours: &Analysis) {
        let answer = &value["answer"];
        let columns: Vec<&Value> = answer["columns"].as_array().into_iter().flatten().collect();
        let params: Vec<&Value> = answer["params"].as_array().into_iter().flatten().collect();
        if ours.columns.len() != columns.len() {
            for _ in &columns {
                self.columns.count(false);
            }
            let what = format!("{} <> {} columns", columns.len(), ours.columns.len());
            self.differ("columns", value, &what);
        } else {
            for (theirs, own) in columns.iter().zip(&ours.columns) {
                let name = theirs["name"].as_str().unwrap_or("");
                let ty = theirs["type"].as_str().unwrap_or("");
                let own_type = spelled(catalog, own.ty, true);
                let good = name == own.name.as_str() && own_type.as_deref() == Some(ty);
                self.columns.count(good);
                if !good {
                    let what = format!("{name} {ty} <> {} {own_type:?}", own.name);
                    self.differ("column", value, &what);
                    continue;
                }
                let part = |key: &str| theirs["source"][key].as_str().unwrap_or("").to_owned();
                let traced = format!("{}.{}.{}", part("schema"), part("table"), part("column"));
                let own = own.source.as_ref().map_or(String::from(".."), |(table, column)| {
                    format!("{}.{}.{}", table.schema.as_str(), table.name.as_str(), column.as_str())
                });
                self.lineage.count(traced == own);
                if traced != own {
                    self.differ("source", value, &format!("{name}: {traced} <> {own}"));
                }
            }
        }
        for (idx, theirs) in params.iter().enumerate() {
            let ty = theirs["type"].as_str().unwrap_or("");
            let own = ours.params.get(idx).and_then(|it| spelled(catalog, *it, false));
            self.params.count(own.as_deref() == Some(ty));
            if own.as_deref() != Some(ty) {
                self.differ("param", value, &format!("${} {ty} <> {own:?}", idx + 1));
            }
        }
    }

    pub fn add(&mut self, other: Tally) {
        self.statements += other.statements;
        self.accepted += other.accepted;
        self.alarms.extend(other.alarms);
        self.differences.extend(other.differences);
        let shares = [
            (&mut self.caught, other.caught),
            (&mut self.state, other.state),
            (&mut self.start, other.start),
            (&mut self.params, other.params),
            (&mut self.columns, other.columns),
            (&mut self.lineage, other.lineage),
        ];
        for (own, other) in shares {
            own.good += other.good;
            own.all += other.all;
        }
    }

    pub fn report(&self) {
        println!(
            "{} statements: PostgreSQL accepts {}, refuses {}",
            self.statements, self.accepted, self.caught.all
        );
        println!("false alarms: {}", self.alarms.len());
        for (name, share) in self.measures() {
            println!("{name}: {:.2} % of {}", share.percent(), share.all);
        }
        if let Ok(file) = std::env::var("COLUMNIST_DIFFERENCES") {
            std::fs::write(file, self.differences.join("\n")).expect("the file of COLUMNIST_DIFFERENCES");
        }
    }

    fn measures(&self) -> [(&'static str, Share); 6] {
        [
            ("refused and caught", self.caught),
            ("with the same SQLSTATE", self.state),
            ("at the same start", self.start),
            ("parameter types", self.params),
            ("result names and types", self.columns),
            ("result sources", self.lineage),
        ]
    }

    /// The bars. A sample of a few thousand statements may lie a little below by chance.
    pub fn hold(&self) {
        let margin = if self.statements < 50_000 { 1.0 } else { 0.0 };
        let alarms = self.alarms.iter().take(20).cloned().collect::<Vec<_>>().join("\n  ");
        assert!(self.alarms.is_empty(), "false alarms:\n  {alarms}");
        for ((name, share), bar) in self.measures().iter().zip([99.0, 97.0, 95.0, 99.0, 99.5, 99.5]) {
            let bar = bar - margin;
            assert!(share.percent() >= bar, "{name}: {:.2} % is below {bar} %", share.percent());
        }
    }
}
