//! drizzle-kit's journal and snapshots.
