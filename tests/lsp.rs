//! The language server as editors run it: the built binary, over standard input and output.
//!
//! `COLUMNIST_LSP_REQUESTS` says how many random requests are asked (2,000), `COLUMNIST_LSP_TYPING` how many
//! keystrokes are typed before memory is looked at (1,500); `COLUMNIST_LSP_BINARY` tries another binary,
//! `COLUMNIST_LSP_PROJECT` another project; `COLUMNIST_VERBOSE` shows what the server writes to standard error.

#[path = "lsp/configuration.rs"]
mod configuration;
#[path = "lsp/diagnostics.rs"]
mod diagnostics;
#[path = "lsp/editor.rs"]
mod editor;
#[path = "lsp/features.rs"]
mod features;
#[path = "lsp/files.rs"]
mod files;
#[path = "lsp/history.rs"]
mod history;
#[path = "lsp/incremental.rs"]
mod incremental;
#[path = "lsp/life.rs"]
mod life;
#[cfg(target_os = "linux")]
#[path = "lsp/memory.rs"]
mod memory;
#[path = "lsp/order.rs"]
mod order;
#[path = "lsp/project.rs"]
mod project;
#[path = "lsp/random.rs"]
mod random;
