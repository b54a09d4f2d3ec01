//! The arguments.

use clap::{Parser, Subcommand, ValueEnum};

use crate::lint::Severity;

/// Checks the database layer of TypeScript applications without a database.
#[derive(Debug, Parser)]
#[command(name = "columnist", version, about, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    /// When to use colours; NO_COLOR, CLICOLOR and CLICOLOR_FORCE are obeyed on `auto`
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  columnist check                        check the project in this directory
  columnist explain undefined-column     what a problem means and how to mend it
  columnist schema                       the schema as Columnist has understood it, as SQL
  columnist drift                        what drizzle-kit would write into the next migration
  echo 'select * from users' | columnist describe -

Nothing of the project is run, no database and no network is used.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check every piece of SQL against the project's schema
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Print the schema of each database as Columnist has understood it
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema(SchemaArgs),
    /// Tell the parameters and result columns of SQL statements
    #[command(after_help = DESCRIBE_EXAMPLES)]
    Describe(DescribeArgs),
    /// Tell what `drizzle-kit generate` would write now, and where migrations and snapshot part ways
    #[command(after_help = DRIFT_EXAMPLES)]
    Drift(DriftArgs),
    /// Explain a problem's code, or list all codes
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Serve an editor: the language server, over standard input and output
    #[command(after_help = LSP_EXAMPLES)]
    Lsp(LspArgs),
}

#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Files and directories to report on [default: the current directory]
    pub paths: Vec<String>,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: Format,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "warning")]
    pub fail_on: FailOn,
    /// Apply safe fixes, then check again
    #[arg(long)]
    pub fix: bool,
    /// Hide the problems that FILE lists
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// Write every problem found to FILE, to be hidden later with --baseline
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "changed_since"])]
    pub write_baseline: Option<String>,
    /// Report only on files changed since this git revision, and what they affect; migrations that the branch has
    /// made since it left the revision are new ones
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,
    /// List every piece of SQL that was not checked, with the reason
    #[arg(long)]
    pub explain_skipped: bool,
    /// Use FILE instead of the project's columnist.json
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// Print only the problems: no summary, no progress
    #[arg(long, short)]
    pub quiet: bool,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  columnist check                                  this directory
  columnist check apps/web packages/db             only what stands in these
  columnist check --format github                  annotations in a GitHub workflow
  columnist check --format sarif > report.sarif    for code scanning
  columnist check --changed-since origin/main      what a branch has changed, and what that affects
  columnist check --write-baseline baseline.json   accept today's problems …
  columnist check --baseline baseline.json         … and report new ones only

Exit codes: 0 nothing at --fail-on or above, 1 something was found, 2 could not run.";

#[derive(Debug, clap::Args)]
pub struct SchemaArgs {
    /// A file or directory of the project [default: the current directory]
    pub path: Option<String>,
    #[arg(long, value_enum, default_value = "sql")]
    pub format: SchemaFormat,
    /// Only this database, where the project has several
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,
}

const SCHEMA_EXAMPLES: &str = "\
Examples:
  columnist schema                            as SQL
  columnist schema --format json | jq '.databases[].tables[].name'
  columnist schema --database packages/db     one of several databases";

#[derive(Debug, clap::Args)]
pub struct DescribeArgs {
    /// .sql and TypeScript files; `-` reads SQL from standard input
    #[arg(required = true)]
    pub files: Vec<String>,
    #[arg(long, value_enum, default_value = "table")]
    pub format: DescribeFormat,
    /// Describe against this database, where the project has several
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,
}

const DESCRIBE_EXAMPLES: &str = "\
Examples:
  columnist describe src/queries/report.sql
  columnist describe src/modules/posts/api/index.ts --format json
  echo 'select id, email from users where id = $1' | columnist describe -";

#[derive(Debug, clap::Args)]
pub struct DriftArgs {
    /// A file or directory of the project [default: the current directory]
    pub path: Option<String>,
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: DriftFormat,
    /// Only this database, where the project has several
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,
}

const DRIFT_EXAMPLES: &str = "\
Examples:
  columnist drift                       every database with a Drizzle schema and snapshots
  columnist drift --format json         for a script

Exit codes: 0 no drift, 1 drift, 2 could not run.";

#[derive(Debug, clap::Args)]
pub struct ExplainArgs {
    /// A code such as undefined-column, or an SQLSTATE such as 42703; none lists all
    pub code: Option<String>,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  columnist explain                      every code, by group
  columnist explain undefined-column
  columnist explain 42703                the codes of an SQLSTATE";

#[derive(Debug, clap::Args)]
pub struct LspArgs {
    /// Speak over standard input and output; it is the only way, editors may say so
    #[arg(long)]
    pub stdio: bool,
    /// Write a log to FILE: requests with their times, and errors
    #[arg(long, value_name = "FILE")]
    pub log: Option<String>,
    /// Print the JSON schema of the editor's settings
    #[arg(long, hide = true)]
    pub settings_schema: bool,
}

const LSP_EXAMPLES: &str = "\
Editors start it themselves; it speaks the Language Server Protocol 3.17.
  columnist lsp --stdio
  columnist lsp --log /tmp/columnist.log      to see what takes how long, and what went wrong

Exit codes: 0 after the editor has said goodbye, 1 when it just left.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Pretty,
    Json,
    Github,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    Sql,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DriftFormat {
    Pretty,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DescribeFormat {
    Json,
    Table,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Information,
}

impl FailOn {
    pub fn severity(self) -> Severity {
        match self {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Information => Severity::Information,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn writing_and_using_a_baseline_exclude_each_other() {
        let args = ["columnist", "check", "--baseline", "a", "--write-baseline", "b"];
        assert!(Args::try_parse_from(args).is_err());
    }
}
