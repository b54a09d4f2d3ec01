use super::Glob;

/// Paths below a directory, for patterns to choose from.
const PATHS: &str = "a.ts b.ts a.test.ts b.test.ts c.spec.ts index.ts .hidden.ts a.d.ts x/a.ts x/a.test.ts x/y/a.ts \
                     x/y/b.test.ts .x/a.ts x/.y/a.ts users/schema.ts users/users.sql.ts a1.ts a2.ts a10.ts ab.ts \
                     aab.ts [a].ts {a}.ts a+(b).ts schema.js";

/// What minimatch 5.1.6 says, with the options of glob 8.
const MINIMATCH: &str = r"
*.ts  ->  a.ts b.ts a.test.ts b.test.ts c.spec.ts index.ts a.d.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
!(*.test).ts  ->  a.ts b.ts c.spec.ts index.ts a.d.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
!(*.test|*.spec).ts  ->  a.ts b.ts index.ts a.d.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
!(*.d|index).ts  ->  a.ts b.ts a.test.ts b.test.ts c.spec.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
@(a|b).ts  ->  a.ts b.ts
+(a|b).ts  ->  a.ts b.ts ab.ts aab.ts
*(a|b).ts  ->  a.ts b.ts ab.ts aab.ts
?(a)b.ts  ->  b.ts ab.ts
**/!(*.test).ts  ->  a.ts b.ts c.spec.ts index.ts a.d.ts x/a.ts x/y/a.ts users/schema.ts users/users.sql.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
**/*.ts  ->  a.ts b.ts a.test.ts b.test.ts c.spec.ts index.ts a.d.ts x/a.ts x/a.test.ts x/y/a.ts x/y/b.test.ts users/schema.ts users/users.sql.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
**  ->  a.ts b.ts a.test.ts b.test.ts c.spec.ts index.ts a.d.ts x/a.ts x/a.test.ts x/y/a.ts x/y/b.test.ts users/schema.ts users/users.sql.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts schema.js
x/**  ->  x/a.ts x/a.test.ts x/y/a.ts x/y/b.test.ts
x/**/*.ts  ->  x/a.ts x/a.test.ts x/y/a.ts x/y/b.test.ts
{a,b}.ts  ->  a.ts b.ts
{a,b}{.test,}.ts  ->  a.ts b.ts a.test.ts b.test.ts
a{1..2}.ts  ->  a1.ts a2.ts
a{1..10..9}.ts  ->  a1.ts a10.ts
{x,users}/*.ts  ->  x/a.ts x/a.test.ts users/schema.ts users/users.sql.ts
[ab].ts  ->  a.ts b.ts
[!a].ts  ->  b.ts
[^a]*.ts  ->  b.ts b.test.ts c.spec.ts index.ts [a].ts {a}.ts
a[0-9].ts  ->  a1.ts a2.ts
a?.ts  ->  a1.ts a2.ts ab.ts
**/@(schema|*.sql).ts  ->  users/schema.ts users/users.sql.ts
*/schema.ts  ->  users/schema.ts
!(x)/**/*.ts  ->  users/schema.ts users/users.sql.ts
x/!(y)/*.ts  ->
.*.ts  ->  .hidden.ts
.*/*.ts  ->  .x/a.ts
*.{ts,js}  ->  a.ts b.ts a.test.ts b.test.ts c.spec.ts index.ts a.d.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts schema.js
{a}.ts  ->  {a}.ts
{a,{b,c.spec}}.ts  ->  a.ts b.ts c.spec.ts
@(a.ts  ->
a+(b).ts  ->  ab.ts
[a].ts  ->  a.ts
\[a\].ts  ->  [a].ts
**/y/**  ->  x/y/a.ts x/y/b.test.ts
*!(.test).ts  ->  a.ts b.ts a.test.ts b.test.ts c.spec.ts index.ts a.d.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
!(a)*.ts  ->  b.ts b.test.ts c.spec.ts index.ts [a].ts {a}.ts
a*(a)b.ts  ->  ab.ts aab.ts
{[ab],index}.ts  ->  a.ts b.ts index.ts
${a,b}.ts  ->
{a..c}.ts  ->  a.ts b.ts
!(*.test|+(a|b)).ts  ->  c.spec.ts index.ts a.d.ts a1.ts a2.ts a10.ts [a].ts {a}.ts a+(b).ts
!(@(a|b)).ts  ->  a.test.ts b.test.ts c.spec.ts index.ts a.d.ts a1.ts a2.ts a10.ts ab.ts aab.ts [a].ts {a}.ts a+(b).ts
x/{**/,}a.ts  ->  x/a.ts x/y/a.ts
**/{a,b}.ts  ->  a.ts b.ts x/a.ts x/y/a.ts
";

#[test]
fn every_pattern_matches_what_minimatch_does() {
    for line in MINIMATCH.lines().filter(|it| !it.is_empty()) {
        let (pattern, expected) = line.split_once("  ->").expect("a pattern and its paths");
        let glob = Glob::new(pattern).expect("few alternatives");
        let is_match = |path: &str| {
            glob.alternatives.iter().any(|it| match it.fixed.as_str() {
                fixed if it.is_fixed() => fixed == path,
                "" => it.is_match(path),
                fixed => path.strip_prefix(&format!("{fixed}/")).is_some_and(|below| it.is_match(below)),
            })
        };
        let found: Vec<&str> = PATHS.split_whitespace().filter(|it| is_match(it)).collect();
        assert_eq!(found.join(" "), expected.trim(), "{pattern}");
    }
}

#[test]
fn braces_that_make_too_much_are_not_read() {
    assert!(Glob::new("{1..100000}.ts").is_none());
    assert!(Glob::new("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}").is_none());
}
