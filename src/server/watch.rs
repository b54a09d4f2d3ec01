//! Which files the client is asked to watch: what `load::is_wanted` reads, and what decides about others.

use tower_lsp::ls_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration, WatchKind,
};

use super::client::ClientInfo;
use crate::base::path;

/// Files that Columnist reads.
const GLOBS: [&str; 4] = [
    "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,sql}",
    "**/{package.json,columnist.json,columnist.jsonc,_journal.json,snapshot.json,*_snapshot.json,drizzle*.json}",
    "**/{tsconfig*.json,jsconfig*.json,pnpm-workspace.yaml,pnpm-lock.yaml,package-lock.json,yarn.lock,bun.lock}",
    "**/{.gitignore,.ignore}",
];

/// Some clients report a deleted directory and none of its files.
const DELETED: &str = "**";

/// What the client is to register.
pub fn registrations(client: &ClientInfo) -> Vec<Registration> {
    let mut res = Vec::new();
    if client.dynamic_watchers {
        let mut watchers: Vec<FileSystemWatcher> = GLOBS.iter().map(|it| watcher(it, None)).collect();
        watchers.push(watcher(DELETED, Some(WatchKind::Delete)));
        let options = DidChangeWatchedFilesRegistrationOptions { watchers };
        res.push(Registration {
            id: "columnist/files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        });
    }
    if client.dynamic_configuration {
        res.push(Registration {
            id: "columnist/settings".to_owned(),
            method: "workspace/didChangeConfiguration".to_owned(),
            register_options: Some(serde_json::json!({ "section": "columnist" })),
        });
    }
    res
}

fn watcher(glob: &str, kind: Option<WatchKind>) -> FileSystemWatcher {
    FileSystemWatcher { glob_pattern: GlobPattern::String(glob.to_owned()), kind }
}

/// Whether a change of this file may add others to the workspace or take them out.
pub fn decides_about_others(file: &str) -> bool {
    matches!(path::file_name(file), ".gitignore" | ".ignore")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;
    use globset::{GlobBuilder, GlobSetBuilder};

    #[test]
    fn every_file_that_is_read_is_watched() {
        let mut set = GlobSetBuilder::new();
        for glob in GLOBS {
            set.add(GlobBuilder::new(glob).literal_separator(true).build().unwrap());
        }
        let set = set.build().unwrap();
        let names = [
            "x.ts",
            "x.tsx",
            "x.mts",
            "x.cts",
            "x.js",
            "x.jsx",
            "x.mjs",
            "x.cjs",
            "x.sql",
            "package.json",
            "columnist.json",
            "columnist.jsonc",
            "_journal.json",
            "snapshot.json",
            "0001_snapshot.json",
            "pnpm-workspace.yaml",
            "pnpm-lock.yaml",
            "package-lock.json",
            "yarn.lock",
            "bun.lock",
            "tsconfig.json",
            "tsconfig.base.json",
            "jsconfig.json",
            "drizzle.config.json",
        ];
        for name in names {
            assert!(load::is_wanted(name), "{name} is not read");
            assert!(set.is_match(format!("a/b/{name}")) && set.is_match(name), "{name} is not watched");
        }
        assert!(!set.is_match("a/x.md") && !set.is_match("a/data.json"));
    }
}
