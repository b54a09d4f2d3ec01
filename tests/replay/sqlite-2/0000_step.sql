CREATE TABLE `t0` (
	`id` integer,
	`c2` integer DEFAULT (unixepoch()) NOT NULL,
	`c5` text(20) NOT NULL,
	`c0` integer DEFAULT 1,
	`c10` real,
	PRIMARY KEY(`c2`, `c5`)
);

--> statement-breakpoint
CREATE UNIQUE INDEX `t0_c5_unique` ON `t0` (`c5`);
--> statement-breakpoint
CREATE TABLE `t1` (
	`id` integer,
	`c1` text NOT NULL,
	`c8` text DEFAULT 'it''s' NOT NULL,
	`c2` blob,
	PRIMARY KEY(`c1`, `c8`)
);
