DROP INDEX `jobs_open_app`;--> statement-breakpoint
DROP INDEX `jobs_state`;--> statement-breakpoint
DROP INDEX `jobs_app`;--> statement-breakpoint
DROP INDEX `jobs_open`;--> statement-breakpoint
CREATE INDEX `jobs_open` ON `jobs` (`state`,`priority`,`id`,`app`) WHERE ended_at is null;