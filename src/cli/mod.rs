//! Room 10: the command line.
