//! DDL applied to a catalog, statement by statement.
