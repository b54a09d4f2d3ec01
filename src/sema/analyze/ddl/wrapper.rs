//! The options that the foreign-data wrappers of PostgreSQL's own extensions take (`postgres_fdw_validator`,
//! `file_fdw_validator`, `dblink_fdw_validator`). A server takes what its libpq knows, which is a matter of its version:
//! what any of them knows passes.

use crate::catalog::depend::{Dependent, Used};
use crate::catalog::object::ObjectKey;
use crate::catalog::{QualifiedName, Relation};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{GenericOption, OptionChange};

use super::super::binder::Binder;

/// What has options.
#[derive(Clone, Copy)]
pub enum Holder {
    Wrapper,
    Server,
    Mapping,
    Table,
    Column,
}

const LIBPQ: &str = "service servicefile passfile channel_binding connect_timeout dbname host hostaddr port options \
    application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout sslmode \
    sslnegotiation sslcompression sslcert sslkey sslcertmode sslrootcert sslcrl sslcrldir sslsni sslkeylogfile requiressl \
    requirepeer require_auth min_protocol_version max_protocol_version ssl_min_protocol_version ssl_max_protocol_version \
    gssencmode krbsrvname gsslib gssdelegation load_balance_hosts target_session_attrs scram_client_key \
    scram_server_key oauth_issuer oauth_client_id oauth_client_secret oauth_scope oauth_ca_file";

const LIBPQ_USER: &str = "user password sslpassword oauth_client_secret scram_client_key scram_server_key";

/// With blanks between; `None`: of another wrapper.
fn options(wrapper: &str, holder: Holder) -> Option<[&'static str; 2]> {
    Some(match (wrapper, holder) {
        ("postgres_fdw", Holder::Server) => [
            LIBPQ,
            "use_remote_estimate fdw_startup_cost fdw_tuple_cost extensions updatable truncatable fetch_size \
            batch_size async_capable parallel_commit parallel_abort keep_connections analyze_sampling \
            use_scram_passthrough",
        ],
        ("postgres_fdw", Holder::Mapping) => {
            [LIBPQ_USER, "password_required sslcert sslkey gssdelegation use_scram_passthrough"]
        }
        ("postgres_fdw", Holder::Table) => [
            "schema_name table_name use_remote_estimate updatable truncatable fetch_size batch_size",
            "async_capable analyze_sampling",
        ],
        ("postgres_fdw", Holder::Column) => ["column_name", ""],
        ("dblink_fdw", Holder::Server) => [LIBPQ, "fallback_application_name use_scram_passthrough"],
        ("dblink_fdw", Holder::Mapping) => [LIBPQ_USER, "gssdelegation use_scram_passthrough"],
        ("file_fdw", Holder::Table) => [
            "filename program format header delimiter quote escape null default encoding",
            "on_error log_verbosity reject_limit",
        ],
        ("file_fdw", Holder::Column) => ["force_not_null force_null", ""],
        ("postgres_fdw" | "dblink_fdw" | "file_fdw", _) => ["", ""],
        _ => return None,
    })
}

impl Binder<'_> {
    /// Reports the first option that the wrapper does not take there; `true`: reported.
    pub(super) fn wrapper_options(
        &mut self,
        wrapper: Option<&str>,
        holder: Holder,
        given: &[GenericOption],
    ) -> bool {
        let Some(wrapper) = wrapper else { return false };
        let Some(known) = options(wrapper, holder) else { return false };
        // One of the project's own.
        let own = key("FOREIGN DATA WRAPPER", wrapper);
        if self.catalog.objects.contains_key(&own) {
            return false;
        }
        let takes = |it: &str| known.iter().flat_map(|all| all.split_ascii_whitespace()).any(|own| own == it);
        let wrong = given.iter().find(|it| {
            it.change != OptionChange::Drop && !it.name.ident.is_dynamic() && !takes(it.name.ident.as_str())
        });
        if let Some(option) = wrong {
            let message = format!("invalid option \"{}\"", option.name.ident);
            self.report(code::INVALID_OPTION_NAME, option.name.range, message);
        }
        wrong.is_some()
    }

    /// The wrapper of a server that is surely there.
    pub(super) fn wrapper_of(&self, server: &str) -> Option<&str> {
        let server = self.certain_object(&key("SERVER", server))?;
        server.on.as_ref().map(|it| it.name.as_str())
    }

    pub(super) fn wrapper_of_table(&self, table: &QualifiedName, relation: &Relation) -> Option<&str> {
        if !self.is_certain(relation.origin) {
            return None;
        }
        let hosts = self.catalog.depends.get(&Dependent::View(table.clone()))?;
        let server = hosts.iter().find_map(|it| match it {
            Used::Object(it) if it.kind == "SERVER" => Some(it.name.as_str()),
            _ => None,
        })?;
        self.wrapper_of(server)
    }
}

fn key(kind: &str, name: &str) -> ObjectKey {
    ObjectKey { kind: kind.into(), schema: Ident::new(""), name: Ident::new(name), of: "".into() }
}
