//! What MODIFY and CHANGE of a column's type do to MySQL's rows (reference manual, *Online DDL Operations*, column operations;
//! WL#6554 for VARCHAR).

/// What becomes of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MysqlChange {
    /// Only the description changes, or it is not known.
    Cheap,
    /// The table is copied; why.
    Copy(String),
    /// Like that, and values may not fit: why it copies, and which values.
    Narrow(String, String),
}

/// The change of a column's type, from one text to another.
pub fn mysql_change(from: &str, to: &str) -> MysqlChange {
    use MysqlChange::{Cheap, Copy, Narrow};
    let (Some(a), Some(b)) = (Type::read(from), Type::read(to)) else { return Cheap };
    let differs = || Copy(format!("the type changes from {} to {}", a.shown(), b.shown()));
    if [&a, &b].iter().any(|it| matches!(it.base.as_str(), "serial" | "json" | "longtext"))
        && a.base != b.base
    {
        // What they are names of depends on the server.
        return Cheap;
    }
    if let (Some(m), Some(n)) = (integer(&a.base), integer(&b.base)) {
        return match n.cmp(&m) {
            std::cmp::Ordering::Equal => Cheap,
            std::cmp::Ordering::Greater => differs(),
            std::cmp::Ordering::Less => Narrow(
                format!("the type changes from {} to {}", a.base, b.base),
                format!("it fails for values that {} does not hold", b.base),
            ),
        };
    }
    if a.base != b.base {
        return differs();
    }
    match a.base.as_str() {
        "enum" | "set" => labels(&a, &b),
        "varchar" | "char" => {
            let (Some(m), Some(n)) = (a.number(), b.number()) else { return Cheap };
            if n < m {
                return Narrow(
                    format!("{} becomes shorter", a.base),
                    format!("it fails for values of more than {n} characters"),
                );
            }
            match a.base.as_str() {
                "char" if n > m => differs(),
                // A character has one to four bytes; up to 255 bytes the length takes one byte, then two.
                "varchar" if m * 4 <= 255 && n > 255 => {
                    Copy("the length of the values takes a second byte from 256 bytes on".to_owned())
                }
                _ => Cheap,
            }
        }
        "decimal" | "datetime" | "timestamp" | "time" if a.args != b.args => differs(),
        _ => Cheap,
    }
}

/// Of ENUM and SET: labels may come at the end as long as a value takes no more bytes.
fn labels(a: &Type, b: &Type) -> MysqlChange {
    use MysqlChange::{Cheap, Copy, Narrow};
    let bytes = |it: &Type| match (it.base.as_str(), it.args.len()) {
        ("enum", 0..=255) => 1,
        ("enum", _) => 2,
        (_, n) => match n.div_ceil(8) {
            n @ 0..=4 => n,
            _ => 8,
        },
    };
    let gone: Vec<&str> = a.args.iter().filter(|it| !b.args.contains(it)).map(String::as_str).collect();
    if !gone.is_empty() {
        let gone = gone.join(", ");
        return Narrow(
            format!("{gone} is taken out of its values"),
            format!("it fails for rows that hold {gone}"),
        );
    }
    if !b.args.starts_with(&a.args) {
        return Copy("its values change their numbers; new ones at the end would not".to_owned());
    }
    if bytes(a) != bytes(b) {
        return Copy(format!("so many values take {} bytes instead of {}", bytes(b), bytes(a)));
    }
    Cheap
}

/// How many bytes a type of integers takes.
fn integer(base: &str) -> Option<u8> {
    Some(match base {
        "tinyint" => 1,
        "smallint" => 2,
        "mediumint" => 3,
        "int" => 4,
        "bigint" => 8,
        _ => return None,
    })
}

struct Type {
    /// In lower case, its other names told by the usual one.
    base: String,
    /// As they stand, between the commas.
    args: Vec<String>,
}

impl Type {
    fn read(text: &str) -> Option<Type> {
        let text = text.trim();
        let len = text.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(text.len());
        let base = text.get(..len)?.to_ascii_lowercase();
        let base = match base.as_str() {
            "" => return None,
            "integer" | "int4" => "int".to_owned(),
            "int8" => "bigint".to_owned(),
            "int2" => "smallint".to_owned(),
            "bool" | "boolean" => "tinyint".to_owned(),
            "dec" | "numeric" | "fixed" => "decimal".to_owned(),
            "character" | "nvarchar" | "nchar" | "national" | "double" | "float" | "real" | "float4"
            | "float8" => {
                return None;
            }
            _ => base,
        };
        let rest = text.get(len..)?.trim_start();
        let args = match rest.strip_prefix('(') {
            Some(inside) => arguments(inside)?,
            None => Vec::new(),
        };
        Some(Type { base, args })
    }

    fn number(&self) -> Option<u32> {
        self.args.first()?.parse().ok()
    }

    fn shown(&self) -> String {
        match self.args.as_slice() {
            [] => self.base.clone(),
            args => format!("{}({})", self.base, args.join(", ")),
        }
    }
}

/// What stands between the commas, up to the parenthesis that closes.
fn arguments(text: &str) -> Option<Vec<String>> {
    let (mut res, mut current, mut quoted) = (Vec::new(), String::new(), false);
    for it in text.chars() {
        match it {
            '\'' => {
                quoted = !quoted;
                current.push(it);
            }
            ')' | ',' if !quoted => {
                res.push(std::mem::take(&mut current).trim().to_owned());
                if it == ')' {
                    return Some(res);
                }
            }
            _ => current.push(it),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, expected: &str) {
        let found = match mysql_change(from, to) {
            MysqlChange::Cheap => "cheap".to_owned(),
            MysqlChange::Copy(why) => why,
            MysqlChange::Narrow(_, which) => which,
        };
        assert_eq!(found, expected, "{from} -> {to}");
    }

    #[test]
    fn types_as_the_manual_says() {
        check("enum('a','b')", "ENUM('a', 'b', 'c')", "cheap");
        check(
            "enum('a','b')",
            "enum('b','a')",
            "its values change their numbers; new ones at the end would not",
        );
        check(
            "enum('a','b')",
            "enum('x','a','b')",
            "its values change their numbers; new ones at the end would not",
        );
        check("enum('a','b,c')", "enum('a')", "it fails for rows that hold 'b,c'");
        check("set('a','b')", "set('a','b','c')", "cheap");
        check(
            "set('1','2','3','4','5','6','7','8')",
            "set('1','2','3','4','5','6','7','8','9')",
            "so many values take 2 bytes instead of 1",
        );
        check("varchar(10)", "varchar(63)", "cheap");
        check("varchar(100)", "varchar(300)", "cheap");
        check("varchar(300)", "varchar(500)", "cheap");
        check(
            "varchar(63)",
            "varchar(256)",
            "the length of the values takes a second byte from 256 bytes on",
        );
        check("varchar(255)", "varchar(50)", "it fails for values of more than 50 characters");
        check("int", "bigint", "the type changes from int to bigint");
        check("bigint", "int", "it fails for values that int does not hold");
        check("int(11)", "integer", "cheap");
        check("boolean", "tinyint(1)", "cheap");
        check("varchar(20)", "text", "the type changes from varchar(20) to text");
        check("decimal(10,2)", "decimal(12,2)", "the type changes from decimal(10, 2) to decimal(12, 2)");
        check("json", "longtext", "cheap");
        check("timestamp", "timestamp", "cheap");
    }
}
