//! One project's databases, templates and units as JSON, for `tests/oracle/truth.mjs`.

use columnist::base::file::FileId;
use columnist::base::line_index::LineIndex;
use columnist::base::text::{TextRange, slice};
use columnist::catalog::{Catalog, print};
use columnist::db::{Model, Snapshot, SqlUnit, UnitKind};
use columnist::embed::Fragment;
use columnist::load;
use columnist::project::Workspace;
use columnist::project::config::KitCasing;
use columnist::project::database::Membership;
use columnist::project::eval::ValueKind;
use columnist::project::package::DrizzleLine;
use columnist::sema::fragment::{Env, Role, role};
use columnist::sema::render::values::Values;
use columnist::sema::render::{Columns, Library, library_of, render};
use columnist::sema::{code::Severity, fragment::Placement};
use columnist::sql::ident::DYNAMIC_MARK;
use columnist::sql::{Dialect, split};
use columnist::ts::hir::{BindingKind, ExprId, ExprKind, Module, ScopeId};
use serde_json::{Value, json};

pub fn project(home: &str) -> Value {
    let snap = load::world(vec![home.to_owned()]).snapshot();
    snap.prepare();
    let model = snap.model();
    let files: Vec<Value> = snap.all_files().iter().filter_map(|&it| file(&snap, &model, it)).collect();
    json!({ "root": home, "databases": databases(&snap, &model), "files": files })
}

fn databases(snap: &Snapshot, model: &Model) -> Vec<Value> {
    let paths = |files: &[FileId]| files.iter().map(|it| snap.path(*it).to_string()).collect::<Vec<_>>();
    let all = model.databases.list.iter().enumerate();
    all.map(|(idx, it)| {
        let built = model.built(snap, idx).expect("built");
        let steps = it.migrations.iter().flat_map(|it| &it.steps);
        let casing = match it.config.as_ref().and_then(|it| it.casing) {
            Some(KitCasing::Snake) => Some("snake_case"),
            Some(KitCasing::Camel) => Some("camelCase"),
            None => None,
        };
        json!({
            "name": it.name.as_str(),
            "dialect": match it.dialect {
                Dialect::Postgres => "postgresql",
                Dialect::Mysql => "mysql",
                Dialect::Sqlite => "sqlite",
            },
            "casing": casing,
            "one": it.drizzle_line == DrizzleLine::One,
            "schema_files": paths(&it.schema_files),
            "migrations": steps.map(|it| snap.path(it.file).to_string()).collect::<Vec<_>>(),
            "sql": statements(&print::schema_sql(&built.catalog)),
        })
    })
    .collect()
}

fn statements(text: &str) -> Vec<&str> {
    let pieces = split::split(text, Dialect::Postgres).into_iter();
    pieces.filter(|it| it.kind == split::PieceKind::Sql).map(|it| slice(text, it.range)).collect()
}

fn file(snap: &Snapshot, model: &Model, file: FileId) -> Option<Value> {
    let analysis = snap.analysis(file).expect("nobody cancels");
    if analysis.units.is_empty() && analysis.skipped.is_empty() {
        return None;
    }
    let state = snap.state(file)?;
    let lines = LineIndex::new(&state.text);
    let line = |range: TextRange| lines.line_of(range.start()) + 1;
    let database = analysis.units.first().map(|it| it.database);
    let history = matches!(model.membership(snap, file), Membership::History { .. });
    let templates = match database {
        Some(database) if analysis.units.iter().any(|it| matches!(it.kind, UnitKind::Fragment(_))) => {
            templates(snap, model, file, database, &|range| line(range))
        }
        _ => Vec::new(),
    };
    let units = analysis.units.iter().filter(|it| !matches!(it.kind, UnitKind::Body(_)));
    let units: Vec<Value> = units.map(|it| unit(it, line(it.host))).collect();
    let path = snap.path(file).to_string();
    Some(json!({
        "path": path,
        "history": history,
        "database": database,
        "templates": templates,
        "units": units,
        "skipped": analysis.skipped.iter().map(|it| json!([line(it.host), it.reason.label()])).collect::<Vec<_>>(),
    }))
}

/// Characters before a byte of the text, from 1, as PostgreSQL counts.
fn position(text: &str, range: TextRange) -> usize {
    text.char_indices().take_while(|it| it.0 < usize::from(range.start())).count() + 1
}

fn unit(it: &SqlUnit, line: u32) -> Value {
    let certain = it.parsed.error.as_ref().filter(|it| it.certain);
    let mut problems: Vec<Value> = certain
        .map(|error| json!([error.sqlstate, error.message, position(&it.text, error.range)]))
        .into_iter()
        .collect();
    for problem in &it.analysis.problems {
        if problem.code.severity == Severity::Error
            && let Some(state) = problem.code.sqlstate
        {
            problems.push(json!([state, problem.message, position(&it.text, problem.range)]));
        }
    }
    let wrapper = match &it.placement {
        Placement::Fragment { wrapper, .. } => usize::from(*wrapper),
        Placement::Plain(_) => 0,
    };
    let fragment = match it.kind {
        UnitKind::Fragment(id) => Some(id.0),
        UnitKind::Statement(_) | UnitKind::Body(_) => None,
    };
    json!({
        "line": line,
        "fragment": fragment,
        "database": it.database,
        "text": &*it.text,
        "wrapper": wrapper,
        "whole": it.is_whole(),
        "problems": problems,
    })
}

