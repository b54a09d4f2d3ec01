import { defineConfig } from 'drizzle-kit';

import { env } from './src/configs/env';

export default defineConfig({
  dialect: 'postgresql',
  casing: 'snake_case',
  schema: './src/lib/db/schemas',
  out: './src/lib/db/migrations',
  dbCredentials: { url: env.DATABASE_URL },
});
