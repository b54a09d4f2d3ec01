//! PostgreSQL 18's pg_catalog as generated data.
