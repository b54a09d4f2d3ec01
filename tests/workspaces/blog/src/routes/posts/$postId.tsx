import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';

import { commentQueries } from '@/modules/comments/api';
import { postQueries } from '@/modules/posts/api';

export const Route = createFileRoute('/posts/$postId')({
  loader: async ({ context, params }) => {
    await Promise.all([
      context.queryClient.ensureQueryData(postQueries.detail(params.postId)),
      context.queryClient.ensureQueryData(commentQueries.thread(params.postId)),
    ]);
  },
  component: PostPage,
});

function PostPage() {
  const { postId } = Route.useParams();
  const { data: post } = useSuspenseQuery(postQueries.detail(postId));
  const { data: thread } = useSuspenseQuery(commentQueries.thread(postId));
  return (
    <article>
      <h1>{post.title}</h1>
      <p>{post.author.name}</p>
      <div>{post.body}</div>
      {thread.map((comment) => (
        <p key={comment.id}>{comment.body}</p>
      ))}
    </article>
  );
}
