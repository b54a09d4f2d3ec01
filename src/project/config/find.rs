//! Which files are configurations of drizzle-kit: by name, or because they say that they are.

use memchr::memmem;

use crate::base::file::FileId;
use crate::base::path;
use crate::project::Workspace;
use crate::project::eval::{Dep, Evaluator};

/// Files that may be configurations, by path. Only those are parsed whose text mentions drizzle-kit.
pub(super) fn candidates(eval: &Evaluator<'_>) -> Vec<FileId> {
    let (ws, resolver) = (eval.workspace(), eval.resolver());
    let mut res: Vec<(std::sync::Arc<str>, FileId)> = Vec::new();
    for (file_path, file) in resolver.files() {
        let named = has_config_name(file_path);
        let is_script = super::is_script(file_path);
        if file_path.contains("/node_modules/") || !(is_script || named) {
            continue;
        }
        let found = named
            || ws.mentions_kit(file) && {
                eval.note(Dep::facts(file));
                is_typed_config(ws, file)
            };
        if found {
            res.push((file_path.clone(), file));
        }
    }
    res.sort();
    res.into_iter().map(|(_, file)| file).collect()
}

/// The text speaks of drizzle-kit.
pub fn mentions_kit(text: &str) -> bool {
    memmem::find(text.as_bytes(), b"drizzle-kit").is_some()
}

/// `drizzle.config.ts`, `drizzle-events.config.mts`, `drizzle.config.test.ts`, `pg.drizzle.config.json`, …
pub(in crate::project) fn has_config_name(file_path: &str) -> bool {
    let name = path::file_name(file_path);
    let ext = path::extension(name);
    let parts: Vec<&str> = name.split(['.', '-', '_']).collect();
    matches!(ext, "ts" | "js" | "mjs" | "cjs" | "mts" | "cts" | "json")
        && parts.contains(&"drizzle")
        && parts.contains(&"config")
        && !name.ends_with(".d.ts")
}

/// The module imports drizzle-kit's `defineConfig` or `Config` and exports something by default.
fn is_typed_config(ws: &dyn Workspace, file: FileId) -> bool {
    use crate::facts::ts::Export;
    use crate::ts::hir::ImportName;
    let facts = ws.ts_facts(file);
    let imports = facts.0.imports.iter().any(|it| {
        it.specifier == "drizzle-kit"
            && matches!(&it.name, ImportName::Named(name) if name == "defineConfig" || name == "Config")
    });
    imports
        && facts.0.exports.iter().any(|it| match it {
            Export::Default(_) => true,
            Export::Local { name, .. } => name == "default",
            _ => false,
        })
}
