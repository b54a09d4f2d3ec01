import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';

import { env } from '@/configs/env';
import { db } from '@/lib/db';
import { nanoid } from '@/lib/nanoid';

export const auth = betterAuth({
  baseURL: env.BETTER_AUTH_URL,
  secret: env.BETTER_AUTH_SECRET,
  database: drizzleAdapter(db, { provider: 'pg', usePlural: true }),
  advanced: { database: { generateId: () => nanoid() } },
  emailAndPassword: { enabled: true },
  user: {
    additionalFields: {
      bio: { type: 'string', required: false },
    },
  },
  telemetry: { enabled: false },
});
