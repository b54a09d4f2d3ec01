#!/usr/bin/env python3
"""Writes a TypeScript + Drizzle workspace of any size, the same for the same arguments.

usage: genworkspace.py DIR TABLES FILES

TABLES tables in schema modules of 25, each with ten to fourteen columns, an index and a foreign key to an earlier table;
FILES application modules of about 100 lines, every fourth with SQL templates (statements, predicates, a conditional
hole) over real tables. All SQL is right, so a check of it reports nothing.
"""

import json
import pathlib
import random
import sys

PER_MODULE = 25
# Property, Drizzle call.
COLUMNS = [
    ("title", "varchar({ length: 200 }).notNull()"),
    ("body", "text()"),
    ("viewCount", "integer().notNull().default(0)"),
    ("rating", "doublePrecision()"),
    ("isPublic", "boolean().notNull().default(false)"),
    ("payload", "jsonb()"),
    ("price", "numeric({ precision: 12, scale: 2 })"),
    ("publishedAt", "timestamp({ withTimezone: true })"),
    ("createdAt", "timestamp().notNull().defaultNow()"),
    ("labels", "text().array()"),
    ("slug", "text().unique()"),
]
HELPERS = "\n".join(
    f"""export function pick{i}(rows: {{ id: string; n: number }}[], limit: number) {{
  return rows.filter((row) => row.n > limit).map((row) => `${{row.id}}:{i}`)
}}"""
    for i in range(28)
)


def main() -> None:
    directory, n_tables, n_files = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(20)

    def write(path: str, text: str) -> None:
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    package = {"name": "generated", "private": True, "dependencies": {"drizzle-orm": "^0.45.0"}}
    write("package.json", json.dumps(package, indent=2) + "\n")
    options = {"strict": True, "baseUrl": ".", "paths": {"@/*": ["./src/*"]}}
    write("tsconfig.json", json.dumps({"compilerOptions": options}, indent=2) + "\n")
    write(
        "drizzle.config.ts",
        "import { defineConfig } from 'drizzle-kit'\n\n"
        "export default defineConfig({\n  dialect: 'postgresql',\n  casing: 'snake_case',\n"
        "  schema: './src/db/schema',\n  out: './drizzle',\n})\n",
    )
    for module in range((n_tables + PER_MODULE - 1) // PER_MODULE):
        write(f"src/db/schema/part{module}.ts", schema_module(module, n_tables, rng))
    modules = range((n_tables + PER_MODULE - 1) // PER_MODULE)
    write("src/db/schema/index.ts", "".join(f"export * from './part{it}'\n" for it in modules))
    write(
        "src/db/index.ts",
        "import { drizzle } from 'drizzle-orm/node-postgres'\n\nimport * as schema from './schema'\n\n"
        "export const db = drizzle(process.env.DATABASE_URL!, { schema, casing: 'snake_case' })\n",
    )
    for it in range(n_files):
        text = queries(it, n_tables, rng) if it % 4 == 0 else ""
        write(f"src/modules/area{it // 40}/module{it}.ts", text + HELPERS + "\n")


def schema_module(module: int, n_tables: int, rng: random.Random) -> str:
    own = range(module * PER_MODULE, min(n_tables, (module + 1) * PER_MODULE))
    targets = {table: rng.randrange(max(0, table - 60), table) for table in own if table}
    lines = [
        "import { boolean, doublePrecision, index, integer, jsonb, numeric, pgTable, text, timestamp, varchar } from "
        "'drizzle-orm/pg-core'\n"
    ]
    for other in sorted({it // PER_MODULE for it in targets.values()} - {module}):
        lines.append(f"import * as part{other} from './part{other}'")
    for table in own:
        lines.append(f"\nexport const table{table} = pgTable('table_{table}', {{")
        lines.append("  id: text().primaryKey(),")
        if table in targets:
            target = targets[table]
            prefix = "" if target // PER_MODULE == module else f"part{target // PER_MODULE}."
            lines.append(f"  ownerId: text().references(() => {prefix}table{target}.id, {{ onDelete: 'cascade' }}),")
        required = [it for it in COLUMNS if it[0] in ("title", "viewCount", "isPublic", "createdAt")]
        others = [it for it in COLUMNS if it not in required]
        chosen = required + rng.sample(others, rng.randrange(4, len(others) + 1))
        lines.extend(f"  {name}: {call}," for name, call in chosen)
        lines.append(f"}}, (t) => [index('table_{table}_title').on(t.title)])")
    return "\n".join(lines) + "\n"


def queries(number: int, n_tables: int, rng: random.Random) -> str:
    a, b = rng.randrange(n_tables), rng.randrange(n_tables)
    imported = f"table{a}" if a == b else f"table{a}, table{b}"
    return f"""import {{ eq, sql }} from 'drizzle-orm'

import {{ db }} from '@/db'
import {{ {imported} }} from '@/db/schema'

export async function report{number}(min: number) {{
  return db.execute(sql`
    select x.id, x.title, count(y.id) as n, max(y.view_count) as top
    from table_{a} x join table_{b} y on y.title = x.title
    where x.view_count > ${{min}} and x.is_public
    group by x.id, x.title
    order by n desc
    limit 20
  `)
}}

export async function recent{number}(since: Date, publicOnly: boolean) {{
  const filter = publicOnly ? sql`${{table{a}.isPublic}}` : sql`true`
  return db
    .select({{ id: table{a}.id, size: sql<number>`length(${{table{a}.title}})` }})
    .from(table{a})
    .where(sql`${{filter}} and ${{table{a}.createdAt}} > ${{since}}`)
}}

export async function touch{number}(id: string) {{
  await db.execute(sql`update table_{b} set view_count = view_count + 1 where id = ${{id}}`)
  return db.select().from(table{b}).where(eq(table{b}.id, id))
}}

"""


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
