//! The signatures of the call, or the columns of the INSERT, around the cursor.

use super::{FilePosition, Markup};
use crate::base::cancel::Cancellable;
use crate::base::text::TextRange;
use crate::db::Snapshot;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHelp {
    pub signatures: Vec<Signature>,
    /// Index of the signature that fits what is written so far best.
    pub active: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `substr(string text, start integer, count integer) → text`.
    pub label: String,
    /// Bytes of `label`, one range a parameter.
    pub params: Vec<TextRange>,
    /// The parameter that the cursor is in.
    pub active_param: Option<usize>,
    pub documentation: Option<Markup>,
}

pub fn signature_help(_snap: &Snapshot, _pos: FilePosition) -> Cancellable<Option<SignatureHelp>> {
    Ok(None)
}
