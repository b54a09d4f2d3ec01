//! The names that Drizzle gives to constraints which have none of their own: those of 0.x are made of the columns'
//! raw names by drizzle-orm, those of 1.0 by drizzle-kit, each dialect in its own way.

use smol_str::{SmolStr, format_smolstr};

use super::{Family, Line};

/// Names longer than this are shortened by drizzle-kit 1.0.
const MAX_CHARS: usize = 63;

/// The name of a column's own `.unique()`; `column` is its name as the line writes it here (0.x: not cased).
pub fn column_unique(line: Line, family: Family, table: &str, column: &str) -> SmolStr {
    match (line, family) {
        (Line::V1, Family::Pg | Family::Cockroach) => format_smolstr!("{table}_{column}_key"),
        (Line::V1, Family::Mysql | Family::Singlestore) => format_smolstr!("{column}_unique"),
        (Line::V1, Family::Mssql) => format_smolstr!("{table}_{column}_key"),
        _ => format_smolstr!("{table}_{column}_unique"),
    }
}

/// The name of `unique().on(…)` in the third argument.
pub fn table_unique(line: Line, family: Family, table: &str, columns: &str) -> SmolStr {
    match (line, family) {
        (Line::V1, Family::Mysql | Family::Singlestore) => format_smolstr!("{columns}_unique"),
        _ => format_smolstr!("{table}_{columns}_unique"),
    }
}

/// The name of a primary key in 1.0.
pub fn primary_key(family: Family, table: &str) -> SmolStr {
    match family {
        Family::Mysql | Family::Singlestore => "PRIMARY".into(),
        Family::Sqlite => format_smolstr!("{table}_pk"),
        _ => format_smolstr!("{table}_pkey"),
    }
}

/// The name of a foreign key in 1.0.
pub fn foreign_key(
    family: Family,
    table: &str,
    columns: &str,
    target: &str,
    target_columns: &str,
) -> SmolStr {
    if family == Family::Sqlite {
        return format_smolstr!("fk_{table}_{columns}_{target}_{target_columns}_fk");
    }
    let desired = format!("{table}_{columns}_{target}_{target_columns}_fkey");
    let n_chars = |text: &str| text.encode_utf16().count();
    if n_chars(&desired) <= MAX_CHARS {
        desired.into()
    } else if n_chars(table) < 45 {
        format_smolstr!("{table}_{}_fkey", hash(&desired))
    } else {
        format_smolstr!("{}_fkey", hash(&desired))
    }
}

/// Twelve characters that stand for a text: a polynomial of its code points, modulo 62¹², in base 62.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const LEN: u32 = 12;
    let modulus = 62_u128.pow(LEN);
    let (mut power, mut sum) = (1_u128, 0_u128);
    for c in text.chars() {
        sum = (sum + u128::from(u32::from(c)) * power) % modulus;
        power = power * 53 % modulus;
    }
    let mut digits = Vec::new();
    for _ in 0..LEN {
        let digit = usize::try_from(sum % 62).unwrap_or(0);
        digits.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
        sum /= 62;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests;
