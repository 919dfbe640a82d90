ALTER TABLE `apps` ADD `next_image_id` text;--> statement-breakpoint
ALTER TABLE `apps` ADD `proxy` text;--> statement-breakpoint
ALTER TABLE `apps` ADD `web_listener` text;--> statement-breakpoint
ALTER TABLE `apps` ADD `upstreams` text;--> statement-breakpoint
ALTER TABLE `containers` ADD `image_id` text;--> statement-breakpoint
ALTER TABLE `containers` ADD `image` text;--> statement-breakpoint
ALTER TABLE `containers` ADD `started_at` integer;--> statement-breakpoint
ALTER TABLE `containers` ADD `finished_at` integer;--> statement-breakpoint
ALTER TABLE `containers` ADD `oom_killed` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `containers` ADD `restarts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `containers` ADD `restart_policy` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `containers` ADD `max_restarts` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `containers` ADD `memory_limit` integer;--> statement-breakpoint
ALTER TABLE `containers` ADD `addresses` text DEFAULT '[]' NOT NULL;