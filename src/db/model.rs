//! The project as a whole: its databases, their catalogs, and how names lead from file to file.

use super::snapshot::Snapshot;

pub struct Model {}

impl Model {
    pub(super) fn new(_snap: &Snapshot) -> Model {
        Model {}
    }

    pub fn dialect_of(&self, _file: crate::base::file::FileId) -> crate::sql::Dialect {
        crate::sql::Dialect::Postgres
    }
}
