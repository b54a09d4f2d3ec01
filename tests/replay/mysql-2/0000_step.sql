CREATE TABLE `t0` (
	`id` int AUTO_INCREMENT NOT NULL,
	`c1` boolean,
	`c3` datetime,
	`c11` datetime,
	`c6` int,
	CONSTRAINT `t0_id` PRIMARY KEY(`id`),
	CONSTRAINT `t0_c11_unique` UNIQUE(`c11`),
	CONSTRAINT `t0_ck` CHECK(`t0`.`id` > 0)
);

--> statement-breakpoint
CREATE TABLE `t1` (
	`id` int AUTO_INCREMENT NOT NULL,
	`c1` bigint unsigned DEFAULT 9,
	`c11` varchar(20) NOT NULL DEFAULT 'it''s',
	`c8` varchar(20) DEFAULT 'x',
	CONSTRAINT `t1_id` PRIMARY KEY(`id`),
	CONSTRAINT `t1_c11_unique` UNIQUE(`c11`)
);
