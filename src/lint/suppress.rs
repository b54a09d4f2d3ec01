//! `columnist-ignore` comments.
