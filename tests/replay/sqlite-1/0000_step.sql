CREATE TABLE `t0` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c5` real DEFAULT 1.5,
	`c7` integer,
	`c2` integer DEFAULT true
);

--> statement-breakpoint
CREATE TABLE `t1` (
	`id` integer,
	`c9` integer NOT NULL,
	`c6` integer NOT NULL,
	PRIMARY KEY(`c9`, `c6`)
);
