//! What the input functions of types refuse.
