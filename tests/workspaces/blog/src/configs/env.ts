import { type } from 'arktype';

const Env = type({
  DATABASE_URL: 'string.url',
  BETTER_AUTH_URL: "string.url = 'http://localhost:3000'",
  BETTER_AUTH_SECRET: 'string >= 32',
  NODE_ENV: "'development' | 'production' | 'test' = 'development'",
});

const parsed = Env(process.env);
if (parsed instanceof type.errors) {
  throw new Error(`Environment is not complete:\n${parsed.summary}`);
}

export const env = parsed;
