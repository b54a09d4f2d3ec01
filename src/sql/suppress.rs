//! `-- columnist-ignore …` comments.
