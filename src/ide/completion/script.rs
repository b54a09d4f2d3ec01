//! The cursor in a script: the fragment around it, rendered with the cursor in its text, and what may be a hole.

use std::cell::OnceCell;
use std::sync::Arc;

use smol_str::SmolStr;

use super::context::{HoleTable, Holes};
use super::site::{Host, Reading, from_host, statement_at};
use super::{Completions, Config, Place};
use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, InFile};
use crate::base::path;
use crate::base::text::{TextRange, TextSize, range, slice};
use crate::catalog::{Catalog, Entity, QualifiedName, fold};
use crate::db::{FileKind, Snapshot};
use crate::embed::{Fragment, Frame, Piece};
use crate::facts::Loc;
use crate::ide::FilePosition;
use crate::lint::TextEdit;
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::project::eval::{DeclRef, Evaluator, ValueKind};
use crate::project::resolve::Resolved;
use crate::sema::fragment::{Env, Role, role, wrap};
use crate::sema::render::values::Values;
use crate::sema::render::{self, Columns, Library, Rendered};
use crate::sql::hir::StatementKind;
use crate::sql::{self, ParsedStatement};
use crate::ts::hir::{BindingKind, ImportName, LiteralMap, Module, ScopeId};

/// Stands for the cursor while the fragment is rendered; of the private use area, so that no text has it.
const CURSOR: char = '\u{E0FF}';

pub fn completion(snap: &Snapshot, pos: FilePosition, config: Config) -> Cancellable<Option<Completions>> {
    let Some(state) = snap.state(pos.file) else { return Ok(None) };
    if !state.may_hold_fragments() || !state.text.is_char_boundary(pos.value.into()) {
        return Ok(None);
    }
    let (mut fragments, mut text) = (state.fragments(), Arc::clone(&state.text));
    let mut module = None;
    if innermost(&fragments, pos.value).is_none()
        && let Some(closed) = closed(&text, pos.value)
        && let FileKind::Script(flavor) = state.kind
    {
        let repaired = Arc::new(crate::ts::parse(&closed, flavor));
        fragments = Arc::new(crate::embed::fragments(&repaired, &closed));
        module = Some(repaired);
        text = closed.into();
    }
    let Some(fragment) = innermost(&fragments, pos.value) else { return Ok(None) };
    let Some((pieces, host)) = with_cursor(fragment, &text, pos.value) else { return Ok(None) };
    snap.check()?;
    let module = module.unwrap_or_else(|| state.module());
    let model = snap.model();
    let eval = model.evaluator(snap);
    let database = match model.membership(snap, pos.file) {
        Membership::Database(database) | Membership::History { database, .. } => database,
        Membership::None(_) => match model.databases.candidates(&eval, pos.file).first() {
            Some(database) => *database,
            None => return Ok(None),
        },
    };
    let Some(built) = model.built(snap, database) else { return Ok(None) };
    let catalog = Arc::clone(&built.catalog);
    let values = Values::new(&eval, &catalog, &module, pos.file);
    let value = |id| values.value(id);
    let package = |file: FileId, ty: &str, path: &[SmolStr]| values.package(file, ty, path);
    let env = Env { module: &module, file: pos.file, catalog: &catalog, value: &value, package: &package };
    let library = render::library_of(&env, fragment);
    if library == Library::Foreign {
        return Ok(None);
    }
    let whole = outermost(&fragments, fragment, pieces);
    let (readings, uses_tables) = readings(&env, &whole, &catalog);
    snap.check()?;
    let inside = matches!(host, Host::Hole { .. });
    let holes = ScriptHoles {
        snap,
        eval: &eval,
        module: &module,
        file: pos.file,
        text: &text,
        catalog: &catalog,
        uses_tables,
        inside,
        imported: OnceCell::new(),
    };
    let drizzle = library == Library::Drizzle;
    let holes: Option<&dyn Holes> = if drizzle || inside { Some(&holes) } else { None };
    if inside && !drizzle {
        return Ok(None);
    }
    let place = Place { snap, config, database, host: &host, holes };
    Ok(super::complete(&place, &readings))
}

