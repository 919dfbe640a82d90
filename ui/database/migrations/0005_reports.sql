CREATE TABLE `reports` (
	`app_id` integer NOT NULL,
	`name` text NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `name`)
);
