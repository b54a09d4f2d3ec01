//! The types of the databases that Columnist knows by name, columns and types only: Gel, SQL Server, CockroachDB,
//! and where SingleStore is not MySQL. As `getSQLType()` writes them.

use smol_str::{SmolStr, format_smolstr};

use super::{Family, is_true, known, option_text, sized};
use crate::catalog::drizzle::chain::field;
use crate::project::eval::Value;

/// `None`: no builder of this name, or options that are not known.
pub fn sql_type(family: Family, builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    match family {
        Family::Gel => gel(builder),
        Family::Mssql => mssql(builder, options),
        Family::Cockroach => cockroach(builder, options),
        Family::Singlestore => singlestore(builder, options),
        _ => None,
    }
}

fn gel(builder: &str) -> Option<SmolStr> {
    Some(match builder {
        "bigint" | "boolean" | "integer" | "json" | "real" | "smallint" | "text" | "uuid" => builder.into(),
        "localDate" => "cal::local_date".into(),
        "localTime" => "cal::local_time".into(),
        "timestamp" => "cal::local_datetime".into(),
        "timestamptz" => "datetime".into(),
        "decimal" => "numeric".into(),
        "dateDuration" => "dateDuration".into(),
        "bigintT" => "edgedbt.bigint_t".into(),
        "duration" => "duration".into(),
        "relDuration" => "edgedbt.relative_duration_t".into(),
        "bytes" => "bytea".into(),
        "doublePrecision" => "double precision".into(),
        _ => return None,
    })
}

/// `decimal(10,2)`, `decimal(10)`, `decimal`.
fn exact(name: &str, options: Option<&Value>) -> Option<SmolStr> {
    Some(match (known(options, "precision")?, known(options, "scale")?) {
        (Some(precision), Some(scale)) => format_smolstr!("{name}({precision},{scale})"),
        (Some(precision), None) => format_smolstr!("{name}({precision})"),
        (None, _) => name.into(),
    })
}

fn mssql(builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    Some(match builder {
        "bigint" | "bit" | "date" | "datetime" | "int" | "real" | "smallint" | "text" | "ntext"
        | "tinyint" => builder.into(),
        "binary" | "varbinary" | "varchar" | "nvarchar" => sized(builder, options, "length")?,
        "char" | "nchar" => match known(options, "length")? {
            Some(length) => format_smolstr!("{builder}({length})"),
            None => format_smolstr!("{builder}(1)"),
        },
        "datetime2" | "datetimeoffset" | "time" | "float" => sized(builder, options, "precision")?,
        // Whole numbers get a precision and a scale.
        "decimal" | "numeric" if known(options, "mode")?.as_deref() == Some("bigint") => {
            let precision = known(options, "precision")?.unwrap_or_else(|| "18".into());
            let scale = known(options, "scale")?.unwrap_or_else(|| "0".into());
            format_smolstr!("{builder}({precision},{scale})")
        }
        "decimal" | "numeric" => exact(builder, options)?,
        _ => return None,
    })
}

fn cockroach(builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    let zoned = is_true(options.and_then(|it| field(it, "withTimezone")));
    Some(match builder {
        "bool" | "date" | "inet" | "int2" | "int4" | "int8" | "jsonb" | "real" | "uuid" | "float" => {
            builder.into()
        }
        "boolean" => "bool".into(),
        "bigint" => "int8".into(),
        "smallint" => "int2".into(),
        "doublePrecision" => "float".into(),
        "char" | "varchar" | "bit" | "varbit" => sized(builder, options, "length")?,
        "text" | "string" => sized("string", options, "length")?,
        "numeric" | "decimal" => exact("decimal", options)?,
        "time" | "timestamp" => {
            let name = if zoned { format!("{builder}tz") } else { builder.to_owned() };
            sized(&name, options, "precision")?
        }
        "interval" => {
            let fields = known(options, "fields")?.map(|it| format!(" {it}")).unwrap_or_default();
            let precision = known(options, "precision")?.filter(|it| it != "0");
            let precision = precision.map(|it| format!("({it})")).unwrap_or_default();
            format_smolstr!("interval{fields}{precision}")
        }
        "vector" => sized("vector", options, "dimensions")?,
        "geometry" => match option_text(options, "srid") {
            Some(srid) => format_smolstr!("geometry(point,{srid})"),
            None => "geometry(point)".into(),
        },
        _ => return None,
    })
}

fn singlestore(builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    Some(match builder {
        "vector" => {
            let dimensions = known(options, "dimensions")??;
            let element = known(options, "elementType")?.unwrap_or_else(|| "F32".into());
            format_smolstr!("vector({dimensions}, {element})")
        }
        // A precision without a scale gets one.
        "float" => {
            let unsigned =
                if is_true(options.and_then(|it| field(it, "unsigned"))) { " unsigned" } else { "" };
            let base = match known(options, "precision")? {
                Some(precision) => {
                    let scale = known(options, "scale")?.unwrap_or_else(|| "0".into());
                    format_smolstr!("float({precision},{scale})")
                }
                None => "float".into(),
            };
            format_smolstr!("{base}{unsigned}")
        }
        _ => return None,
    })
}
