//! One file a request: convert, call the feature, convert.

pub mod actions;
pub mod completion;
pub mod content;
pub mod coverage;
#[cfg(debug_assertions)]
pub mod debug;
pub mod diagnostic;
pub mod folding;
pub mod goto;
pub mod highlight;
pub mod hover;
pub mod lens;
pub mod references;
pub mod rename;
pub mod signature;
pub mod symbols;
pub mod tokens;
