//! `textDocument/definition`, `declaration`, `implementation`, `typeDefinition`.

use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, LocationLink};

use crate::ide::goto::{self, Goal};
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;
use crate::server::to_proto;

type Params = GotoDefinitionParams;
type Response = Answer<Option<GotoDefinitionResponse>>;

pub fn definition(snap: &ServerSnapshot, params: &Params) -> Response {
    answer(snap, params, Goal::Definition, snap.client.definition_links)
}

pub fn declaration(snap: &ServerSnapshot, params: &Params) -> Response {
    answer(snap, params, Goal::Declaration, snap.client.declaration_links)
}

pub fn implementation(snap: &ServerSnapshot, params: &Params) -> Response {
    answer(snap, params, Goal::Implementation, snap.client.implementation_links)
}

pub fn type_definition(snap: &ServerSnapshot, params: &Params) -> Response {
    answer(snap, params, Goal::TypeDefinition, snap.client.type_definition_links)
}

fn answer(snap: &ServerSnapshot, params: &Params, goal: Goal, links: bool) -> Response {
    let at = &params.text_document_position_params;
    let Some((pos, lines)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let Some(found) = goto::goto(&snap.db, pos, goal)? else { return Ok(None) };
    snap.still_wanted()?;
    let targets: Vec<_> = found.info.iter().filter_map(|it| to_proto::target(snap, it)).collect();
    if targets.is_empty() {
        return Ok(None);
    }
    if !links {
        let locations = targets.into_iter().map(|(uri, _, range)| Location { uri, range }).collect();
        return Ok(Some(GotoDefinitionResponse::Array(locations)));
    }
    let origin = lines.range(found.range);
    let links = targets.into_iter().map(|(target_uri, target_range, target_selection_range)| LocationLink {
        origin_selection_range: Some(origin),
        target_uri,
        target_range,
        target_selection_range,
    });
    Ok(Some(GotoDefinitionResponse::Link(links.collect())))
}
