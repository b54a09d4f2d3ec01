use super::{DrizzleLine, Version};
use crate::project::resolve::Resolver;
use crate::testing::TestWorkspace;

#[track_caller]
fn check(fixture: &str, dir: &str, line: DrizzleLine, version: Option<&str>) {
    let ws = TestWorkspace::new(fixture);
    let resolver = Resolver::new(&ws);
    assert_eq!(resolver.packages().drizzle_line(&ws, dir), line);
    let installed = resolver.packages().installed(&ws, "drizzle-orm", dir).and_then(|it| it.version);
    assert_eq!(installed, version.and_then(Version::parse));
}

#[test]
fn ranges_and_tags() {
    use DrizzleLine::{One, Zero};
    for (range, line, version) in [
        ("^0.45.1", Zero, Some("0.45.1")),
        ("~0.30", Zero, Some("0.30.0")),
        (">=0.29.0 <1", Zero, Some("0.29.0")),
        ("1.0.0-beta.1-7946562", Zero, Some("1.0.0-beta.1-7946562")),
        ("1.0.0-beta.9-fa5a83c", One, Some("1.0.0-beta.9-fa5a83c")),
        ("^1.0.0-rc.5", One, Some("1.0.0-rc.5")),
        ("beta", One, None),
        ("latest", Zero, None),
        ("*", Zero, None),
        ("npm:drizzle-orm@0.33.0", Zero, Some("0.33.0")),
    ] {
        let fixture =
            format!("//- /app/package.json\n{{ \"dependencies\": {{ \"drizzle-orm\": \"{range}\" }} }}\n");
        check(&fixture, "/app", line, version);
    }
    check("//- /x.ts\n", "/", Zero, None);
}

#[test]
fn catalogs_and_lock_files() {
    let manifest = r#"
//- /packages/db/package.json
{ "dependencies": { "drizzle-orm": "catalog:" } }
"#;
    let pnpm = format!(
        "{manifest}//- /pnpm-workspace.yaml\npackages: ['packages/*']\ncatalog:\n  'drizzle-orm': 1.0.0-beta.2 # new\n  x: 1\ncatalogs:\n  old:\n    drizzle-orm: ^0.30.0\n"
    );
    check(&pnpm, "/packages/db", DrizzleLine::One, Some("1.0.0-beta.2"));
    let named = pnpm.replace("\"catalog:\"", "\"catalog:old\"");
    check(&named, "/packages/db", DrizzleLine::Zero, Some("0.30.0"));
    let locked =
        format!("{named}//- /pnpm-lock.yaml\n  drizzle-orm@0.30.10(pg@8):\n  drizzle-orm@1.0.0-beta.2:\n");
    check(&locked, "/packages/db", DrizzleLine::Zero, Some("0.30.10"));
    let bun = "//- /package.json\n{ \"workspaces\": { \"packages\": [\"p\"], \"catalog\": { \"drizzle-orm\": \"^0.44.0\" } }, \"dependencies\": { \"drizzle-orm\": \"catalog:\" } }\n//- /bun.lock\n\"drizzle-orm\": [\"drizzle-orm@0.44.5\", \"\", {}],\n";
    check(bun, "/", DrizzleLine::Zero, Some("0.44.5"));
    let npm = "//- /package.json\n{ \"dependencies\": { \"drizzle-orm\": \"latest\" } }\n//- /package-lock.json\n{ \"packages\": { \"node_modules/drizzle-orm\": {\n \"version\": \"1.0.0\",\n } } }\n";
    check(npm, "/", DrizzleLine::One, Some("1.0.0"));
    let yarn = "//- /package.json\n{ \"dependencies\": { \"drizzle-orm\": \"^0.38.0\" } }\n//- /yarn.lock\n\"drizzle-orm@npm:^0.38.0\":\n  version: 0.38.4\n";
    check(yarn, "/", DrizzleLine::Zero, Some("0.38.4"));
}

#[test]
fn pre_releases_come_before_releases() {
    let sorted = ["0.45.1", "1.0.0-beta.2", "1.0.0-beta.10", "1.0.0-rc.1", "1.0.0"];
    let versions: Vec<Version> = sorted.iter().filter_map(|it| Version::parse(it)).collect();
    assert!(versions.is_sorted(), "{versions:?}");
}
