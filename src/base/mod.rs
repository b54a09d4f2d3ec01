//! Room 0: what everything else stands on. Knows neither SQL nor files on disk.

pub mod assert;
pub mod cancel;
pub mod document;
pub mod fingerprint;
pub mod file;
pub mod line_index;
pub mod memo;
pub mod path;
pub mod text;
