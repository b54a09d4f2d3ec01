use crate::project::database::Databases;
use crate::project::eval::Evaluator;
use crate::project::resolve::Resolver;
use crate::testing::TestWorkspace;

fn command(files: &str) -> String {
    let fixture = format!(
        "{files}//- /app/drizzle.config.ts\nexport default {{ dialect: 'postgresql', schema: './schema.ts' }}\n\
         //- /app/schema.ts\nimport {{ integer, pgTable }} from 'drizzle-orm/pg-core'\nexport const a = pgTable('a', {{ id: integer() }})\n"
    );
    let ws = TestWorkspace::new(&fixture);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let databases = Databases::new(&eval);
    super::generate_command(&eval, &databases.list[0])
}

#[test]
fn the_projects_own_script_is_offered() {
    let package = "//- /app/package.json\n{\"scripts\": {\"db\": \"drizzle-kit push\", \"db:generate\": \"drizzle-kit generate --name x\"}}\n";
    assert_eq!(command(package), "npm run db:generate");
    assert_eq!(command(&format!("{package}//- /pnpm-lock.yaml\nlockfileVersion: 9\n")), "pnpm db:generate");
    assert_eq!(command(&format!("{package}//- /app/bun.lock\n{{}}\n")), "bun run db:generate");
}

#[test]
fn without_a_script_the_package_manager_runs_drizzle_kit() {
    assert_eq!(command("//- /app/package.json\n{}\n"), "npx drizzle-kit generate");
    let other = "//- /app/package.json\n{\"scripts\": {\"g\": \"drizzle-kit generate --config=other.ts\"}}\n//- /app/yarn.lock\n\n";
    assert_eq!(command(other), "yarn drizzle-kit generate");
    let said =
        "//- /package.json\n{ \"packageManager\": \"pnpm@9.15.0+sha512.x\" }\n//- /app/package.json\n{}\n";
    assert_eq!(command(said), "pnpm exec drizzle-kit generate");
}