/// Every template of drizzle-orm in the file, with our renderings and what its free names are.
fn templates(
    snap: &Snapshot,
    model: &Model,
    file: FileId,
    database: usize,
    line: &dyn Fn(TextRange) -> u32,
) -> Vec<Value> {
    let Some(state) = snap.state(file) else { return Vec::new() };
    let built = model.built(snap, database).expect("built");
    let catalog: &Catalog = &built.catalog;
    let module = state.module();
    let eval = model.evaluator(snap);
    let values = Values::new(&eval, catalog, &module, file);
    let value = |id| values.value(id);
    let package = |file: FileId, ty: &str, path: &[smol_str::SmolStr]| values.package(file, ty, path);
    let env = Env { module: &module, file, catalog, value: &value, package: &package };
    let mut res = Vec::new();
    for fragment in state.fragments().iter() {
        if library_of(&env, fragment) != Library::Drizzle || fragment.unclosed {
            continue;
        }
        let place = role::place(&env, fragment);
        let bare = place.role == Role::IndexItem;
        let rendering = render(&env, fragment, if bare { Columns::Bare } else { Columns::Qualified });
        let mut locals =
            Locals { snap, env: &env, text: &state.text, within: fragment.host, found: Vec::new() };
        locals.visit(fragment.expr, 0);
        res.push(json!({
            "id": fragment.id.0,
            "line": line(fragment.host),
            "source": slice(&state.text, module.expr(fragment.expr).range),
            "nested": place.role == Role::Nested,
            "bare": bare,
            "holes": n_holes(fragment),
            "complete": rendering.complete,
            "ours": rendering.alternatives.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
            "dynamic": rendering.alternatives.iter().all(|it| it.text.contains(DYNAMIC_MARK)),
            "locals": locals.found.into_iter().map(|it| it.1).collect::<Vec<_>>(),
        }));
    }
    res
}

fn n_holes(fragment: &Fragment) -> usize {
    fragment.pieces.iter().filter(|it| matches!(it, columnist::embed::Piece::Hole { .. })).count()
}

/// The names of functions around a template that it uses, in the order in which they must be defined.
struct Locals<'a, 'e> {
    snap: &'a Snapshot,
    env: &'a Env<'e>,
    text: &'a str,
    within: TextRange,
    found: Vec<(String, Value)>,
}

impl Locals<'_, '_> {
    fn visit(&mut self, id: ExprId, depth: u32) {
        let module: &Module = self.env.module;
        if let ExprKind::Ident(name) = &module.expr(id).kind {
            self.name(id, name, depth);
        }
        let mut children = Vec::new();
        module.expr(id).kind.for_each_child(|it| children.push(it));
        for it in children {
            self.visit(it, depth);
        }
    }

    fn name(&mut self, id: ExprId, name: &str, depth: u32) {
        let module: &Module = self.env.module;
        let Some((scope, binding)) = module.lookup(module.expr(id).scope, name) else { return };
        let inside = self.within.contains_range(binding.name_range);
        if scope == ScopeId::MODULE || inside || self.found.iter().any(|it| it.0 == name) || depth > 8 {
            return;
        }
        let init = match &binding.kind {
            BindingKind::Const { init: Some(init), path }
            | BindingKind::Let { init: Some(init), path, assigned: false } => Some((*init, path.clone())),
            BindingKind::Function(function) => Some((*function, Vec::new())),
            _ => None,
        };
        // What a callback of Drizzle's is handed.
        let value = (self.env.value)(id);
        let known = self.known(&value);
        let description = match (known, init) {
            (Some(known), _) => known,
            (None, Some((init, path))) => {
                // Its own name may occur in it: a recursive function.
                self.found.push((name.to_owned(), Value::Null));
                self.visit(init, depth + 1);
                self.found.retain(|it| it.0 != name || !it.1.is_null());
                json!({ "init": slice(self.text, module.expr(init).range), "path": path })
            }
            (None, None) => json!({}),
        };
        let mut description = description;
        description["name"] = json!(name);
        description["type"] = json!(binding.ty.as_deref());
        self.found.push((name.to_owned(), description));
    }

    fn known(&self, value: &columnist::project::eval::Value) -> Option<Value> {
        if let Some(decl) = value.decl.as_ref().filter(|it| self.env.relation_of(it).is_some()) {
            return Some(json!({ "file": &*self.snap.path(decl.file), "export": decl.name.as_str() }));
        }
        match &*value.kind {
            ValueKind::External { package, path } if package == "drizzle-orm" => {
                Some(json!({ "drizzle": path }))
            }
            ValueKind::Call { callee, args, .. } => {
                let (package, path) = callee.as_external()?;
                let alias = package.starts_with("drizzle-orm") && path.last().is_some_and(|it| it == "alias");
                let decl = args.first().filter(|_| alias)?.decl.as_ref()?;
                self.env.relation_of(decl)?;
                let (file, name) = (self.snap.path(decl.file), decl.name.as_str());
                Some(json!({ "file": &*file, "export": name, "alias": args.get(1)?.as_str()?.as_str() }))
            }
            _ => None,
        }
    }
}
