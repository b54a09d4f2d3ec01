ALTER TABLE `t0` MODIFY COLUMN `c3` varchar(60) NOT NULL DEFAULT 'x';
--> statement-breakpoint
ALTER TABLE `t0` ADD `c5` enum('a','b');
--> statement-breakpoint
ALTER TABLE `t0` ADD CONSTRAINT `t0_uq` UNIQUE(`c1`,`c3`);