//! What a fragment is, and the statement that wraps it (CONTRACTS, "Fragments").

use std::sync::Arc;

use crate::base::text::TextSize;

/// Leads ranges of an analysed text back to the file it stands in.
#[derive(Debug, Clone)]
pub enum Placement {
    /// The text is the file's bytes from this offset.
    Plain(TextSize),
    /// A wrapped fragment: `prefix` bytes of wrapper before the rendered text.
    Fragment { prefix: TextSize, map: Arc<super::render::OffsetMap> },
}
