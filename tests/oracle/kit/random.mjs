// Random choices that the seed alone decides.

/** A generator of numbers in [0, 1): mulberry32. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Random {
  constructor(seed) {
    this.next = numbers(seed);
  }

  int(from, to) {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with this probability. */
  chance(p) {
    return this.next() < p;
  }

  pick(items) {
    return items[Math.floor(this.next() * items.length)];
  }

  /** `[[weight, value], …]` */
  weighted(items) {
    let at = this.next() * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of items) {
      at -= weight;
      if (at < 0) return value;
    }
    return items[items.length - 1][1];
  }

  shuffle(items) {
    const res = [...items];
    for (let i = res.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [res[i], res[j]] = [res[j], res[i]];
    }
    return res;
  }

  /** Between `min` and `max` of the items, in their order. */
  some(items, min, max) {
    const n = Math.min(items.length, this.int(min, max));
    const chosen = new Set(this.shuffle(items.map((_, i) => i)).slice(0, n));
    return items.filter((_, i) => chosen.has(i));
  }
}
