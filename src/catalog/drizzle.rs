//! Evaluated Drizzle declarations → relations, enums, schemas.
