DROP VIEW "public"."published_posts";--> statement-breakpoint
DROP INDEX "posts_author_id_idx";--> statement-breakpoint
DROP INDEX "posts_slug_idx";--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "search_vector" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('english', "posts"."title"), 'A') || setweight(to_tsvector('english', coalesce("posts"."excerpt", '')), 'B') || setweight(to_tsvector('english', "posts"."body"), 'C')) STORED;--> statement-breakpoint
CREATE INDEX "posts_author_id_created_at_idx" ON "posts" USING btree ("author_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "posts_slug_key" ON "posts" USING btree (lower("slug"));--> statement-breakpoint
CREATE INDEX "posts_published_at_idx" ON "posts" USING btree ("published_at" DESC NULLS LAST) WHERE "posts"."status" = 'published';--> statement-breakpoint
CREATE INDEX "posts_tags_idx" ON "posts" USING gin ("tags");--> statement-breakpoint
CREATE INDEX "posts_search_vector_idx" ON "posts" USING gin ("search_vector");--> statement-breakpoint
CREATE MATERIALIZED VIEW "public"."post_stats" AS (select p.id as post_id, coalesce(v.total, 0)::integer as total_views, count(c.id)::integer as approved_comments, max(c.created_at) as last_comment_at from "posts" p left join "comments" c on c.post_id = p.id and c.status = 'approved' left join (select post_id, sum(views) as total from "post_daily_stats" group by post_id) v on v.post_id = p.id group by p.id, v.total);--> statement-breakpoint
CREATE VIEW "public"."published_posts" AS (select "posts"."id", "posts"."author_id", "users"."name" as author_name, "posts"."title", "posts"."slug", "posts"."reading_minutes", "posts"."published_at" from "posts" inner join "users" on "users"."id" = "posts"."author_id" where "posts"."status" = 'published');