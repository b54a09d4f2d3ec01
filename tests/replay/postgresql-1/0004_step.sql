DROP INDEX "t1_i11";
--> statement-breakpoint
ALTER TABLE "t1" ALTER COLUMN "c7" DROP NOT NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "t1_i12" ON "t1" USING btree ("c11");