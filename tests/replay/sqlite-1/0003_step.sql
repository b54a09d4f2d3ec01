CREATE TABLE `t8` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c0` text(20) DEFAULT 'x',
	`c9` real DEFAULT 1.5,
	`c7` integer
);

--> statement-breakpoint
CREATE UNIQUE INDEX `t8_c0_unique` ON `t8` (`c0`);
--> statement-breakpoint
DROP INDEX `t1_uq`;