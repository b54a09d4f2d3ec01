//! Fingerprints: equal values have equal fingerprints, and an equal fingerprint is taken as an equal value.

use std::hash::{Hash, Hasher};

/// 64 bits of XXH3 over a value's `Hash` bytes; stable within one build, never stored across versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    pub fn of<T: Hash + ?Sized>(value: &T) -> Fingerprint {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        value.hash(&mut hasher);
        Fingerprint(hasher.finish())
    }

    pub fn of_text(text: &str) -> Fingerprint {
        Fingerprint(xxhash_rust::xxh3::xxh3_64(text.as_bytes()))
    }
}
