//! `pgRole('name', { createDb, createRole, inherit })`.

use super::chain::{Chain, field, string};
use crate::catalog::Origin;
use crate::catalog::role::{Attribute, Role};
use crate::project::eval::{Value, ValueKind};

/// The role that drizzle-kit makes; `None` where its name or its options are not known.
pub fn read(chain: &Chain<'_>, origin: Origin) -> Option<Role> {
    let (name, config) = match chain.head.args() {
        [name] => (string(name)?, None),
        [name, config, ..] => (string(name)?, Some(config)),
        [] => return None,
    };
    let is_known =
        |it: &Value| matches!(&*it.kind, ValueKind::Object { open: false, .. } | ValueKind::Undefined);
    let mut res = Role::new(name.clone(), origin);
    for (key, value) in &mut res.attributes {
        match config.and_then(|it| field(it, key)).map(|it| &*it.kind) {
            None | Some(ValueKind::Undefined) => {}
            Some(ValueKind::Bool(it)) => *value = Attribute::Flag(*it),
            Some(_) => return None,
        }
    }
    config.is_none_or(is_known).then_some(res)
}
