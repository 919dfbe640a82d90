CREATE TABLE `job_output_chunks` (
	`job_id` integer NOT NULL,
	`first_line` integer NOT NULL,
	`lines` integer NOT NULL,
	`raw_bytes` integer NOT NULL,
	`times` text NOT NULL,
	`data` blob NOT NULL,
	PRIMARY KEY(`job_id`, `first_line`)
);
--> statement-breakpoint
CREATE TABLE `job_outputs` (
	`job_id` integer PRIMARY KEY NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL,
	`lines` integer DEFAULT 0 NOT NULL,
	`dropped_lines` integer DEFAULT 0 NOT NULL,
	`complete` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_schedules` (
	`name` text PRIMARY KEY NOT NULL,
	`pattern` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`account_id` integer,
	`who` text NOT NULL,
	`next_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`app` text,
	`account_id` integer,
	`who` text NOT NULL,
	`payload` text NOT NULL,
	`command` text NOT NULL,
	`input` integer DEFAULT false NOT NULL,
	`priority` integer NOT NULL,
	`run_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`most_attempts` integer DEFAULT 1 NOT NULL,
	`backoff_ms` integer DEFAULT 0 NOT NULL,
	`state` text NOT NULL,
	`progress` text DEFAULT '' NOT NULL,
	`exit_code` integer,
	`reason` text DEFAULT '' NOT NULL,
	`queued_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`retry_of` integer,
	`schedule` text,
	`token` text NOT NULL,
	`worker` text DEFAULT '' NOT NULL,
	`lease_until` integer,
	`canceled_by` text
);
--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`state`,`priority`,`id`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `jobs_open_app` ON `jobs` (`app`,`state`) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX `jobs_state` ON `jobs` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_app` ON `jobs` (`app`,`id`);