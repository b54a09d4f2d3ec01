//! Roles, which drizzle-kit makes, changes and drops as it does tables, whatever `entities.roles` says: that concerns
//! `pull` and `push`.

use super::super::diff::{Change, ChangeKind};
use super::super::drizzle::Reading;
use super::super::role::{Attribute, Role};
use super::super::{Catalog, Origin};

/// What leads from the snapshot's roles to those of the schema. `is_beta`: a drizzle-kit that leaves open what Drizzle does
/// not say, in its reading as in its snapshots.
pub fn changes(snapshot: &Catalog, reading: &Reading, is_beta: bool, acc: &mut Vec<Change>) {
    let Some(roles) = &reading.roles else { return };
    for (name, role) in roles {
        let Some(before) = snapshot.roles.get(name) else {
            acc.push(whole(ChangeKind::Add, role, role.origin));
            continue;
        };
        let mut differences = before.differences(role);
        differences.retain(|(_, a, b)| !is_beta || **a != Attribute::Unsaid && **b != Attribute::Unsaid);
        if differences.is_empty() {
            continue;
        }
        let text = |value: &dyn Fn(&(&'static str, &Attribute, &Attribute)) -> String| {
            differences.iter().map(|it| format!("{} {}", it.0, value(it))).collect::<Vec<_>>().join(", ")
        };
        acc.push(Change {
            kind: ChangeKind::Alter,
            object: "role",
            name: name.to_string(),
            before: Some(text(&|it| it.1.to_string())),
            after: Some(text(&|it| it.2.to_string())),
            origin: role.origin,
        });
    }
    let dropped = snapshot.roles.values().filter(|it| !roles.contains_key(&it.name));
    acc.extend(dropped.map(|it| whole(ChangeKind::Drop, it, it.origin)));
}

fn whole(kind: ChangeKind, role: &Role, origin: Origin) -> Change {
    Change { kind, object: "role", name: role.name.to_string(), before: None, after: None, origin }
}
