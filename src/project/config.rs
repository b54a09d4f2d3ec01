//! `drizzle.config.{ts,js,json}`: which dialect, schema modules, migrations folder, casing.
