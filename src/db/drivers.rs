//! What scripts say of the drivers of drizzle-orm, by a look at their bytes: which of them runs, and whether the program
//! makes values of its own of what it gives.

use memchr::memmem;
use smol_str::SmolStr;

/// What one script says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriverUse {
    /// The modules of drizzle-orm that it imports, without `drizzle-orm/`, but for those of columns: `node-postgres`,
    /// `neon-http/migrator`.
    pub modules: Vec<SmolStr>,
    /// It makes something of its own of `bigint` or `numeric`: `types.setTypeParser(20, BigInt)`, `postgres(url, { types })`.
    pub parses: bool,
    /// Columns have other names in its rows than in the database: `postgres(url, { transform: postgres.camel })`.
    pub renames: bool,
}

impl DriverUse {
    /// `imported`: what the script imports.
    pub fn new(text: &str, imported: &[SmolStr]) -> DriverUse {
        let module = |it: &SmolStr| it.strip_prefix("drizzle-orm/").map(SmolStr::new);
        let is_driver = |it: &SmolStr| !it.ends_with("-core") && it != "sql" && !it.contains("-core/");
        let has = |it: &str| memmem::find(text.as_bytes(), it.as_bytes()).is_some();
        let is_postgres_js = imported.iter().any(|it| it == "postgres");
        DriverUse {
            renames: is_postgres_js && has("transform"),
            modules: imported.iter().filter_map(module).filter(is_driver).collect(),
            parses: has("setTypeParser")
                || has("parseInt8")
                || has("bigint: true")
                || is_postgres_js && (has("postgres.BigInt") || parses_numbers(text)),
        }
    }

    pub fn is_nothing(&self) -> bool {
        self.modules.is_empty() && !self.parses && !self.renames
    }
}

/// A type of postgres.js: `{ to: 20, from: [20, 1700], serialize, parse }`, with `bigint` (20) or `numeric` (1700) among them.
fn parses_numbers(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), "from:").any(|at| {
        let rest = text.get(at + "from:".len()..).unwrap_or("").trim_start();
        let list = rest.strip_prefix('[').and_then(|it| it.split_once(']'));
        list.is_some_and(|(list, _)| list.split(',').any(|it| matches!(it.trim(), "20" | "1700")))
    })
}
