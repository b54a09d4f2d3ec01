//! Requests for tests; debug builds only.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::server::job::Answer;
use crate::server::params::UriParams;
use crate::server::snapshot::ServerSnapshot;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Text {
    pub text: String,
    pub version: Option<i32>,
}

/// The document as the server has it.
pub fn text(snap: &ServerSnapshot, params: &UriParams) -> Answer<Option<Text>> {
    let Some(file) = snap.file(&params.uri) else { return Ok(None) };
    let Some(lines) = snap.lines(file) else { return Ok(None) };
    snap.still_wanted()?;
    Ok(Some(Text { text: lines.text.to_string(), version: snap.version(file) }))
}

/// What happens when a feature panics.
pub fn panic(_: &ServerSnapshot, params: &UriParams) -> Answer<Option<Value>> {
    panic!("asked to, for {}", params.uri.as_str())
}

/// A feature that takes a second, and looks every millisecond whether it is still wanted.
pub fn stall(snap: &ServerSnapshot, _: &UriParams) -> Answer<Option<Value>> {
    for _ in 0..1000 {
        snap.still_wanted()?;
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    Ok(Some(Value::Bool(true)))
}
