//! `columnist describe`: parameters and result columns of statements.
