import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';

import { postQueries } from '@/modules/posts/api';

const newest = postQueries.list({ status: 'published', sort: 'newest' });

export const Route = createFileRoute('/')({
  loader: ({ context }) => context.queryClient.ensureQueryData(newest),
  component: Home,
});

function Home() {
  const { data: posts } = useSuspenseQuery(newest);
  return (
    <ul>
      {posts.map((post) => (
        <li key={post.id}>
          <Link to="/posts/$postId" params={{ postId: post.id }}>
            {post.title}
          </Link>{' '}
          by {post.author}, {post.comments} comments
        </li>
      ))}
    </ul>
  );
}
