//! Policies, and the roles that they name.

use std::collections::BTreeSet;

use super::super::parts::{closed, has_parameter};
use super::Printer;
use crate::catalog::{Policy, Relation};
use crate::sql::Ident;

impl Printer<'_> {
    pub(super) fn roles(&mut self, tables: &[&Relation]) {
        let mut roles: BTreeSet<&str> = BTreeSet::new();
        for policy in tables.iter().flat_map(|it| &it.policies) {
            roles.extend(policy.roles.iter().map(|it| it.as_str()).filter(|it| !is_pseudo_role(it)));
        }
        for role in roles {
            let name = Ident::new(role).quoted();
            self.line(&format!(
                "DO $$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            ));
        }
    }

    pub(super) fn policies(&mut self, table: &Relation) {
        let name = self.name(&table.schema, &table.name);
        if table.row_security {
            self.line(&format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"));
        }
        for policy in &table.policies {
            let text = self.policy(&name, policy);
            self.line(&text);
        }
    }

    fn policy(&self, table: &str, policy: &Policy) -> String {
        let unknown =
            |it: &Option<smol_str::SmolStr>| it.as_ref().is_some_and(|it| it.is_empty() || has_parameter(it));
        if policy.name.as_str().is_empty() || unknown(&policy.using) || unknown(&policy.with_check) {
            return format!("-- policy {} on {table}: not known", policy.name.quoted());
        }
        let kind = if policy.permissive { "" } else { " AS RESTRICTIVE" };
        let command = if policy.command.eq_ignore_ascii_case("all") {
            String::new()
        } else {
            format!(" FOR {}", policy.command)
        };
        let roles: Vec<String> = policy
            .roles
            .iter()
            .map(|it| if is_pseudo_role(it) { it.to_string() } else { Ident::new(it.as_str()).quoted() })
            .collect();
        let roles = if roles.is_empty() { String::new() } else { format!(" TO {}", roles.join(", ")) };
        let using = policy.using.as_ref().map(|it| format!(" USING ({})", closed(it))).unwrap_or_default();
        let check =
            policy.with_check.as_ref().map(|it| format!(" WITH CHECK ({})", closed(it))).unwrap_or_default();
        format!("CREATE POLICY {} ON {table}{kind}{command}{roles}{using}{check};", policy.name.quoted())
    }
}

fn is_pseudo_role(role: &str) -> bool {
    matches!(role.to_ascii_lowercase().as_str(), "public" | "current_role" | "current_user" | "session_user")
}