/// The text with the delimiter that a template before the cursor lacks; `None` where none does.
fn closed(text: &str, cursor: TextSize) -> Option<String> {
    let at = usize::from(cursor);
    let before = text.get(..at)?;
    let open = before.rfind('`')?;
    let tag = before.get(..open)?.trim_end();
    let name = match tag.rfind("sql<").filter(|_| tag.ends_with('>')) {
        Some(start) => tag.get(..start)?,
        None => tag.strip_suffix("sql")?,
    };
    // It is taken to end with the paragraph.
    let rest = text.get(at..)?;
    let end = rest.find("\n\n").or_else(|| rest.find("\r\n\r\n")).unwrap_or(rest.len());
    let close = if name.ends_with('(') { "`)" } else { "`" };
    Some(format!("{}{close}{}", text.get(..at + end)?, text.get(at + end..)?))
}

/// The smallest fragment whose delimiters the cursor is between.
fn innermost(fragments: &[Fragment], at: TextSize) -> Option<&Fragment> {
    let holds =
        |it: &&Fragment| it.host.start() < at && (at < it.host.end() || (it.unclosed && at == it.host.end()));
    fragments.iter().filter(holds).min_by_key(|it| it.host.len())
}

/// The fragment's pieces with the cursor in them.
fn with_cursor(fragment: &Fragment, text: &str, cursor: TextSize) -> Option<(Vec<Piece>, Host)> {
    let mut pieces = fragment.pieces.clone();
    for piece in &mut pieces {
        match piece {
            Piece::Text { text: literal, map } => {
                if !map.host.contains_inclusive(cursor) {
                    continue;
                }
                let at = from_host(map, cursor)?;
                let (before, after) = (literal.get(..at)?, literal.get(at..)?);
                let quote = slice(text, fragment.host).chars().next()?;
                let host = Host::Literal { text: literal.to_string(), map: map.clone(), at, quote };
                *literal = format!("{before}{CURSOR}{after}").into();
                return Some((pieces, host));
            }
            Piece::Hole { host, .. } => {
                let inner =
                    slice(text, *host).strip_prefix("${").map(|_| host.start() + TextSize::from(2))?;
                if cursor < inner || cursor >= host.end() {
                    continue;
                }
                let replace = member_chain(text, inner, cursor)?;
                let map = LiteralMap { host: *host, escapes: Vec::new() };
                *piece = Piece::Text { text: CURSOR.to_string().into(), map };
                return Some((pieces, Host::Hole { replace }));
            }
        }
    }
    None
}

