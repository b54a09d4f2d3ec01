DROP TABLE `t1`;
--> statement-breakpoint
ALTER TABLE `t0` DROP COLUMN `c10`;