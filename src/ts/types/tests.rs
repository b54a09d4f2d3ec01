use super::*;

/// `name?: type`, one after the other.
fn picture(parts: Option<Vec<Part>>) -> String {
    let Some(parts) = parts else { return "none".to_owned() };
    let show = |it: &Part| match it {
        Part::Object(members) => members
            .iter()
            .map(|it| format!("{}{}: {}", it.name, if it.optional { "?" } else { "" }, it.ty))
            .collect::<Vec<_>>()
            .join("; "),
        Part::Named(name) => name.to_string(),
        Part::Other => "…".to_owned(),
    };
    parts.iter().map(show).collect::<Vec<_>>().join(" & ")
}

#[test]
fn members_of_objects() {
    let of = |text: &str| picture(parts(text));
    assert_eq!(of("{ id: number }"), "id: number");
    assert_eq!(
        of("{ id: number; name?: string | null, 'a b': Date }"),
        "id: number; name?: string | null; a b: Date"
    );
    assert_eq!(of("{\n  id: number\n  readonly at: Date\n}"), "id: number; at: Date");
    assert_eq!(of("{\n  // id: string\n  id: number; /* x */\n}"), "id: number");
    assert_eq!(of("{ kind:\n | 'a;b'\n | 'c'\n n: number }"), "kind: | 'a;b'\n | 'c'; n: number");
    assert_eq!(
        of("{ m: Map<string, { a: 1; b: 2 }>\n n: (x: number) => void; o: string[] }"),
        "m: Map<string, { a: 1; b: 2 }>; n: (x: number) => void; o: string[]"
    );
    assert_eq!(of("{ [key: string]: unknown; id: number }"), "id: number");
    assert_eq!(of("Row & { n: number } & Record<string, unknown>"), "Row & n: number & …");
    assert_eq!(of("Row"), "Row");
    for it in [
        "{ id: number }[]",
        "A | B",
        "{ run(): void }",
        "{ [K in A]: string }",
        "typeof t.$inferSelect",
        "a.B",
    ] {
        assert_eq!(of(it), "none", "{it}");
    }
}

#[test]
fn declarations_by_name() {
    let text = "import x from 'y';\n// type Row = { no: number }\nexport interface Row extends Base {\n  id: number;\n}\n\
                type Rows = Row[];\ntype Other = {\n  a: string\n}\nconst Other2 = 1;\ntype One = Row & { n: number };\n\
                type G<T> = { t: T };\ninterface Twice { a: 1 }\nfunction f() { return; }\n  interface Twice { b: 1 }\n";
    let of = |name: &str| picture(declared(text, name));
    assert_eq!(of("Row"), "id: number & …");
    assert_eq!(of("Other"), "a: string");
    assert_eq!(of("One"), "Row & n: number");
    assert_eq!(of("Rows"), "none");
    assert_eq!(of("G"), "none");
    assert_eq!(of("Twice"), "none");
    assert_eq!(of("Absent"), "none");
}

#[test]
fn parts_of_types() {
    let text =
        "{ open?(name: string, ...rest: A[]): Promise<Pool>; run<T>(work: (c: Pool) => T): T; pool: Pool }";
    assert_eq!(member(text, "open").as_deref(), Some("(name: string, ...rest: A[]) => Promise<Pool>"));
    assert_eq!(member(text, "run").as_deref(), Some("(work: (c: Pool) => T) => T"));
    assert_eq!(member(text, "pool").as_deref(), Some("Pool"));
    assert_eq!(member(text, "op"), None);
    let (params, result) =
        function("<T>(work: (c: Pool) => T, { id }: User) => Promise<T>").expect("a function");
    assert_eq!(
        (params.iter().map(|it| of_parameter(it)).collect::<Vec<_>>(), result),
        (vec![Some("(c: Pool) => T"), Some("User")], "Promise<T>")
    );
    assert_eq!(function("(A | B)"), None);
    assert_eq!(indexed("Deps['pool']"), Some(("Deps", "pool")));
    assert_eq!(indexed("Pool[]"), None);
    assert_eq!(imported("import(\"pg\").Pool"), Some(("pg", "Pool")));
}

#[test]
fn methods_that_take_text() {
    for it in [
        "{ query(text: string): Promise<unknown> }",
        "{ end(): void; query: (sql: string, values?: unknown[]) => Promise<{ rows: any[] }> }",
        "{ readonly query?<T = any>(sql: string | Config, ...values: ReadonlyArray<unknown>): Promise<T>; }",
        "{ query(of: { a: 1 }): Promise<1>\n query<T extends { a: string }>(text: string,\n values: any[]): Promise<T[]> }",
    ] {
        assert!(queries_by_text(it, "query"), "{it}");
    }
    for it in [
        "{ query(text: string): Rows }",
        "{ query: string }",
        "{ queryAll(text: string): Promise<unknown> }",
        "{ query(of: Query, text: string): Promise<unknown> }",
        "{ query(text: string, variables: Record<string, unknown>): Promise<unknown> }",
        "{ query(): Promise<string> }",
        "{ query(text: string",
    ] {
        assert!(!queries_by_text(it, "query"), "{it}");
    }
}
