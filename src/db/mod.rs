//! Room 7: inputs, `World`, `FileState`, `Snapshot`, memo tables. No I/O.
