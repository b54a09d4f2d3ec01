CREATE TABLE `t0` (
	`id` int AUTO_INCREMENT NOT NULL,
	`c11` text NOT NULL,
	`c8` text NOT NULL,
	`c7` double NOT NULL,
	CONSTRAINT `t0_id` PRIMARY KEY(`id`)
);

--> statement-breakpoint
CREATE TABLE `t1` (
	`id` int,
	`c3` enum('a','b') NOT NULL,
	`c5` bigint unsigned NOT NULL,
	CONSTRAINT `t1_c3_c5_pk` PRIMARY KEY(`c3`,`c5`),
	CONSTRAINT `t1_c3_unique` UNIQUE(`c3`)
);
