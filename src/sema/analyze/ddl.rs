//! Statements that change the catalog: what PostgreSQL refuses when it runs them (`tablecmds.c`, `parse_utilcmd.c`,
//! `indexcmds.c`, `typecmds.c`, `dependency.c` and their like).
//!
//! Where the catalog is the schema of another day ([`Gaps::loose`](crate::catalog::Gaps::loose)), only what the file
//! itself makes is known to be there.

mod aggregate;
mod alter;
mod cast;
mod cluster;
mod clause;
mod comment;
mod composite;
mod constraint;
mod define;
mod depend;
mod drop;
mod domain;
mod exclude;
mod expr;
mod foreign;
mod index;
mod kept;
mod mutable;
pub(super) mod name;
mod named;
mod object;
mod operator;
mod operator_class;
mod options;
mod other;
mod partition;
mod policy;
mod privilege;
mod publication;
mod range;
mod replace;
mod routine;
mod rule;
mod schema;
mod search;
mod sequence;
mod shell;
mod statistics;
mod storage;
mod table;
mod types;
mod view;
mod wrapper;

pub use name::{Object, indexes};
pub use options::boolean;
pub use view::into_of;

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
                if self.probe.is_none() && self.stars.is_none() && self.done_ctes.is_none() {
                    self.schema_elements(ddl, elements);
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
            Ddl::CreateTable(table) => {
                let n_problems = self.problems.len();
                self.create_table(ddl, table);
                if self.problems.len() == n_problems {
                    self.foreign_table(table);
                }
            }
            Ddl::CreateIndex(index) => self.create_index(index),
            Ddl::CreateSequence { name, if_not_exists, ty, owned_by, options } => {
                self.create_sequence(name, *if_not_exists, ty.as_ref(), owned_by.as_ref(), options);
            }
            Ddl::CreateEnum { name, labels } => self.create_enum(name, labels),
            Ddl::CreateComposite { name, columns, collations } => {
                self.create_composite(name, columns, collations);
            }
            Ddl::CreateRange { name, subtype, options } => self.create_range(name, subtype.as_ref(), options),
            Ddl::CreateDomain { name, base, default, checks, collation, constraints, .. } => {
                self.create_domain(name, base, *default, checks);
                self.domain_clauses(name, base, collation.as_ref(), constraints);
            }
            Ddl::CreateExtension { name, if_not_exists, schema } => {
                self.create_extension(name, *if_not_exists, schema.as_ref());
            }
            Ddl::CreateTrigger { name, table, function, or_replace, details } => {
                self.create_trigger(name, table, function, *or_replace, details);
            }
            Ddl::CreatePolicy(policy) => self.create_policy(policy),
            Ddl::AlterPolicy(policy) => self.alter_policy(policy),
            Ddl::AlterTable { name, kind, if_exists, actions, only } => {
                self.alter_table(ddl, name, *kind, *if_exists, *only, actions);
            }
            Ddl::AlterEnum { name, action } => self.alter_enum(name, action),
            Ddl::AlterComposite { name, actions } => self.alter_composite(name, actions),
            Ddl::AlterDomain { name, action } => self.alter_domain(name, action),
            Ddl::AlterSequence { name, if_exists, ty, owned_by, options } => {
                self.alter_sequence(name, *if_exists, ty.as_ref(), owned_by.as_ref(), options);
            }
            Ddl::Rename { object, name, args, if_exists, new_name } => {
                self.rename(*object, name, args.as_deref(), *if_exists, new_name);
            }
            Ddl::SetSchema { object, name, args, if_exists, schema } => {
                self.set_schema(*object, name, args.as_deref(), *if_exists, schema);
            }
            Ddl::Drop(drop) => self.drop(drop),
            Ddl::Comment { object, name, args, .. } => self.comment(*object, name, args.as_deref()),
            Ddl::Named(mentions) => self.named(mentions),
            Ddl::CreateRule(rule) => self.create_rule(rule),
            Ddl::CreateStatistics(create) => self.create_statistics(create),
            Ddl::CreateCast(create) => self.create_cast(create),
            Ddl::NamedCast { source, target, if_exists, drops } => {
                self.named_cast(source, target, *if_exists, *drops);
            }
            Ddl::CreateAggregate(create) => self.create_aggregate(create),
            Ddl::CreatePublication(create) => self.create_publication(create),
            Ddl::CreateOperator(create) => self.create_operator(create),
            Ddl::OperatorClass(made) => self.operator_class_statement(made),
            Ddl::CreateEventTrigger(create) => self.create_event_trigger(create),
            Ddl::Define(made) => self.define(made),
            Ddl::Foreign(foreign) => self.foreign(foreign),
            Ddl::SearchMapping(mapping) => self.search_mapping(mapping),
            Ddl::Grant(grant) => self.grant(grant),
            Ddl::CreateShellType { name, options } => self.create_shell_type(name, options.as_deref()),
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
            | Ddl::SetSearchPath { .. }
            | Ddl::Do { .. } => {}
            Ddl::Opaque { kind, name } => {
                let n_problems = self.problems.len();
                self.made_with(kind);
                if self.problems.len() == n_problems && kind != "TRANSFORM" {
                    self.object_taken(kind, name, "");
                }
            }
        }
    }
}
