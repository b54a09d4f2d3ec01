//! Fixtures with cursor markers; test builds only.
