//! Roles as drizzle-kit writes them down.

use std::fmt;

use smol_str::SmolStr;

use super::Origin;

/// A role that Drizzle declares, or that a snapshot of drizzle-kit's has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub name: SmolStr,
    /// In drizzle-kit's words and order. Snapshots of 0.x know the first three.
    pub attributes: Vec<(&'static str, Attribute)>,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    /// Early snapshots of 1.0 leave open what Drizzle does not say.
    Unsaid,
    Flag(bool),
    Text(SmolStr),
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attribute::Unsaid => f.write_str("unsaid"),
            Attribute::Flag(it) => write!(f, "{it}"),
            Attribute::Text(it) => f.write_str(it),
        }
    }
}

impl Role {
    /// One with the attributes that drizzle-kit gives it where nothing is said.
    pub fn new(name: SmolStr, origin: Origin) -> Role {
        let flag = Attribute::Flag;
        let attributes = vec![
            ("createDb", flag(false)),
            ("createRole", flag(false)),
            ("inherit", flag(true)),
            ("superuser", flag(false)),
            ("canLogin", flag(false)),
            ("replication", flag(false)),
            ("bypassRls", flag(false)),
            ("connLimit", Attribute::Text("-1".into())),
            ("password", Attribute::Unsaid),
            ("validUntil", Attribute::Unsaid),
        ];
        Role { name, attributes, origin }
    }

    /// The attributes in which two roles differ, as both have them. What one of them does not list is no difference.
    pub fn differences<'a>(&'a self, other: &'a Role) -> Vec<(&'static str, &'a Attribute, &'a Attribute)> {
        let pairs = self.attributes.iter().filter_map(|(key, value)| {
            let (_, theirs) = other.attributes.iter().find(|it| it.0 == *key)?;
            Some((*key, value, theirs))
        });
        pairs.filter(|(_, a, b)| a != b).collect()
    }
}
