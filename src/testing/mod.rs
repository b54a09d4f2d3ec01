//! Fixtures with cursor markers; test builds only.

pub mod workspace;

pub use workspace::TestWorkspace;
