CREATE TABLE `domain_checks` (
	`domain` text PRIMARY KEY NOT NULL,
	`checked_at` integer NOT NULL,
	`where` text NOT NULL,
	`addresses` text NOT NULL
);
