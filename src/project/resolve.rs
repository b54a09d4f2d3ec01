//! Module specifier → file: relative paths, tsconfig `paths`, package.json `imports`/`exports`, workspaces.
