//! Who imports a module: the other direction of what modules say.

use rustc_hash::{FxHashMap, FxHashSet};

use super::file::FileKind;
use super::snapshot::Snapshot;
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::project::Workspace;
use crate::project::resolve::Resolved;

impl Snapshot {
    /// The scripts that import one of `modules`, directly or through others. Looks at every script's imports.
    pub fn importers(&self, modules: &[FileId]) -> Cancellable<Vec<FileId>> {
        let model = self.model();
        let eval = model.evaluator(self);
        let mut by_target: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
        for file in self.all_files() {
            self.check()?;
            if !matches!(FileKind::of(&self.path(file)), Some(FileKind::Script(_))) {
                continue;
            }
            for specifier in self.specifiers(file).iter() {
                if let Resolved::File(target) = eval.resolver().resolve(self, file, specifier) {
                    by_target.entry(target).or_default().push(file);
                }
            }
        }
        let mut seen: FxHashSet<FileId> = modules.iter().copied().collect();
        let mut queue = modules.to_vec();
        let mut res = Vec::new();
        while let Some(module) = queue.pop() {
            for &importer in by_target.get(&module).into_iter().flatten() {
                if seen.insert(importer) {
                    res.push(importer);
                    queue.push(importer);
                }
            }
        }
        Ok(res)
    }
}
