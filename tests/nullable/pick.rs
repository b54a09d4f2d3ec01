//! What is chosen at random.

/// A generator of numbers, of which only the state is kept (xorshift64*).
pub trait Pick {
    fn state(&mut self) -> &mut u64;

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        let state = self.state();
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n.max(1)
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A state for a seed: never zero.
pub fn state(seed: u64) -> u64 {
    seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1
}
