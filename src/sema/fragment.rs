//! What a fragment is, and the statement that wraps it.
