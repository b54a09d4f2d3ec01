ALTER TABLE "t1" ADD COLUMN "c11" jsonb DEFAULT '{}'::jsonb;
--> statement-breakpoint
CREATE UNIQUE INDEX "t1_i11" ON "t1" USING btree ("c6") WHERE "t1"."c6" is not null;