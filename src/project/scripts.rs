//! How the project itself runs drizzle-kit: its package manager and the script that generates migrations.

use super::Workspace;
use super::database::Database;
use super::eval::Evaluator;
use super::package::Packages;
use crate::base::path;

/// The command line that writes the next migration: the project's script where it has one (`pnpm db:generate`), else
/// drizzle-kit through the package manager.
pub fn generate_command(eval: &Evaluator<'_>, database: &Database) -> String {
    let ws = eval.workspace();
    let config = database.config.as_ref().map(|it| ws.path(it.file));
    let dir = config.as_deref().and_then(path::parent).unwrap_or(&database.dir);
    let manager = Manager::of(ws, eval.resolver().packages(), dir);
    let package = eval.resolver().packages().nearest(dir).cloned();
    let name = config.as_deref().map_or("", path::file_name);
    let is_default = name.starts_with("drizzle.config.") || name.is_empty();
    // A script that names another configuration generates for another database.
    let fits = |line: &str| {
        line.contains("drizzle-kit")
            && line.contains("generate")
            && (is_default != line.contains("--config") || line.contains(name))
    };
    let script = package.as_ref().and_then(|it| it.manifest.scripts.iter().find(|(_, line)| fits(line)));
    match script {
        Some((script, _)) => manager.run(script),
        None if is_default => manager.exec("drizzle-kit generate"),
        None => manager.exec(&format!("drizzle-kit generate --config={name}")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manager {
    Npm,
    Pnpm,
    Yarn,
    Bun,
}

impl Manager {
    /// By the nearest lock file or `packageManager` of a package.json at or above `dir`; npm where there is none.
    fn of(ws: &dyn Workspace, packages: &Packages, dir: &str) -> Manager {
        const LOCKS: [(&str, Manager); 4] = [
            ("pnpm-lock.yaml", Manager::Pnpm),
            ("bun.lock", Manager::Bun),
            ("yarn.lock", Manager::Yarn),
            ("package-lock.json", Manager::Npm),
        ];
        let mut at = Some(dir);
        while let Some(dir) = at {
            if let Some((_, manager)) =
                LOCKS.iter().find(|(name, _)| ws.file(&path::join(dir, name)).is_some())
            {
                return *manager;
            }
            if ws.file(&path::join(dir, "pnpm-workspace.yaml")).is_some() {
                return Manager::Pnpm;
            }
            let own = packages.nearest(dir).filter(|it| *it.dir == *dir);
            let said = own.and_then(|it| it.manifest.package_manager.as_deref());
            match said.and_then(|it| it.split('@').next()) {
                Some("pnpm") => return Manager::Pnpm,
                Some("yarn") => return Manager::Yarn,
                Some("bun") => return Manager::Bun,
                Some("npm") => return Manager::Npm,
                _ => {}
            }
            at = path::parent(dir).filter(|it| *it != dir);
        }
        Manager::Npm
    }

    fn run(self, script: &str) -> String {
        match self {
            Manager::Npm => format!("npm run {script}"),
            Manager::Pnpm => format!("pnpm {script}"),
            Manager::Yarn => format!("yarn {script}"),
            Manager::Bun => format!("bun run {script}"),
        }
    }

    fn exec(self, command: &str) -> String {
        match self {
            Manager::Npm => format!("npx {command}"),
            Manager::Pnpm => format!("pnpm exec {command}"),
            Manager::Yarn => format!("yarn {command}"),
            Manager::Bun => format!("bunx {command}"),
        }
    }
}

#[cfg(test)]
mod tests;
