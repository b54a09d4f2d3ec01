DROP TABLE `t1`;
--> statement-breakpoint
ALTER TABLE `t0` ADD CONSTRAINT `t0_c8_t0_id_fk` FOREIGN KEY (`c8`) REFERENCES `t0`(`id`) ON DELETE set null ON UPDATE no action;