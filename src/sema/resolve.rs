//! Operators, functions and coercions (manual chapter 10).
