PRAGMA foreign_keys=OFF;
--> statement-breakpoint
CREATE TABLE `__new_t0` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c5` real DEFAULT 1.5 NOT NULL,
	`c7` text(20) NOT NULL,
	`c2` integer DEFAULT true NOT NULL
);

--> statement-breakpoint
INSERT INTO `__new_t0`("id", "c5", "c7", "c2") SELECT "id", "c5", "c7", "c2" FROM `t0`;
--> statement-breakpoint
DROP TABLE `t0`;
--> statement-breakpoint
ALTER TABLE `__new_t0` RENAME TO `t0`;
--> statement-breakpoint
PRAGMA foreign_keys=ON;
--> statement-breakpoint
CREATE TABLE `__new_t1` (
	`id` integer,
	`c9` integer NOT NULL,
	`c6` integer NOT NULL,
	PRIMARY KEY(`c9`, `c6`),
	FOREIGN KEY (`c6`) REFERENCES `t1`(`id`) ON UPDATE no action ON DELETE set null
);

--> statement-breakpoint
INSERT INTO `__new_t1`("id", "c9", "c6") SELECT "id", "c9", "c6" FROM `t1`;
--> statement-breakpoint
DROP TABLE `t1`;
--> statement-breakpoint
ALTER TABLE `__new_t1` RENAME TO `t1`;
--> statement-breakpoint
CREATE UNIQUE INDEX `t1_i12` ON `t1` (`c6`);
--> statement-breakpoint
CREATE UNIQUE INDEX `t1_uq` ON `t1` (`c9`,`c6`);