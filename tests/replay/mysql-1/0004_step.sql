CREATE TABLE `t1` (
	`id` int AUTO_INCREMENT NOT NULL,
	`c2` decimal(10,2),
	`c8` timestamp(3),
	`c5` decimal(10,2),
	`c7` decimal(10,2),
	CONSTRAINT `t1_id` PRIMARY KEY(`id`),
	CONSTRAINT `t1_c2_unique` UNIQUE(`c2`),
	CONSTRAINT `t1_c5_unique` UNIQUE(`c5`)
);
