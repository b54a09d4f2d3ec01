import { type } from 'arktype';

export const email = type('string.email');
export const input = type({
  // A comment stays one.
  'search?': '0 < string <= 100',
  "status?": "'draft' | 'published' | null",
  page: 'number.integer >= 1 = 1',
  tags: type('string[] <= 40').array().atMostLength(10),
  nested: { at: "Date > d'2024-01-01'", slug: /^[a-z]+$/, list: ['string', '=', "none"] },
  code: "string#code & /^[A-Z]{3}$/",
  '[string]': 'unknown',
});
const types = scope({ User: { name: 'string', friends: 'User[]' } });
type NotACall = { name: 'string' };
await user.type(element, 'text');
