use super::{Resolved, Resolver};
use crate::project::Workspace;
use crate::testing::TestWorkspace;

/// Each line `specifier -> path`, resolved from `from`; `!` is a package, `?` nothing.
#[track_caller]
fn check(fixture: &str, from: &str, expected: &[(&str, &str)]) {
    let ws = TestWorkspace::new(fixture);
    let resolver = Resolver::new(&ws);
    for (specifier, path) in expected {
        let found = match resolver.resolve(&ws, ws.id(from), specifier) {
            Resolved::File(file) => ws.path(file).to_string(),
            Resolved::External(package) => format!("!{package}"),
            Resolved::Missing => "?".to_owned(),
        };
        assert_eq!(found, *path, "{specifier} from {from}");
    }
}

#[test]
fn relative_specifiers_find_sources() {
    check(
        r##"
//- /src/main.ts
//- /src/a.ts
//- /src/b.tsx
//- /src/c.mts
//- /src/d.js
//- /src/e.json
//- /src/dir/index.ts
//- /src/v1.2.ts
//- /root.ts
"##,
        "/src/main.ts",
        &[
            ("./a", "/src/a.ts"),
            ("./a.js", "/src/a.ts"),
            ("./a.ts", "/src/a.ts"),
            ("./b", "/src/b.tsx"),
            ("./b.js", "/src/b.tsx"),
            ("./b.jsx", "/src/b.tsx"),
            ("./c.mjs", "/src/c.mts"),
            ("./d", "/src/d.js"),
            ("./e.json", "/src/e.json"),
            ("./dir", "/src/dir/index.ts"),
            ("./dir/", "/src/dir/index.ts"),
            ("./v1.2", "/src/v1.2.ts"),
            ("../root", "/root.ts"),
            ("./none", "?"),
            ("node:path", "!node:path"),
            ("drizzle-orm/pg-core", "!drizzle-orm/pg-core"),
            ("@scope/pkg/sub", "!@scope/pkg/sub"),
            ("@/nothing", "?"),
        ],
    );
}

#[test]
fn tsconfig_paths_through_extends_and_references() {
    check(
        r##"
//- /tsconfig.base.json
{ /* comments */ "compilerOptions": { "paths": { "@lib/*": ["./libs/*/src"], "exact": ["./libs/exact.ts"], "@db": ["./libs/db/src"], }, } }
//- /app/tsconfig.json
{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }
//- /app/tsconfig.app.json
{ "extends": ["../tsconfig.base.json", "missing-package/tsconfig"], "compilerOptions": { "baseUrl": "./source" } }
//- /app/source/main.ts
//- /app/source/util/x.ts
//- /libs/a/src/index.ts
//- /libs/db/src/index.ts
//- /libs/exact.ts
//- /other/tsconfig.json
{ "extends": "../tsconfig.base", "compilerOptions": { "paths": { "@/*": ["./src/*", "./gen/*"], "@/gen/*": ["./gen/*"] } } }
//- /other/src/y.ts
//- /other/gen/z.ts
"##,
        "/app/source/main.ts",
        &[
            ("@lib/a", "/libs/a/src/index.ts"),
            ("exact", "/libs/exact.ts"),
            ("util/x", "/app/source/util/x.ts"),
        ],
    );
    check(
        r##"
//- /other/tsconfig.json
{ "compilerOptions": { "paths": { "@/*": ["./src/*", "./gen/*"], "@/gen/*": ["${configDir}/gen/*"], "#db": ["./src/y"] } } }
//- /other/src/y.ts
//- /other/src/deep/main.ts
//- /other/gen/z.ts
"##,
        "/other/src/deep/main.ts",
        &[
            ("@/y", "/other/src/y.ts"),
            ("@/z", "/other/gen/z.ts"),
            ("@/gen/z", "/other/gen/z.ts"),
            ("@/none", "?"),
            ("#db", "/other/src/y.ts"),
        ],
    );
}

#[test]
fn packages_of_the_workspace_lead_to_their_sources() {
    check(
        r##"
//- /pnpm-workspace.yaml
packages:
  - "packages/*"
  - 'apps/**'
  - '!packages/private'
//- /package.json
{ "name": "root" }
//- /apps/web/package.json
{ "name": "web", "dependencies": { "@acme/db": "workspace:*", "linked": "file:../../elsewhere" } }
//- /apps/web/src/main.ts
//- /packages/db/package.json
{ "name": "@acme/db", "exports": { ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" }, "./schema": "./src/schema/index.ts",
  "./tables/*": { "import": { "default": "./dist/esm/tables/*.js" } }, "./internal/*": null } }
//- /packages/db/src/index.ts
//- /packages/db/src/client.ts
//- /packages/db/src/schema/index.ts
//- /packages/db/src/tables/users.ts
//- /packages/plain/package.json
{ "name": "plain", "main": "lib/main.js" }
//- /packages/plain/src/main.ts
//- /packages/plain/src/other.ts
//- /packages/private/package.json
{ "name": "hidden" }
//- /packages/private/index.ts
//- /elsewhere/package.json
{ "name": "linked" }
//- /elsewhere/index.ts
//- /fixtures/react/package.json
{ "name": "react" }
//- /fixtures/react/index.js
"##,
        "/apps/web/src/main.ts",
        &[
            ("@acme/db", "/packages/db/src/index.ts"),
            ("@acme/db/schema", "/packages/db/src/schema/index.ts"),
            ("@acme/db/tables/users", "/packages/db/src/tables/users.ts"),
            ("@acme/db/client", "/packages/db/src/client.ts"),
            ("@acme/db/internal/x", "?"),
            ("plain", "/packages/plain/src/main.ts"),
            ("plain/other", "/packages/plain/src/other.ts"),
            ("linked", "/elsewhere/index.ts"),
            ("hidden", "!hidden"),
            ("react", "!react"),
        ],
    );
}

#[test]
fn package_imports_and_undeclared_aliases() {
    check(
        r##"
//- /package.json
{ "name": "app", "imports": { "#lib/*": { "default": "./src/lib/*.ts" }, "#db": ["./missing.ts", "./src/db.ts"], "#dep": "drizzle-orm" } }
//- /src/lib/a.ts
//- /src/db.ts
//- /src/deep/main.ts
//- /server/x.ts
"##,
        "/src/deep/main.ts",
        &[
            ("#lib/a", "/src/lib/a.ts"),
            ("#db", "/src/db.ts"),
            ("#dep", "!drizzle-orm"),
            ("#none", "?"),
            ("@/db", "/src/db.ts"),
            ("~/db", "/src/db.ts"),
            ("$lib/a", "/src/lib/a.ts"),
            ("app/src/db", "/src/db.ts"),
            ("server/x", "/server/x.ts"),
            ("@/server/x", "/server/x.ts"),
        ],
    );
}
