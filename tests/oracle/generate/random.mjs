// Random choices that a seed repeats.

/** xorshift128 over a text seed. */
export class Random {
  constructor(seed) {
    let h = 2166136261;
    const next = () => {
      h = Math.imul(h ^ (h >>> 15), 2246822519);
      h = Math.imul(h ^ (h >>> 13), 3266489917);
      h ^= h >>> 16;
      return h >>> 0;
    };
    for (const c of String(seed)) h = Math.imul(h ^ c.codePointAt(0), 16777619);
    this.s = [next() | 1, next(), next(), next()];
  }

  bits() {
    const s = this.s;
    let t = s[3];
    const a = s[0];
    s[3] = s[2];
    s[2] = s[1];
    s[1] = a;
    t ^= t << 11;
    t ^= t >>> 8;
    s[0] = t ^ a ^ (a >>> 19);
    return s[0] >>> 0;
  }

  /** From 0 to n - 1. */
  below(n) {
    return n > 0 ? this.bits() % n : 0;
  }

  chance(p) {
    return this.bits() / 4294967296 < p;
  }

  one(list) {
    return list[this.below(list.length)];
  }

  /** Up to n different ones, in random order. */
  some(list, n) {
    const rest = [...list];
    const res = [];
    while (res.length < n && rest.length) res.push(rest.splice(this.below(rest.length), 1)[0]);
    return res;
  }

  /** `[[weight, value], …]`. */
  weighted(list) {
    let at = this.below(list.reduce((sum, it) => sum + it[0], 0));
    for (const [weight, value] of list) if ((at -= weight) < 0) return value;
    return list[0][1];
  }

  times(min, max, f) {
    return Array.from({ length: min + this.below(max - min + 1) }, (_, i) => f(i));
  }
}