/// `users.em|ail` around the cursor; `None` where something else stands: a string, a call.
fn member_chain(text: &str, start: TextSize, cursor: TextSize) -> Option<TextRange> {
    let before = slice(text, TextRange::new(start, cursor));
    if before.contains(['\'', '"', '`', '/']) {
        return None;
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let typed: usize =
        before.chars().rev().take_while(|c| is_name(*c) || *c == '.').map(char::len_utf8).sum();
    let after = text.get(usize::from(cursor)..)?;
    let rest: usize = after.chars().take_while(|c| is_name(*c)).map(char::len_utf8).sum();
    let at = usize::from(cursor);
    Some(range(at - typed, at + rest))
}

/// A fragment in a hole of another is part of that one's text.
fn outermost(fragments: &[Fragment], inner: &Fragment, pieces: Vec<Piece>) -> Fragment {
    let mut res = Fragment { pieces, ..inner.clone() };
    for _ in 0..8 {
        let hole = res.context.iter().find_map(|it| match it {
            Frame::Hole { template, index } => Some((*template, *index)),
            _ => None,
        });
        let Some((template, index)) = hole else { break };
        let Some(outer) = fragments.iter().find(|it| it.expr == template) else { break };
        let mut n_holes = 0;
        let mut all: Vec<Piece> = Vec::new();
        for piece in &outer.pieces {
            if let Piece::Hole { .. } = piece {
                n_holes += 1;
                if n_holes == index + 1 {
                    all.append(&mut res.pieces);
                    continue;
                }
            }
            all.push(piece.clone());
        }
        res = Fragment { pieces: all, ..outer.clone() };
    }
    res
}

/// The texts that the fragment may be, with the cursor; whether holes of it are tables or columns.
fn readings(env: &Env<'_>, fragment: &Fragment, catalog: &Arc<Catalog>) -> (Vec<Reading>, bool) {
    let mut place = role::place(env, fragment);
    if place.role == Role::Nested {
        place.role = Role::Unknown;
    }
    let columns = if place.role == Role::IndexItem { Columns::Bare } else { Columns::Qualified };
    let rendering = render::render(env, fragment, columns);
    let found: Option<&Rendered> = rendering.alternatives.iter().find(|it| it.text.contains(CURSOR));
    let Some(rendered) = found else { return (Vec::new(), false) };
    let uses_tables = !rendered.mentioned.is_empty() || has_table_hole(env, fragment);
    let column = assigned_column(env, &place.role);
    let mut res = Vec::new();
    for wrapped in wrap::wrap(&place, &rendered.text, &rendered.mentioned, column.as_deref()) {
        let Some(offset) = wrapped.text.find(CURSOR) else { continue };
        let text = wrapped.text.replace(CURSOR, "");
        if wrapped.role == Role::Statement {
            res.extend(statement(&text, offset, catalog));
            continue;
        }
        let own = text.get(wrapped.prefix as usize..offset).unwrap_or("").trim_start();
        let begins = place.role == Role::Unknown && own.chars().all(|c| c.is_alphanumeric() || c == '_');
        res.push(Reading { text, offset, catalog: Arc::clone(catalog), env: None, begins });
    }
    (res, uses_tables)
}

fn has_table_hole(env: &Env<'_>, fragment: &Fragment) -> bool {
    fragment.pieces.iter().any(|it| match it {
        Piece::Hole { expr, .. } => {
            (env.value)(*expr).decl.as_ref().is_some_and(|it| env.relation_of(it).is_some())
        }
        Piece::Text { .. } => false,
    })
}

/// The statement of a text that the cursor is in, on the schema that those before it leave.
fn statement(text: &str, offset: usize, catalog: &Arc<Catalog>) -> Option<Reading> {
    let dialect = catalog.dialect;
    let (at, n_before) = statement_at(text, offset, dialect)?;
    let mut catalog = Arc::clone(catalog);
    for piece in sql::split::split(text, dialect).into_iter().take(n_before) {
        let before = slice(text, piece.range);
        let hir = sql::read_statement(before, dialect);
        if matches!(hir.kind, StatementKind::Ddl(_)) {
            let parsed = ParsedStatement { hir, error: None };
            fold::apply(Arc::make_mut(&mut catalog), FileId(u32::MAX), Loc(u32::MAX), &parsed, before);
        }
    }
    let offset = offset.saturating_sub(at.start().into());
    Some(Reading { text: slice(text, at).to_owned(), offset, catalog, env: None, begins: false })
}

fn assigned_column(env: &Env<'_>, role: &Role) -> Option<String> {
    let Role::Assigned { table, key, .. } = role else { return None };
    let relation = env.catalog.relations.get(table)?;
    let column = relation.columns.iter().find(|it| it.key.as_ref() == Some(key))?;
    Some(column.name.to_string())
}

struct ScriptHoles<'a> {
    snap: &'a Snapshot,
    eval: &'a Evaluator<'a>,
    module: &'a Module,
    file: FileId,
    text: &'a str,
    catalog: &'a Catalog,
    uses_tables: bool,
    inside: bool,
    /// Relations with the expression that names each.
    imported: OnceCell<Vec<(QualifiedName, String)>>,
}

impl Holes for ScriptHoles<'_> {
    fn table(&self, relation: &QualifiedName) -> Option<HoleTable> {
        if let Some((_, expr)) = self.known().iter().find(|it| it.0 == *relation) {
            return Some(HoleTable { expr: expr.clone(), import: None });
        }
        let decl = self.declaration(relation)?;
        if self.module.lookup(ScopeId::MODULE, &decl.name).is_some() {
            // The name means something else here.
            return None;
        }
        Some(HoleTable { expr: decl.name.to_string(), import: Some(self.import(decl)?) })
    }

    fn imported(&self) -> Vec<QualifiedName> {
        self.known().iter().map(|it| it.0.clone()).collect()
    }

    fn is_usual(&self) -> bool {
        self.uses_tables
    }

    fn inside(&self) -> bool {
        self.inside
    }
}

