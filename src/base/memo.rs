//! The one concurrent map: it hands out `Arc`s and never a guard, so no lock is held across a caller's code.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

/// Computed-once values by key, shared between threads. Two threads that miss the same key at the same time
/// compute it once: the second waits for the first.
#[derive(Debug)]
pub struct Memo<K: Eq + Hash, V> {
    map: DashMap<K, Arc<OnceLock<Arc<V>>>, FxBuildHasher>,
}

impl<K: Eq + Hash + Clone, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo { map: DashMap::default() }
    }
}

impl<K: Eq + Hash + Clone, V> Memo<K, V> {
    /// The value for `key`, computed by `compute` when nobody has yet. `compute` must not ask for `key` again.
    pub fn get_or_compute(&self, key: &K, compute: impl FnOnce() -> V) -> Arc<V> {
        let cell = match self.map.get(key) {
            Some(cell) => Arc::clone(&cell),
            None => Arc::clone(&self.map.entry(key.clone()).or_default()),
        };
        Arc::clone(cell.get_or_init(|| Arc::new(compute())))
    }

    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<Arc<V>>
    where
        K: Borrow<Q>,
    {
        let cell = Arc::clone(&*self.map.get(key)?);
        cell.get().cloned()
    }

    /// Remembers a value that was computed elsewhere, in place of what was known.
    pub fn put(&self, key: &K, value: Arc<V>) {
        self.map.insert(key.clone(), Arc::new(OnceLock::from(value)));
    }

    /// Forgets every computed value for which `keep` is false.
    pub fn retain_values(&self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.map.retain(|key, cell| cell.get().is_none_or(|value| keep(key, value)));
    }

    /// Forgets one key.
    pub fn remove(&self, key: &K) {
        self.map.remove(key);
    }

    /// Forgets every key for which `keep` is false.
    pub fn retain(&self, mut keep: impl FnMut(&K) -> bool) {
        self.map.retain(|key, _| keep(key));
    }

    pub fn len(&self) -> usize {
        self.map.len()
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}
