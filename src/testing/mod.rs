//! Fixtures with cursor markers; test builds only.

pub mod cursor;
pub mod sample;
pub mod workspace;

pub use cursor::Fixture;
pub use workspace::TestWorkspace;
