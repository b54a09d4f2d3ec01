// One small mistake in a statement that is right.

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+|[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?(?:e-?\d+)?|::|=>|:=|[-+*/<>=~!@#%^&|?]+|\S/g;

const KEYWORDS = new Set(`select from where and or not on join left right full inner outer cross group by order having limit offset as in is null insert into values
 update set delete using returning with recursive union all except intersect case when then else end distinct exists between like ilike cast array row
 lateral over partition filter within conflict do nothing merge matched asc desc nulls first last any default true false natural window rows range for
 only interval collate similar to escape unknown of extract at time zone fetch next preceding following unbounded current materialized overriding system value`.split(/\s+/));

const OTHERS = ["'abc'", 'true', '99', 'null', 'now()', '1.5', "'{}'", "'2024-01-01'", 'array[1]', '$7', "date '2024-01-01'", "'1'::jsonb", "''"];

export function mutate(random, sql) {
  const tokens = [...sql.matchAll(TOKEN)].map((it) => ({ text: it[0], from: it.index, to: it.index + it[0].length }));
  const of = (test) => tokens.filter((it) => test(it.text));
  const names = of((it) => /^["A-Za-z_]/.test(it) && !KEYWORDS.has(it.toLowerCase()));
  const replace = (it, text) => (it ? sql.slice(0, it.from) + text + sql.slice(it.to) : null);
  const ways = [
    [5, ['misspelt', () => { const it = random.one(names); return it && replace(it, random.one([`${it.text}x`, it.text.slice(0, -1) || 'a', it.text + it.text])); }]],
    [5, ['swapped names', () => { const it = random.one(names); return it && replace(it, random.one(names).text); }]],
    [6, ['another literal', () => { const it = random.one(of((t) => /^['\d]/.test(t))); return it && replace(it, random.one(OTHERS)); }]],
    [3, ['typed parameter', () => { const it = random.one(of((t) => /^\$/.test(t))); return it && replace(it, random.one(["'x'::text", '1::int', "'{}'::jsonb", 'null::date', 'true', 'array[1]'])); }]],
    [2, ['another operator', () => { const it = random.one(of((t) => /^[-+*/<>=~!@#%^&|?]+$/.test(t))); return it && replace(it, random.one(['=', '+', '||', '->', '<', '@>', '~', '&&', '-'])); }]],
    [2, ['dropped', () => { const it = random.one(tokens); return it && replace(it, ''); }]],
    [1, ['doubled', () => { const it = random.one(tokens); return it && replace(it, `${it.text} ${it.text}`); }]],
    [1, ['transposed', () => { const at = random.below(tokens.length - 1); const [a, b] = [tokens[at], tokens[at + 1]]; return b ? sql.slice(0, a.from) + b.text + ' ' + a.text + sql.slice(b.to) : null; }]],
  ];
  const [name, make] = random.weighted(ways);
  const text = make();
  return text && text !== sql ? { name, sql: text } : null;
}
