//! A catalog as SQL and as JSON.
