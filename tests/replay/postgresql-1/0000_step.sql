CREATE TABLE "t0" (
	"id" serial PRIMARY KEY NOT NULL,
	"c7" numeric(10, 2) NOT NULL,
	CONSTRAINT "t0_c7_unique" UNIQUE("c7")
);

--> statement-breakpoint
CREATE TABLE "t1" (
	"id" serial PRIMARY KEY NOT NULL,
	"c6" integer NOT NULL,
	"c7" varchar(40) NOT NULL
);
