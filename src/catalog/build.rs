//! All sources of one database → its catalog.
