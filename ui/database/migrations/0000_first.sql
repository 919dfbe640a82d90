CREATE TABLE `accounts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_name` ON `accounts` (`name`);--> statement-breakpoint
CREATE TABLE `one_time_tokens` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_hash` text NOT NULL,
	`purpose` text NOT NULL,
	`account_id` integer,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_tokens_hash` ON `one_time_tokens` (`token_hash`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_hash` text NOT NULL,
	`account_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account_id`);--> statement-breakpoint
CREATE TABLE `apps` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`host` text DEFAULT 'local' NOT NULL,
	`name` text NOT NULL,
	`former_name` text,
	`created_at` integer,
	`destroyed_at` integer,
	`state` text DEFAULT 'unknown' NOT NULL,
	`state_at` integer,
	`stopped` integer DEFAULT false NOT NULL,
	`locked` integer DEFAULT false NOT NULL,
	`deploy_source` text DEFAULT '' NOT NULL,
	`deploy_source_metadata` text DEFAULT '' NOT NULL,
	`front` integer DEFAULT false NOT NULL,
	`live_deployment_id` integer,
	`last_deployment_id` integer,
	`next_number` integer DEFAULT 1 NOT NULL,
	`recent` text DEFAULT '' NOT NULL,
	`last_event_at` integer,
	`looked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `apps_name` ON `apps` (`host`,`name`) WHERE "apps"."destroyed_at" is null;--> statement-breakpoint
CREATE INDEX `apps_any_name` ON `apps` (`name`);--> statement-breakpoint
CREATE INDEX `apps_former_name` ON `apps` (`former_name`) WHERE "apps"."former_name" is not null;--> statement-breakpoint
CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`who` text NOT NULL,
	`action` text NOT NULL,
	`subject` text DEFAULT '' NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`before` text,
	`after` text
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE INDEX `audit_who` ON `audit` (`who`,`id`);--> statement-breakpoint
CREATE TABLE `certificates` (
	`app_id` integer PRIMARY KEY NOT NULL,
	`hostnames` text DEFAULT '[]' NOT NULL,
	`issuer` text DEFAULT '' NOT NULL,
	`subject` text DEFAULT '' NOT NULL,
	`starts_at` integer,
	`expires_at` integer,
	`verified` text DEFAULT '' NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `config_keys` (
	`app_id` integer NOT NULL,
	`key` text NOT NULL,
	`change` text NOT NULL,
	`changed_at` integer NOT NULL,
	`changed_by` text NOT NULL,
	PRIMARY KEY(`app_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `deployments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`host` text DEFAULT 'local' NOT NULL,
	`app_id` integer NOT NULL,
	`number` integer NOT NULL,
	`build_id` text NOT NULL,
	`kind` text NOT NULL,
	`source` text NOT NULL,
	`status` text NOT NULL,
	`actor` text NOT NULL,
	`door` text NOT NULL,
	`fingerprint` text DEFAULT '' NOT NULL,
	`command` text DEFAULT '' NOT NULL,
	`revision` text DEFAULT '' NOT NULL,
	`author` text DEFAULT '' NOT NULL,
	`subject` text DEFAULT '' NOT NULL,
	`image` text DEFAULT '' NOT NULL,
	`builder` text DEFAULT '' NOT NULL,
	`source_type` text DEFAULT '' NOT NULL,
	`source_metadata` text DEFAULT '' NOT NULL,
	`pid` integer NOT NULL,
	`pid_start` text DEFAULT '' NOT NULL,
	`log_file` text NOT NULL,
	`started_at` integer NOT NULL,
	`live_at` integer,
	`ended_at` integer,
	`judged_at` integer,
	`exit_code` integer,
	`failed_step` text,
	`reason` text DEFAULT '' NOT NULL,
	`reason_lines` text DEFAULT '[]' NOT NULL,
	`steps` text DEFAULT '[]' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_build` ON `deployments` (`host`,`build_id`,`app_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_number` ON `deployments` (`app_id`,`number`);--> statement-breakpoint
CREATE INDEX `deployments_to_judge` ON `deployments` (`id`) WHERE "deployments"."judged_at" is null;--> statement-breakpoint
CREATE INDEX `deployments_app` ON `deployments` (`app_id`,`id`);--> statement-breakpoint
CREATE INDEX `deployments_status` ON `deployments` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `deployments_actor` ON `deployments` (`actor`,`id`);--> statement-breakpoint
CREATE INDEX `deployments_door` ON `deployments` (`door`,`id`);--> statement-breakpoint
CREATE INDEX `deployments_started` ON `deployments` (`started_at`);--> statement-breakpoint
CREATE TABLE `domains` (
	`app_id` integer NOT NULL,
	`domain` text NOT NULL,
	`since` integer NOT NULL,
	`added_by` text DEFAULT '' NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`app_id`, `domain`)
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`host` text DEFAULT 'local' NOT NULL,
	`origin` text NOT NULL,
	`trigger` text NOT NULL,
	`at` integer NOT NULL,
	`args` text NOT NULL,
	`build_id` text DEFAULT '' NOT NULL,
	`build_source` text DEFAULT '' NOT NULL,
	`log_file` text DEFAULT '' NOT NULL,
	`command` text DEFAULT '' NOT NULL,
	`ssh_user` text DEFAULT '' NOT NULL,
	`ssh_name` text DEFAULT '' NOT NULL,
	`fingerprint` text DEFAULT '' NOT NULL,
	`sudo_user` text DEFAULT '' NOT NULL,
	`login_uid` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`actor` text NOT NULL,
	`door` text NOT NULL,
	`app` text,
	`app_id` integer,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id` ON `events` (`host`,`id`);--> statement-breakpoint
CREATE INDEX `events_app` ON `events` (`app_id`,`seq`);--> statement-breakpoint
CREATE INDEX `events_build` ON `events` (`build_id`) WHERE "events"."build_id" <> '';--> statement-breakpoint
CREATE INDEX `events_at` ON `events` (`at`);--> statement-breakpoint
CREATE TABLE `log_chunks` (
	`deployment_id` integer NOT NULL,
	`first_line` integer NOT NULL,
	`lines` integer NOT NULL,
	`raw_bytes` integer NOT NULL,
	`times` text NOT NULL,
	`data` blob NOT NULL,
	PRIMARY KEY(`deployment_id`, `first_line`)
);
--> statement-breakpoint
CREATE TABLE `logs` (
	`deployment_id` integer PRIMARY KEY NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL,
	`lines` integer DEFAULT 0 NOT NULL,
	`dropped_lines` integer DEFAULT 0 NOT NULL,
	`complete` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE `containers` (
	`id` text PRIMARY KEY NOT NULL,
	`app_id` integer NOT NULL,
	`process_type` text NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`exit_code` integer,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `containers_app` ON `containers` (`app_id`);--> statement-breakpoint
CREATE TABLE `process_types` (
	`app_id` integer NOT NULL,
	`process_type` text NOT NULL,
	`quantity` integer NOT NULL,
	PRIMARY KEY(`app_id`, `process_type`)
);
