//! Typing for hours costs no memory.

use crate::editor::Editor;
use crate::order::Numbers;
use crate::project::Project;

/// Types statements into the sample, one character after the other, and takes them back.
#[test]
fn memory_stays_where_it_was_after_warm_up() {
    let n_keys: usize =
        std::env::var("COLUMNIST_LSP_TYPING").ok().and_then(|it| it.parse().ok()).unwrap_or(1500);
    let project = Project::sample();
    let mut editor = Editor::new(&project);
    let paths: Vec<String> = project
        .sources()
        .into_iter()
        .filter(|it| it.contains("/api/") || it.contains("/schemas/") || it.ends_with(".sql"))
        .collect();
    for path in &paths {
        editor.open(&project.uri(path), &project.read(path));
    }
    editor.until_ready();
    let statement = "select p.id, u.name from posts p join users u on u.id = p.author_id where p.title = 'x'";
    let mut numbers = Numbers(0x7e57);
    let mut warm = 0;
    let mut n_typed = 0;
    while n_typed < n_keys {
        let path = &paths[numbers.below(paths.len())];
        let uri = project.uri(path);
        // In a comment's line of its own, a statement, or rubbish in a schema: whatever is typed is taken back.
        let text =
            if path.ends_with(".sql") { format!("{statement};") } else { format!("void sql`{statement}`") };
        editor.replace(&uri, [0, 0, 0, 0], "\n");
        for (column, key) in text.chars().enumerate() {
            let at = [0, column as u32, 0, column as u32];
            editor.replace(&uri, at, &key.to_string());
            n_typed += 1;
            if column % 8 == 0 {
                let position = serde_json::json!({ "line": 0, "character": column + 1 });
                let document = serde_json::json!({ "uri": uri });
                let params = serde_json::json!({ "textDocument": document, "position": position });
                let _ = editor.request("textDocument/completion", params);
            }
        }
        editor.replace(&uri, [0, 0, 1, 0], "");
        editor.settle(&uri);
        if warm == 0 && n_typed >= n_keys / 5 {
            warm = resident(editor.process());
        }
    }
    let end = resident(editor.process());
    println!("{n_typed} keys: {warm} kB after warm-up, {end} kB at the end");
    assert!(end as f64 <= 1.2 * warm as f64, "{warm} kB after warm-up, {end} kB at the end");
}

fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
