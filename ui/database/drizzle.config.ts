import { defineConfig } from 'drizzle-kit'

/** `npx drizzle-kit generate --config ui/database/drizzle.config.ts` after a change to any table.ts. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './ui/*/table.ts',
  out: './ui/database/migrations',
})
