//! Statements that change the catalog: what PostgreSQL refuses when it runs them (`tablecmds.c`, `parse_utilcmd.c`,
//! `indexcmds.c`, `typecmds.c`, `dependency.c` and their like).
//!
//! Where the catalog is the schema of another day ([`Gaps::loose`](crate::catalog::Gaps::loose)), only what the file
//! itself makes is known to be there.

mod alter;
mod constraint;
mod depend;
mod drop;
mod expr;
mod index;
mod mutable;
mod name;
mod object;
mod policy;
mod routine;
mod table;
mod types;
mod view;

use crate::sql::hir::Ddl;

use super::binder::Binder;

impl<'a> Binder<'a> {
    pub fn ddl(&mut self, ddl: &'a Ddl) {
        match ddl {
            Ddl::CreateView(view) => self.create_view(view),
            Ddl::CreateSchema { name, if_not_exists, elements } => {
                if self.typed {
                    self.create_schema(name.as_ref(), *if_not_exists);
                }
                // The elements see each other; only queries can be looked at by themselves.
                for element in elements {
                    if let crate::sql::hir::StatementKind::Ddl(inner) = element
                        && let Ddl::CreateView(view) = &**inner
                        && elements.len() == 1
                    {
                        self.view_query(view);
                    }
                }
            }
            // What can stand there, completion knows better.
            Ddl::Truncate { .. } | Ddl::Command(_) if self.probe.is_some() => {}
            Ddl::Truncate { tables } => self.truncate(tables),
            Ddl::Command(command) => self.command(command),
            Ddl::CreateFunction(create) => {
                if self.typed && self.probe.is_none() && self.stars.is_none() && self.done_ctes.is_none() {
                    let n_references = self.references.len();
                    self.create_function(create);
                    self.references.truncate(n_references);
                }
                self.result_type(create);
                if let Some(inline) = &create.inline {
                    self.inline_body(create, inline);
                }
            }
            // Whoever asks for names reads those of definitions by itself.
            _ if self.typed && self.probe.is_none() && self.stars.is_none() && self.done_ctes.is_none() => {
                let n_references = self.references.len();
                self.definition(ddl);
                self.references.truncate(n_references);
            }
            _ => {}
        }
    }

    fn definition(&mut self, ddl: &'a Ddl) {
        match ddl {
            Ddl::CreateTable(table) => self.create_table(ddl, table),
            Ddl::CreateIndex(index) => self.create_index(index),
            Ddl::CreateSequence { name, if_not_exists, ty, owned_by } => {
                self.create_sequence(name, *if_not_exists, ty.as_ref(), owned_by.as_ref());
            }
            Ddl::CreateEnum { name, labels } => self.create_enum(name, labels),
            Ddl::CreateComposite { name, columns } => self.create_composite(name, columns),
            Ddl::CreateRange { name, subtype } => self.create_range(name, subtype.as_ref()),
            Ddl::CreateDomain { name, base, default, checks, .. } => {
                self.create_domain(name, base, *default, checks);
            }
            Ddl::CreateExtension { name, if_not_exists, .. } => self.create_extension(name, *if_not_exists),
            Ddl::CreateTrigger { name, table, function, or_replace, details } => {
                self.create_trigger(name, table, function, *or_replace, details);
            }
            Ddl::CreatePolicy(policy) => self.create_policy(policy),
            Ddl::AlterPolicy(policy) => self.alter_policy(policy),
            Ddl::AlterTable { name, kind, if_exists, actions, .. } => {
                self.alter_table(ddl, name, *kind, *if_exists, actions);
            }
            Ddl::AlterEnum { name, action } => self.alter_enum(name, action),
            Ddl::AlterComposite { name, actions } => self.alter_composite(name, actions),
            Ddl::AlterDomain { name, action } => self.alter_domain(name, action),
            Ddl::AlterSequence { name, if_exists, owned_by } => {
                self.alter_sequence(name, *if_exists, owned_by.as_ref());
            }
            Ddl::Rename { object, name, if_exists, new_name } => {
                self.rename(*object, name, *if_exists, new_name);
            }
            Ddl::SetSchema { object, name, if_exists, schema } => {
                self.set_schema(*object, name, *if_exists, schema);
            }
            Ddl::Drop(drop) => self.drop(drop),
            Ddl::Comment { object, name, .. } => self.comment(*object, name),
            Ddl::Truncate { tables } => {
                for table in tables {
                    self.existing_relation(table, false);
                }
            }
            Ddl::CreateView(_)
            | Ddl::CreateFunction(_)
            | Ddl::RenameTables(_)
            | Ddl::Command(_)
            | Ddl::CreateSchema { .. }
            | Ddl::CreateShellType { .. }
            | Ddl::SetSearchPath { .. }
            | Ddl::Do { .. }
            | Ddl::Opaque { .. } => {}
        }
    }
}
