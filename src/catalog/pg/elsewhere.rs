//! Names of extensions whose contents are not known here, and which people install by hand or get from their host:
//! reasons for silence where a history says nothing of them.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// From the documentation of pgsql-http, pg_jsonschema, TimescaleDB, Citus, pg_uuidv7, pgx_ulid, pg_hashids, HypoPG, pg_ivm,
/// Apache AGE, index_advisor, pg_partman, pg-nanoid and Doltgres.
const FUNCTIONS: &str = "http http_get http_post http_put http_patch http_delete http_head http_header \
    http_set_curlopt http_reset_curlopt http_list_curlopt urlencode text_to_bytea bytea_to_text \
    json_matches_schema jsonb_matches_schema jsonschema_is_valid jsonschema_validation_errors \
    json_matches_compiled_schema jsonb_matches_compiled_schema \
    create_hypertable set_chunk_time_interval show_chunks drop_chunks add_dimension time_bucket time_bucket_ng \
    time_bucket_gapfill locf interpolate first last histogram approximate_row_count add_compression_policy \
    remove_compression_policy add_columnstore_policy remove_columnstore_policy add_retention_policy \
    remove_retention_policy add_continuous_aggregate_policy remove_continuous_aggregate_policy \
    refresh_continuous_aggregate compress_chunk decompress_chunk add_job delete_job alter_job run_job by_range by_hash \
    hypertable_size hypertable_detailed_size chunks_detailed_size \
    create_distributed_table create_reference_table undistribute_table alter_distributed_table \
    citus_add_node citus_set_coordinator_host run_command_on_workers \
    uuid_generate_v7 uuid_v7_to_timestamptz uuid_timestamptz_to_v7 gen_ulid gen_monotonic_ulid ulid_generate \
    id_encode id_decode id_decode_once hash_encode hash_decode \
    hypopg_create_index hypopg_reset create_immv refresh_immv cypher create_graph drop_graph index_advisor \
    create_parent run_maintenance run_maintenance_proc nanoid typeid_generate \
    active_branch hashof has_ancestor";

const TYPES: &str = "http_request http_response http_header http_method agtype ulid roaringbitmap hll";

/// Whether an extension that is not known has a function of this name.
pub fn has_function(name: &str) -> bool {
    static ALL: LazyLock<FxHashSet<&str>> = LazyLock::new(|| FUNCTIONS.split_whitespace().collect());
    ALL.contains(name) || is_of_dolt(name)
}

/// Whether a server that is not PostgreSQL's own has a relation of this name.
pub fn has_relation(name: &str) -> bool {
    is_of_dolt(name)
}

/// Doltgres makes its system tables and functions itself (Dolt's reference of its SQL interface).
fn is_of_dolt(name: &str) -> bool {
    name.starts_with("dolt_")
}

/// Whether one has a type of this name.
pub fn has_type(name: &str) -> bool {
    static ALL: LazyLock<FxHashSet<&str>> = LazyLock::new(|| TYPES.split_whitespace().collect());
    ALL.contains(name)
}
