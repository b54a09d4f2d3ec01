DROP TABLE `t0`;
--> statement-breakpoint
PRAGMA foreign_keys=OFF;
--> statement-breakpoint
CREATE TABLE `__new_t8` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c0` text(20) DEFAULT 'x',
	`c9` real DEFAULT 1.5 NOT NULL,
	`c7` integer
);

--> statement-breakpoint
INSERT INTO `__new_t8`("id", "c0", "c9", "c7") SELECT "id", "c0", "c9", "c7" FROM `t8`;
--> statement-breakpoint
DROP TABLE `t8`;
--> statement-breakpoint
ALTER TABLE `__new_t8` RENAME TO `t8`;
--> statement-breakpoint
PRAGMA foreign_keys=ON;
--> statement-breakpoint
CREATE UNIQUE INDEX `t8_c0_unique` ON `t8` (`c0`);
--> statement-breakpoint
CREATE INDEX `t1_i2` ON `t1` (`c9`);