//! What commands say that PostgreSQL looks at when it runs them: their options, settings of the server. Of most of it it
//! tells no place; ours is the option's name.

mod conversion;
mod copy;
mod maintenance;
mod setting;
mod subscription;

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::hir::{CommandOption, OptionValue, Utility};
use crate::sql::ident::DYNAMIC_MARK;

use super::binder::Binder;

impl<'a> Binder<'a> {
    /// Judges what the statement says beside the relations and expressions that it names.
    pub fn utility(&mut self) {
        let stmt = self.stmt;
        let Some(utility) = stmt.utility.as_deref() else { return };
        if !self.typed || self.probe.is_some() || self.stars.is_some() || self.done_ctes.is_some() {
            return;
        }
        match utility {
            Utility::Copy(copy) => self.copy_clauses(copy),
            Utility::Maintenance { command, options, columns_of, names } => {
                self.maintenance(*command, options, *columns_of, *names);
            }
            Utility::Settings(changes) => {
                for change in changes {
                    self.setting_change(change);
                }
            }
            Utility::Subscription(clauses) => self.subscription(clauses),
            Utility::Conversion(made) => self.conversion(made),
        }
    }

    /// `defGetBoolean`; an option without a value is on. `Err`: reported.
    fn option_flag(&mut self, option: &CommandOption) -> Result<bool, ()> {
        match flag(option.value.as_ref()) {
            Some(it) => Ok(it),
            None => {
                let message = format!("{} requires a Boolean value", option.name.ident);
                self.wrong_option(code::SYNTAX_ERROR, option, message)
            }
        }
    }

    /// Reports; nothing more is said of the options.
    fn wrong_option<T>(
        &mut self,
        code: code::Code,
        option: &CommandOption,
        message: String,
    ) -> Result<T, ()> {
        self.report(code, option.name.range, message);
        Err(())
    }

    /// An option that is there already (`errorConflictingDefElem`).
    fn option_twice(&mut self, options: &[CommandOption], idx: usize) -> bool {
        let Some(option) = options.get(idx) else { return false };
        let twice = options.iter().take(idx).any(|it| it.name.ident == option.name.ident);
        if twice {
            self.report(code::SYNTAX_ERROR, option.name.range, "conflicting or redundant options");
        }
        twice
    }
}

/// `defGetBoolean`; `None`: it is no boolean.
fn flag(value: Option<&OptionValue>) -> Option<bool> {
    match value {
        None => Some(true),
        Some(OptionValue::Integer(0)) => Some(false),
        Some(OptionValue::Integer(1)) => Some(true),
        Some(OptionValue::Text(it)) => match it.to_ascii_lowercase().as_str() {
            "true" | "on" => Some(true),
            "false" | "off" => Some(false),
            _ => None,
        },
        Some(_) => None,
    }
}

/// `defGetString`, of what is written.
fn text(value: &OptionValue) -> Option<String> {
    Some(match value {
        OptionValue::Text(it) | OptionValue::Number(it) => it.to_string(),
        OptionValue::Integer(it) => it.to_string(),
        OptionValue::Star => "*".to_owned(),
        OptionValue::Names(_) | OptionValue::Other => return None,
    })
}

/// All options are read, and none of them is put in by the program.
fn readable(options: &[CommandOption]) -> bool {
    options.iter().all(|it| {
        let value = match &it.value {
            Some(OptionValue::Text(it) | OptionValue::Number(it)) => !it.contains(DYNAMIC_MARK),
            Some(OptionValue::Names(all)) => all.iter().all(|it| !it.ident.is_dynamic()),
            Some(OptionValue::Other) => false,
            _ => true,
        };
        value && !it.name.ident.is_dynamic()
    })
}

/// The option that decides: the last of its name.
fn find<'o>(options: &'o [CommandOption], name: &str) -> Option<&'o CommandOption> {
    options.iter().rev().find(|it| it.name.ident.as_str() == name)
}

/// Where an option is named.
fn place(option: Option<&CommandOption>) -> TextRange {
    option.map(|it| it.name.range).unwrap_or_default()
}
