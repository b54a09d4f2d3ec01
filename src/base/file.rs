//! Files by number: everything above `db` speaks of a file by its [`FileId`].

/// A file of the workspace; which path it is, only the world (`db`) and the project model know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A value and the file it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InFile<T> {
    pub file: FileId,
    pub value: T,
}

impl<T> InFile<T> {
    pub fn new(file: FileId, value: T) -> InFile<T> {
        InFile { file, value }
    }
}

/// A place in the workspace: byte range in the current text of `file`.
pub type FileRange = InFile<super::text::TextRange>;
