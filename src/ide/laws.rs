//! What holds of every feature that reads tokens, in text that is being typed.

use crate::base::file::InFile;
use crate::base::text::{TextRange, TextSize};
use crate::ide::{actions, folding, signature, status, symbols, tokens};
use crate::project::Workspace;
use crate::testing::sample;

/// Every (so many-th) beginning of every file, as if the rest was not written yet: answers lie in the text, tokens
/// are disjoint, folds nest, edits can be applied.
#[test]
fn beginnings_of_files_are_understood() {
    let mut world = sample::blog();
    let files = sample::files(&world.snapshot());
    let mut n_signatures = 0;
    for (nth, (file, text)) in files.iter().enumerate() {
        let path = world.snapshot().path(*file);
        let stride = (text.len() / 6).max(1);
        for end in ((nth * 37) % stride..text.len()).step_by(stride) {
            let Some(typed) = text.get(..end) else { continue };
            world.set_overlay(&path, typed.into());
            let snap = world.snapshot();
            let lies = |at: TextRange| typed.get(usize::from(at.start())..usize::from(at.end())).is_some();
            let mut before = TextSize::default();
            for it in tokens::tokens(&snap, *file, None).expect("nobody cancels") {
                assert!(lies(it.range) && it.range.start() >= before && !it.range.is_empty(), "{path} {end}");
                before = it.range.end();
            }
            for it in folding::folds(&snap, *file).expect("nobody cancels") {
                assert!(lies(it.range));
            }
            for it in symbols::document(&snap, *file).expect("nobody cancels") {
                assert!(lies(it.range) && lies(it.focus), "{path} {end}: {it:?}");
            }
            status::status(&snap, *file).expect("nobody cancels");
            let at = InFile::new(*file, TextSize::of(typed));
            let found = signature::signature_help(&snap, at).expect("nobody cancels");
            n_signatures += usize::from(found.is_some());
            let at = InFile::new(*file, TextRange::empty(TextSize::of(typed)));
            for it in actions::actions(&snap, at).expect("nobody cancels") {
                assert!(it.edits.iter().all(|it| it.at.file == *file && lies(it.at.value)), "{it:?}");
            }
        }
        world.close(&path);
    }
    assert!(n_signatures > 1, "{n_signatures}");
}
