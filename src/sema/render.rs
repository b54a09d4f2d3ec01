//! A fragment and what its holes resolve to → SQL text with a two-way offset map.

pub mod map;

pub use map::OffsetMap;
