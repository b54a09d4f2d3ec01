//! VACUUM, ANALYZE, REINDEX, CLUSTER (`ExecVacuum`, `ExecReindex`, `cluster`).

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::hir::{CommandOption, Maintenance, OptionValue};

use super::super::binder::Binder;
use super::setting::{Parsed, integer};
use super::{find, flag, place, readable};

const VACUUM: [&str; 9] = [
    "analyze",
    "freeze",
    "full",
    "disable_page_skipping",
    "process_main",
    "process_toast",
    "truncate",
    "skip_database_stats",
    "only_database_stats",
];

impl Binder<'_> {
    /// The options of VACUUM and its like, by themselves and together.
    pub fn maintenance(
        &mut self,
        command: Maintenance,
        options: &[CommandOption],
        columns_of: Option<TextRange>,
        names: bool,
    ) {
        if !readable(options) {
            return;
        }
        for option in options {
            if self.maintenance_option(command, option).is_err() {
                return;
            }
        }
        let on = |name: &str| find(options, name).is_some_and(|it| flag(it.value.as_ref()) == Some(true));
        let off = |name: &str| find(options, name).is_some_and(|it| flag(it.value.as_ref()) == Some(false));
        if command != Maintenance::Vacuum {
            return;
        }
        let workers = match find(options, "parallel").and_then(|it| it.value.as_ref()) {
            Some(OptionValue::Integer(it)) => *it,
            _ => 0,
        };
        let full = on("full");
        let mut refused = |at: TextRange, message: &str| {
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        };
        if full && workers > 0 {
            return refused(place(find(options, "parallel")), "VACUUM FULL cannot be performed in parallel");
        }
        if let Some(at) = columns_of.filter(|_| !on("analyze")) {
            return refused(at, "ANALYZE option must be specified when a column list is provided");
        }
        if full && !on("analyze") && find(options, "buffer_usage_limit").is_some() {
            let at = place(find(options, "buffer_usage_limit"));
            return refused(at, "BUFFER_USAGE_LIMIT cannot be specified for VACUUM FULL");
        }
        if full && on("disable_page_skipping") {
            let at = place(find(options, "disable_page_skipping"));
            return refused(at, "VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL");
        }
        if full && off("process_toast") {
            return refused(place(find(options, "process_toast")), "PROCESS_TOAST required with VACUUM FULL");
        }
        if on("only_database_stats") {
            let at = place(find(options, "only_database_stats"));
            if names {
                return refused(at, "ONLY_DATABASE_STATS cannot be specified with a list of tables");
            }
            let others =
                ["analyze", "freeze", "full", "skip_locked", "disable_page_skipping", "skip_database_stats"];
            if others.iter().any(|it| on(it)) {
                refused(at, "ONLY_DATABASE_STATS cannot be specified with other VACUUM options");
            }
        }
    }

    fn maintenance_option(&mut self, command: Maintenance, option: &CommandOption) -> Result<(), ()> {
        let name = option.name.ident.as_str();
        let vacuums = matches!(command, Maintenance::Vacuum | Maintenance::Analyze);
        let flags = match command {
            Maintenance::Reindex => name == "concurrently",
            Maintenance::Vacuum => VACUUM.contains(&name),
            _ => false,
        };
        if name == "verbose" || flags || vacuums && name == "skip_locked" {
            return self.option_flag(option).map(|_| ());
        }
        if command == Maintenance::Reindex && name == "tablespace" {
            return Ok(());
        }
        if vacuums && name == "buffer_usage_limit" {
            let Some(value) = option.value.as_ref().and_then(super::text) else { return Ok(()) };
            let fits = match integer(&value, "kB") {
                Parsed::Value(it) => it == 0 || (128..=16_777_216).contains(&it),
                _ => false,
            };
            if !fits {
                let message = "BUFFER_USAGE_LIMIT option must be 0 or between 128 kB and 16777216 kB";
                return self.wrong_option(code::INVALID_PARAMETER_VALUE, option, message.to_owned());
            }
            return Ok(());
        }
        if command == Maintenance::Vacuum && name == "index_cleanup" {
            let auto =
                matches!(&option.value, Some(OptionValue::Text(it)) if it.eq_ignore_ascii_case("auto"));
            return if auto { Ok(()) } else { self.option_flag(option).map(|_| ()) };
        }
        if command == Maintenance::Vacuum && name == "parallel" {
            let message = match &option.value {
                None => "parallel option requires a value between 0 and 1024",
                Some(OptionValue::Integer(it)) if (0..=1024).contains(it) => return Ok(()),
                Some(OptionValue::Integer(_)) => "parallel workers for vacuum must be between 0 and 1024",
                Some(_) => "parallel requires an integer value",
            };
            return self.wrong_option(code::SYNTAX_ERROR, option, message.to_owned());
        }
        let words = match command {
            Maintenance::Vacuum => "VACUUM",
            Maintenance::Analyze => "ANALYZE",
            Maintenance::Reindex => "REINDEX",
            Maintenance::Cluster => "CLUSTER",
        };
        let message = format!("unrecognized {words} option \"{name}\"");
        self.wrong_option(code::SYNTAX_ERROR, option, message)
    }
}
