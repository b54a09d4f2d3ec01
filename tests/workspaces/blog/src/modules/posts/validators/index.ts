import { type } from 'arktype';

import { ID_LENGTH } from '@/lib/nanoid';

export const postId = type(`string == ${ID_LENGTH}` as const);

export const listPostsInput = type({
  'search?': '0 < string <= 100',
  'status?': "'draft' | 'scheduled' | 'published' | 'archived'",
  'categorySlug?': 'string <= 80',
  'sort?': "'newest' | 'popular' | 'title'",
  page: 'number.integer >= 1 = 1',
  perPage: '1 <= number.integer <= 100 = 20',
});

export const createPostInput = type({
  authorId: 'string',
  title: '1 <= string <= 200',
  slug: /^[a-z0-9]+(-[a-z0-9]+)*$/,
  body: 'string',
  'excerpt?': 'string <= 500',
  tags: type('string <= 40').array().atMostLength(10),
});

export const publishPostsInput = type({
  ids: postId.array().atLeastLength(1),
});

export const recordViewInput = type({
  postId,
  visitorIsNew: 'boolean',
});

export const tagInput = type({ from: '1 <= string <= 40', to: '1 <= string <= 40' });
