use super::*;
use crate::base::cancel::CancelToken;
use crate::project::Workspace;
use std::collections::BTreeMap;
use std::sync::Arc;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

#[test]
fn overlays_win_until_closed_and_directories_are_listed() {
    let disk = MapDisk(
        [("/w/a/x.sql", "select 1"), ("/w/a/b/y.ts", ""), ("/w/z.md", "")]
            .map(|(p, t)| (p.into(), t.into()))
            .into(),
    );
    let mut world = World::new(Arc::new(disk), vec!["/w".into()]);
    for path in ["/w/a/x.sql", "/w/a/b/y.ts", "/w/z.md"] {
        world.file_on_disk(path);
    }
    let before = world.snapshot();
    let x = before.file("/w/a/x.sql").unwrap();
    assert_eq!(before.read_dir("/w/a"), ["/w/a/b", "/w/a/x.sql"]);
    assert_eq!(before.files_below("/w").len(), 2);
    world.set_overlay("/w/a/x.sql", "select 2".into());
    assert!(before.check().is_err());
    let token = CancelToken::default();
    let asked = world.snapshot().cancelled_by(&token);
    assert!(asked.check().is_ok());
    token.cancel();
    assert!(asked.check().is_err() && world.snapshot().check().is_ok());
    assert_eq!(&*world.snapshot().text(x).unwrap(), "select 2");
    assert_eq!(&*before.text(x).unwrap(), "select 1");
    world.file_deleted("/w/a/x.sql");
    assert_eq!(&*world.snapshot().text(x).unwrap(), "select 2");
    world.close("/w/a/x.sql");
    assert_eq!(world.snapshot().file("/w/a/x.sql"), None);
    world.file_on_disk("/w/a/x.sql");
    assert_eq!(&*world.snapshot().text(x).unwrap(), "select 1");
    world.set_overlay("/w/a/x.sql", "select 3".into());
    world.close("/w/a/x.sql");
    assert_eq!(&*world.snapshot().text(x).unwrap(), "select 1");
}
