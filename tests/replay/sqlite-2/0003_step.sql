CREATE TABLE `t5` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c5` real DEFAULT 1.5 NOT NULL,
	`c0` text NOT NULL,
	`c1` integer,
	`c11` integer
);
