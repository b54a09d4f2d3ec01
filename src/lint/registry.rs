//! The one sorted list of rules.
