-- Custom SQL migration file, put your code below! --
UPDATE "posts"
SET "reading_minutes" = greatest(1, ceil(array_length(regexp_split_to_array(trim("body"), '\s+'), 1) / 220.0))::integer
WHERE "reading_minutes" IS NULL;
--> statement-breakpoint
UPDATE "posts" AS p
SET "comment_count" = c.approved
FROM (
	SELECT post_id, count(*)::integer AS approved
	FROM "comments"
	WHERE status = 'approved'
	GROUP BY post_id
) AS c
WHERE c.post_id = p.id;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION refresh_post_comment_count() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
	changed text := coalesce(NEW.post_id, OLD.post_id);
BEGIN
	UPDATE posts
	SET comment_count = (
		SELECT count(*) FROM comments WHERE comments.post_id = changed AND comments.status = 'approved'
	)
	WHERE posts.id = changed;
	RETURN NULL;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER comments_refresh_post_comment_count
AFTER INSERT OR DELETE OR UPDATE OF status ON "comments"
FOR EACH ROW EXECUTE FUNCTION refresh_post_comment_count();
