//! package.json, lock files and workspaces: installed versions.
