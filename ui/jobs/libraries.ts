/** What speaks to Redis, in a bundle of its own: it is larger than the panel, and few have a Redis. */
export * as bullmq from 'bullmq'
export * as ioredis from 'ioredis'
