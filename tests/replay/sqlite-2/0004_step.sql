PRAGMA foreign_keys=OFF;
--> statement-breakpoint
CREATE TABLE `__new_t5` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c5` real DEFAULT 1.5 NOT NULL,
	`c0` text,
	`c1` integer,
	`c11` integer
);

--> statement-breakpoint
INSERT INTO `__new_t5`("id", "c5", "c0", "c1", "c11") SELECT "id", "c5", "c0", "c1", "c11" FROM `t5`;
--> statement-breakpoint
DROP TABLE `t5`;
--> statement-breakpoint
ALTER TABLE `__new_t5` RENAME TO `t5`;
--> statement-breakpoint
PRAGMA foreign_keys=ON;