CREATE INDEX `events_actor` ON `events` (`actor`,`seq`);--> statement-breakpoint
CREATE INDEX `events_trigger` ON `events` (`trigger`,`seq`);