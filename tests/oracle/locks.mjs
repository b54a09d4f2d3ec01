// What the documents of the rules on migrations say of locks and rewrites, asked of PostgreSQL itself: each statement is run in
// a transaction, and pg_locks and the table's file are looked at.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const home = process.env.COLUMNIST_ORACLE ?? path.dirname(fileURLToPath(import.meta.url));
const { PGlite } = await import(createRequire(path.join(home, 'package.json')).resolve('@electric-sql/pglite'));
const db = await PGlite.create();
await db.exec(`
  create table users (id int primary key, email text, age int, nick varchar(50));
  create table posts (id int primary key, user_id int);
  create index users_email on users (email);
  create view emails as select email from users;
  create type mood as enum ('a');
  insert into users values (1, 'a', 1, 'n');
  insert into posts values (1, 1);
  alter table users add constraint later check (age > 0) not valid;
  alter table posts add constraint later foreign key (user_id) references users not valid;
`);

// Of each table the strongest lock: AE is ACCESS EXCLUSIVE, SRE SHARE ROW EXCLUSIVE, S SHARE, SUE SHARE UPDATE EXCLUSIVE, RE
// ROW EXCLUSIVE, RS ROW SHARE. `!`: the table is written anew.
const CASES = {
  'create index i on users (age)': 'users S',
  'create unique index i on users (age)': 'users S',
  'alter table users add constraint u unique (email)': 'users AE',
  'alter table posts drop constraint posts_pkey': 'posts AE',
  'alter table users add constraint c check (age > 0)': 'users AE',
  'alter table users add constraint c check (age > 0) not valid': 'users AE',
  'alter table users validate constraint later': 'users SUE',
  'alter table posts add constraint f foreign key (user_id) references users': 'posts SRE, users SRE',
  'alter table posts add constraint f foreign key (user_id) references users not valid': 'posts SRE, users SRE',
  'alter table posts validate constraint later': 'posts SUE, users RS',
  'alter table posts rename to articles': 'posts AE',
  'alter table users rename column email to mail': 'users AE',
  'alter table users drop column email cascade': 'users AE',
  'drop table posts': 'posts AE, users AE',
  'drop index users_email': 'users AE',
  'alter table users alter email set not null': 'users AE',
  'alter table users alter age type bigint': 'users AE !',
  'alter table users alter nick type varchar(20)': 'users AE !',
  'alter table users alter nick type varchar(80)': 'users AE',
  'alter table users alter nick type text': 'users AE',
  'alter table users add column k int default 1': 'users AE',
  'alter table users add column k int not null default 1': 'users AE',
  'alter table users add column k timestamptz default now()': 'users AE',
  'alter table users add column k uuid default gen_random_uuid()': 'users AE !',
  'alter table users add column k int generated always as identity': 'users AE !',
  'alter table users add column k int generated always as (age + 1) stored': 'users AE !',
  'alter table users add column k int generated always as (age + 1) virtual': 'users AE',
  'update users set age = 2': 'users RE',
  'delete from posts': 'posts RE',
  "alter type mood add value 'b'": '',
};

const SHORT = { AccessExclusive: 'AE', Exclusive: 'E', ShareRowExclusive: 'SRE', Share: 'S', ShareUpdateExclusive: 'SUE', RowExclusive: 'RE', RowShare: 'RS' };
const ORDER = Object.values(SHORT);
const files = () => db.query(`select oid, relname, relfilenode from pg_class where relname in ('users', 'posts')`).then((it) => it.rows);
let failures = 0;
for (const [statement, expected] of Object.entries(CASES)) {
  const before = await files();
  await db.exec('begin');
  await db.exec(statement);
  const locks = (await db.query(`select relation, mode from pg_locks where mode <> 'AccessShareLock'`)).rows;
  const after = await files();
  await db.exec('rollback');
  const told = before.map(({ oid, relname, relfilenode }) => {
    const modes = locks.filter((it) => it.relation === oid).map((it) => SHORT[it.mode.replace('Lock', '')]);
    const now = after.find((it) => it.oid === oid);
    const strongest = ORDER.find((it) => modes.includes(it));
    return strongest && `${relname} ${strongest}${now && now.relfilenode !== relfilenode ? ' !' : ''}`;
  });
  const found = told.filter(Boolean).sort().join(', ');
  if (found !== expected) {
    failures += 1;
    console.log(`${statement}\n  expected ${expected}\n  found    ${found}`);
  }
}
console.log(`${Object.keys(CASES).length} statements, ${failures} differ`);
process.exitCode = failures > 0 ? 1 : 0;
