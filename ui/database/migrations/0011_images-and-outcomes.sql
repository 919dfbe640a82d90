ALTER TABLE `deployments` ADD `image_id` text;--> statement-breakpoint
ALTER TABLE `deployments` ADD `code_id` integer;--> statement-breakpoint
CREATE INDEX `deployments_image` ON `deployments` (`app_id`,`image_id`) WHERE "deployments"."image_id" is not null;--> statement-breakpoint
UPDATE `deployments` SET `status` = 'refused', `failed_step` = NULL WHERE `failed_step` = 'lock';--> statement-breakpoint
UPDATE `deployments` SET `status` = 'skipped', `failed_step` = NULL WHERE `status` = 'failed' AND `failed_step` = 'received' AND `reason` LIKE 'Nothing was deployed: Dokku deploys %';--> statement-breakpoint
UPDATE `deployments` SET `status` = 'skipped', `number` = -`id` WHERE `status` = 'succeeded' AND `source` = 'git:sync' AND `builder` = '' AND `live_at` IS NULL;--> statement-breakpoint
UPDATE `apps` SET
	`last_deployment_id` = (SELECT d.`id` FROM `deployments` d WHERE d.`app_id` = `apps`.`id` AND d.`status` NOT IN ('skipped', 'refused') ORDER BY d.`number` DESC LIMIT 1),
	`recent` = coalesce((SELECT group_concat(letter, '') FROM (SELECT letter FROM (SELECT substr(d.`status`, 1, 1) AS letter, d.`number` AS place FROM `deployments` d WHERE d.`app_id` = `apps`.`id` AND d.`status` NOT IN ('skipped', 'refused') ORDER BY d.`number` DESC LIMIT 10) ORDER BY place)), '');
