//! Which files make which database (CONTRACTS, "Which catalog").
