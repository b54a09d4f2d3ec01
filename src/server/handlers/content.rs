//! Read-only documents: `workspace/textDocumentContent` for URIs of the scheme `columnist`, and `columnist/schema`.

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::Uri;

use crate::catalog::{Catalog, print};
use crate::ide::builtin;
use crate::lint::registry;
use crate::project::database::Membership;
use crate::server::job::Answer;
use crate::server::params::UriParams;
use crate::server::snapshot::ServerSnapshot;
use crate::server::uri;
use crate::sql::Ident;

/// LSP 3.18 `TextDocumentContentResult`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Content {
    pub text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SchemaDocument {
    pub uri: Uri,
    pub text: String,
}

/// The text behind a `columnist:` URI; `null` where there is none.
pub fn content(snap: &ServerSnapshot, params: &UriParams) -> Answer<Option<Content>> {
    let Some((kind, name)) = uri::to_page(&params.uri) else { return Ok(None) };
    let stem = name.rsplit_once('.').map_or(name.as_str(), |it| it.0);
    let text = match kind.as_str() {
        "rules" => registry::rule(stem).map(|it| it.document.to_owned()),
        "builtin" => {
            Some(builtin::text(&builtin::Page { name: Ident::new(stem) })).filter(|it| !it.is_empty())
        }
        "schema" => schema_of(snap, stem),
        _ => None,
    };
    Ok(text.map(|text| Content { text }))
}

/// The schema of the database that a file belongs to, as SQL; of the only database for a file that belongs to
/// none.
pub fn schema(snap: &ServerSnapshot, params: &UriParams) -> Answer<Option<SchemaDocument>> {
    let model = snap.db.model();
    let own = snap.file(&params.uri).map(|file| model.membership(&snap.db, file));
    let idx = match own {
        Some(Membership::Database(idx) | Membership::History { database: idx, .. }) => idx,
        _ if model.databases.list.len() == 1 => 0,
        _ => return Ok(None),
    };
    snap.still_wanted()?;
    let Some(name) = model.databases.list.get(idx).map(|it| it.name.clone()) else { return Ok(None) };
    let Some(text) = schema_of(snap, &name) else { return Ok(None) };
    Ok(uri::page("schema", &format!("{name}.sql")).map(|uri| SchemaDocument { uri, text }))
}

fn schema_of(snap: &ServerSnapshot, database: &str) -> Option<String> {
    let model = snap.db.model();
    let idx = model.databases.list.iter().position(|it| it.name == database)?;
    let built = model.built(&snap.db, idx)?;
    let catalog: &Catalog = &built.catalog;
    Some(print::schema_sql(catalog))
}
