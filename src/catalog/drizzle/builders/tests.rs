use crate::catalog::drizzle::tests::schema;
use crate::catalog::drizzle::{Casing, Line};
use crate::sql::Dialect;

/// `columns`: a column and the type that drizzle-orm says it has, a line each.
fn check(module: &str, maker: &str, line: Line, dialect: Dialect, columns: &str) {
    let mut text =
        format!("import * as d from 'drizzle-orm/{module}';\nexport const t = d.{maker}('t', {{\n");
    let pairs: Vec<(&str, &str)> = columns.lines().filter_map(|it| it.trim().split_once(" => ")).collect();
    for (idx, (builder, _)) in pairs.iter().enumerate() {
        text.push_str(&format!("  c{idx}: d.{builder},\n"));
    }
    text.push_str("});\n");
    let catalog = schema(&text, line, Casing::Keep, dialect);
    let table = catalog.relations.values().next().expect("the fixture has a table");
    assert!(!table.open);
    let ours: Vec<&str> = table.columns.iter().map(|it| it.type_text.as_str()).collect();
    let theirs: Vec<&str> = pairs.iter().map(|it| it.1).collect();
    assert_eq!(ours, theirs, "{module}");
}

#[test]
fn sql_server() {
    check(
        "mssql-core",
        "mssqlTable",
        Line::V1,
        Dialect::Postgres,
        "bigint({ mode: 'number' }) => bigint
        bit() => bit
        char() => char(1)
        char({ length: 10 }) => char(10)
        datetime2({ precision: 3 }) => datetime2(3)
        datetimeoffset() => datetimeoffset
        decimal({ precision: 10, scale: 2 }) => decimal(10,2)
        float({ precision: 10 }) => float(10)
        nvarchar({ length: 'max' }) => nvarchar(max)
        varbinary({ length: 10 }) => varbinary(10)",
    );
}

#[test]
fn cockroach() {
    check(
        "cockroach-core",
        "cockroachTable",
        Line::V1,
        Dialect::Postgres,
        "bigint({ mode: 'number' }) => int8
        doublePrecision() => float
        smallint() => int2
        text() => string
        string({ length: 10 }) => string(10)
        numeric({ precision: 10, scale: 2 }) => decimal(10,2)
        time({ withTimezone: true }) => timetz
        timestamp({ withTimezone: true, precision: 3 }) => timestamptz(3)
        varbit({ length: 10 }) => varbit(10)
        vector({ dimensions: 3 }) => vector(3)
        geometry({ type: 'point', srid: 4326 }) => geometry(point,4326)",
    );
}

#[test]
fn gel() {
    check(
        "gel-core",
        "gelTable",
        Line::V0,
        Dialect::Postgres,
        "localDate() => cal::local_date
        timestamptz() => datetime
        bigintT() => edgedbt.bigint_t
        decimal() => numeric
        relDuration() => edgedbt.relative_duration_t
        bytes() => bytea
        doublePrecision() => double precision
        text() => text",
    );
}

#[test]
fn single_store() {
    check(
        "singlestore-core",
        "singlestoreTable",
        Line::V0,
        Dialect::Mysql,
        "bigint({ mode: 'number', unsigned: true }) => bigint unsigned
        float({ precision: 10 }) => float(10,0)
        double({ precision: 10 }) => double(10)
        vector({ dimensions: 3 }) => vector(3, F32)
        vector({ dimensions: 4, elementType: 'I8' }) => vector(4, I8)
        singlestoreEnum(['a', \"it's\"]) => enum('a','it''s')
        varchar({ length: 10 }) => varchar(10)",
    );
}

/// What drizzle-orm makes of options that JavaScript takes for false, and of MySQL's own defaults.
#[test]
fn zeros_and_defaults() {
    check(
        "pg-core",
        "pgTable",
        Line::V0,
        Dialect::Postgres,
        "interval({ precision: 0 }) => interval
        timestamp({ precision: 0 }) => timestamp(0)
        numeric({ scale: 2 }) => numeric",
    );
    check(
        "mysql-core",
        "mysqlTable",
        Line::V0,
        Dialect::Mysql,
        "decimal({ precision: 10, scale: 0 }) => decimal
        decimal({ precision: 10, unsigned: true }) => decimal unsigned
        double({ precision: 10 }) => double(10)",
    );
}
