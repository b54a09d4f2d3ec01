ALTER TYPE "public"."post_status" ADD VALUE 'scheduled' BEFORE 'published';--> statement-breakpoint
ALTER TABLE "categories" ALTER COLUMN "description" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "comment_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "reading_minutes" integer;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "rating" numeric(3, 2);--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_rating_range" CHECK ("posts"."rating" between 0 and 5);--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_reading_minutes_positive" CHECK ("posts"."reading_minutes" > 0);