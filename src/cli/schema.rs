//! `columnist schema`.
