ALTER TABLE `t0` DROP INDEX `t0_i2`;
--> statement-breakpoint
ALTER TABLE `t0` DROP COLUMN `c11`;