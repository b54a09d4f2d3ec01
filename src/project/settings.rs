//! `columnist.json` (CONTRACTS, "Configuration").
