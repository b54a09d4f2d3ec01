use super::super::ItemKind;
use super::{Completed, script};

#[test]
fn columns_in_templates() {
    let res = script("export const a = () => db.execute(sql`select u.<|> from users u`)");
    assert_eq!(res.top(3), ["id", "email", "is_admin"]);
    assert_eq!(res.accept("email"), "export const a = () => db.execute(sql`select u.email from users u`)");
    let res = script("export const a = () => db.execute(sql`select <|> from posts`)");
    assert_eq!(res.top(2), ["id", "author_id"]);
}

#[test]
fn joins_and_labels_in_templates() {
    let res = script("export const a = () => db.execute(sql`select * from users u join <|>`)");
    assert_eq!(res.top(1), ["posts p on p.author_id = u.id"]);
    let res = script("export const a = () => db.execute(sql`select * from posts where status = '<|>'`)");
    assert_eq!(res.labels(), ["draft", "live"]);
    let res = script("export const a = () => db.execute(sql`insert into posts (<|>)`)");
    assert!(res.has("author_id") && res.has("all columns"));
}

#[test]
fn empty_and_beginning_templates() {
    let res = script("export const a = () => db.execute(sql`<|>`)");
    assert!(res.has("select") && res.has("insert into"), "{:?}", res.labels());
    let res = script("export const a = sql`<|>`");
    assert!(res.has("select"), "{:?}", res.labels());
    let res = script("export const a = sql`sel<|>`");
    assert_eq!(res.top(1), ["select"]);
}

#[test]
fn templates_that_are_not_closed() {
    let res = script("export const a = () => db.execute(sql`select u.<|> from users u");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = script("export const a = () => db.execute(sql`select * from <|>\n\nexport const b = 1\n");
    assert!(res.has("users"), "{:?}", res.labels());
}

#[test]
fn strings_of_sql() {
    let res = script("export const a = () => db.execute('select u.<|> from users u')");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = script("export const a = () => db.execute(sql.raw(\"select u.<|> from users u\"))");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = script("export const a = () => db.execute('select * from posts where status = \\'<|>\\'')");
    assert_eq!(res.labels(), ["draft", "live"]);
}

#[test]
fn holes_of_drizzle() {
    let res = script("export const a = () => db.execute(sql`select <|> from ${users}`)");
    assert!(res.top(3).contains(&"${users.id}"), "{:?}", res.top(8));
    assert_eq!(
        res.accept("${users.isAdmin}"),
        "export const a = () => db.execute(sql`select ${users.isAdmin} from ${users}`)"
    );
    let res = script("export const a = () => db.execute(sql`select * from <|>`)");
    assert!(res.has("${users}"), "{:?}", res.labels());
    let res = script("export const a = () => db.execute(sql`select * from $<|>`)");
    assert_eq!(res.top(1), ["${users}"]);
    let res = script("export const a = () => db.execute(sql`select * from ${users} where $<|>`)");
    assert!(res.has("${users.email}"), "{:?}", res.labels());
}

#[test]
fn inside_of_holes() {
    let res = script("export const a = () => db.execute(sql`select ${users.<|>} from ${users}`)");
    assert!(res.has("users.email"), "{:?}", res.labels());
    assert_eq!(
        res.accept("users.email"),
        "export const a = () => db.execute(sql`select ${users.email} from ${users}`)"
    );
    let res = script("export const a = () => db.execute(sql`select * from ${<|>}`)");
    assert!(res.has("users"), "{:?}", res.labels());
}

#[test]
fn holes_bring_their_import() {
    let res = script("export const a = () => db.execute(sql`select * from pos<|>`)");
    let item = res.item("${posts}");
    assert_eq!(item.kind, ItemKind::Hole);
    assert_eq!(item.extra.len(), 1);
    assert_eq!(item.extra[0].text, ", posts");
}

#[test]
fn fragments_of_the_query_builder() {
    let res = script("export const a = () => db.select().from(users).where(sql`<|>`)");
    assert!(res.has("email") && res.has("${users.email}"), "{:?}", res.labels());
    assert!(!res.has("title"));
    let res = script("export const a = () => db.select({ n: sql<number>`length(<|>)` }).from(users)");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = script("export const a = () => db.update(users).set({ email: sql`lower(<|>)` })");
    assert!(res.has("email"), "{:?}", res.labels());
    let res = script("export const a = () => db.select().from(users).orderBy(sql`<|>`)");
    assert!(res.has("email"), "{:?}", res.labels());
}

#[test]
fn nested_fragments() {
    let res = script("export const a = () => db.execute(sql`select ${sql`lower(<|>)`} from users`)");
    assert!(res.has("email"), "{:?}", res.labels());
}

#[test]
fn nothing_outside_of_sql() {
    for text in [
        "const x = us<|>",
        "const x = `select <|>`",
        "const x = sql`select 1`; const y = <|>",
        "const x = 'select * from <|>'",
    ] {
        assert!(script(text).list.is_none(), "{text}");
    }
}

#[test]
fn text_is_escaped_for_its_host() {
    let fixture = |text: &str| {
        Completed::of(&format!(
            "//- /schema.sql\ncreate table \"we`ird\" (\"o'clock\" int, \"a\\b\" int);\n//- /a.ts\nimport {{ sql }} from 'drizzle-orm'\n{text}"
        ))
    };
    let res = fixture("const q = sql`select * from <|>`");
    assert_eq!(res.accept("we`ird"), "const q = sql`select * from \"we\\`ird\"`");
    let res = fixture("const q = sql`select <|> from \"we\\`ird\"`");
    assert_eq!(res.accept("a\\b"), "const q = sql`select \"a\\\\b\" from \"we\\`ird\"`");
    let res = fixture("const q = sql.raw('select <|> from \"we`ird\"')");
    assert_eq!(res.accept("o'clock"), "const q = sql.raw('select \"o\\'clock\" from \"we`ird\"')");
}