impl ScriptHoles<'_> {
    fn known(&self) -> &[(QualifiedName, String)] {
        self.imported.get_or_init(|| {
            let mut res: Vec<(QualifiedName, String)> = Vec::new();
            let mut add = |decl: &DeclRef, expr: String| {
                if let Some(Entity::Relation(name)) = self.catalog.decls.get(decl)
                    && !res.iter().any(|it| it.0 == *name)
                {
                    res.push((name.clone(), expr));
                }
            };
            for import in self.module.imports.iter().filter(|it| !it.type_only) {
                let found = self.eval.resolver().resolve(self.snap, self.file, &import.specifier);
                if !matches!(found, Resolved::File(_)) {
                    continue;
                }
                let value = self.eval.name(self.file, &import.local);
                match (&value.decl, &*value.kind) {
                    (_, ValueKind::Namespace(file)) => {
                        for decl in self.eval.export_decls(*file) {
                            add(&decl, format!("{}.{}", import.local, decl.name));
                        }
                    }
                    (Some(decl), _) => add(decl, import.local.to_string()),
                    _ => {}
                }
            }
            for binding in &self.module.scope(ScopeId::MODULE).bindings {
                if let BindingKind::Const { .. } = binding.kind {
                    let decl = DeclRef { file: self.file, name: binding.name.clone() };
                    add(&decl, binding.name.to_string());
                }
            }
            res
        })
    }

    fn declaration(&self, relation: &QualifiedName) -> Option<&DeclRef> {
        let declares = |it: &(&DeclRef, &Entity)| matches!(it.1, Entity::Relation(name) if name == relation);
        self.catalog.decls.iter().filter(declares).map(|it| it.0).min()
    }

    /// The edit that imports a declaration: into an import of its module where there is one, else a line of its own.
    fn import(&self, decl: &DeclRef) -> Option<TextEdit> {
        let edit = |at: usize, text: String| {
            let at = TextRange::empty(TextSize::from(u32::try_from(at).ok()?));
            Some(TextEdit { at: InFile::new(self.file, at), text })
        };
        let mut beside: Option<SmolStr> = None;
        let decl_path = self.snap.path(decl.file);
        for import in &self.module.imports {
            let found = self.eval.resolver().resolve(self.snap, self.file, &import.specifier);
            let Resolved::File(file) = found else { continue };
            let brings = file == decl.file || self.eval.export_decl(file, &decl.name).as_ref() == Some(decl);
            if brings
                && !import.type_only
                && matches!(import.name, ImportName::Named(_))
                && let Some(at) = self.end_of_names(import.specifier_range)
            {
                return edit(at, format!(", {}", decl.name));
            }
            let same_dir = path::parent(&self.snap.path(file)) == path::parent(&decl_path);
            if same_dir && let Some((dir, _)) = import.specifier.rsplit_once('/') {
                beside = Some(format!("{dir}/{}", stem(&decl_path)).into());
            }
        }
        let specifier = match beside {
            Some(it) => it.to_string(),
            None => relative(&self.snap.path(self.file), &decl_path)?,
        };
        let last = self.module.imports.iter().map(|it| usize::from(it.specifier_range.end())).max();
        let rest = last.and_then(|at| self.text.get(at..)).unwrap_or("");
        let quote = match last.and_then(|at| self.text.get(..at)).and_then(|it| it.chars().next_back()) {
            Some('"') => '"',
            _ => '\'',
        };
        let ends = if rest.starts_with(';') { ";" } else { "" };
        let statement = format!("import {{ {} }} from {quote}{specifier}{quote}{ends}", decl.name);
        match last {
            Some(at) => edit(at + ends.len(), format!("\n{statement}")),
            None => edit(0, format!("{statement}\n")),
        }
    }

    /// Behind the last name in the braces before `from '…'`.
    fn end_of_names(&self, specifier: TextRange) -> Option<usize> {
        let before = self.text.get(..usize::from(specifier.start()))?;
        let close = before.rfind('}')?;
        let between = before.get(close + 1..)?.trim().trim_end_matches(['\'', '"']).trim();
        let names = before.get(..close)?.trim_end();
        (between == "from").then(|| names.trim_end_matches(',').len())
    }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |it| it.0)
}

/// The specifier that leads from one file to another.
fn relative(from: &str, to: &str) -> Option<String> {
    let from: Vec<&str> = path::parent(from)?.split('/').collect();
    let dir: Vec<&str> = path::parent(to)?.split('/').collect();
    let common = from.iter().zip(&dir).take_while(|it| it.0 == it.1).count();
    let up = from.len() - common;
    let mut res = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    for part in dir.iter().skip(common) {
        res.push_str(part);
        res.push('/');
    }
    let stem = stem(to);
    match stem {
        "index" if res.len() > 2 => res.truncate(res.len() - 1),
        _ => res.push_str(stem),
    }
    Some(res)
}
