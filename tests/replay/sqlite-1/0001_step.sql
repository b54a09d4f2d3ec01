PRAGMA foreign_keys=OFF;
--> statement-breakpoint
CREATE TABLE `__new_t0` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`c5` real DEFAULT 1.5 NOT NULL,
	`c7` text(20) NOT NULL,
	`c2` integer DEFAULT true
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
CREATE UNIQUE INDEX `t1_i12` ON `t1` (`c6`);
--> statement-breakpoint
CREATE UNIQUE INDEX `t1_uq` ON `t1` (`c9`,`c6`);