CREATE TABLE `process_deaths` (
	`app_id` integer NOT NULL,
	`process` text NOT NULL,
	`container_id` text NOT NULL,
	`recent` text NOT NULL,
	`loop` text,
	`ooms` text,
	PRIMARY KEY(`app_id`, `process`)
);
--> statement-breakpoint
ALTER TABLE `apps` ADD `state_detail` text;--> statement-breakpoint
ALTER TABLE `apps` ADD `formation_read_at` integer;--> statement-breakpoint
ALTER TABLE `apps` ADD `scheduler` text;--> statement-breakpoint
ALTER TABLE `containers` ADD `told_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `containers` ADD `stop_requested_at` integer;--> statement-breakpoint
ALTER TABLE `containers` ADD `oom_at` integer;--> statement-breakpoint
ALTER TABLE `containers` ADD `created_at` integer;--> statement-breakpoint
ALTER TABLE `containers` ADD `in_service` integer;