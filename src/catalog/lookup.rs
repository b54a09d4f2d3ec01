//! Names → entities, by the search path.
