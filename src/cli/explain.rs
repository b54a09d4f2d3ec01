//! `columnist explain`.

use std::fmt::Write as _;

use super::args::{ColorChoice, ExplainArgs};
use super::outcome::severity_name;
use super::{CLEAN, color};
use crate::lint::registry::{self, Rule};

pub fn run(args: &ExplainArgs, choice: ColorChoice) -> anyhow::Result<u8> {
    let color = color::on_stdout(choice);
    let text = match &args.code {
        None => list(color),
        Some(asked) => explain(asked, color)?,
    };
    super::print(&text)?;
    Ok(CLEAN)
}

fn explain(asked: &str, color: bool) -> anyhow::Result<String> {
    if let Some(rule) = registry::rule(asked) {
        return Ok(document(rule, color));
    }
    let of_state: Vec<&Rule> = registry::rules()
        .iter()
        .filter(|it| it.sqlstate.is_some_and(|it| it.eq_ignore_ascii_case(asked)))
        .collect();
    if !of_state.is_empty() {
        let documents: Vec<String> = of_state.into_iter().map(|it| document(it, color)).collect();
        return Ok(documents.join("\n"));
    }
    let near = registry::rules()
        .iter()
        .map(|it| (distance(asked, it.code), it.code))
        .min()
        .filter(|(distance, code)| *distance <= code.len() / 3);
    match near {
        Some((_, code)) => anyhow::bail!("no code is called {asked:?}; did you mean {code}?"),
        None => anyhow::bail!("no code is called {asked:?}; `columnist explain` lists all"),
    }
}

fn document(rule: &Rule, color: bool) -> String {
    let state = rule.sqlstate.map_or_else(|| "no SQLSTATE".to_owned(), |it| format!("SQLSTATE {it}"));
    let facts = format!("{} · {} · {state} · {}", rule.code, severity_name(rule.severity), rule.group);
    let mut lines = rule.document.lines();
    let mut res = String::new();
    let title = lines.next().unwrap_or("");
    let _ = writeln!(res, "{}\n\n{facts}", bold(title, color));
    for line in lines {
        let heading = line.starts_with('#');
        res.push_str(&if heading { bold(line, color) } else { line.to_owned() });
        res.push('\n');
    }
    res
}

fn list(color: bool) -> String {
    let width = registry::rules().iter().map(|it| it.code.len()).max().unwrap_or(0);
    let mut res = String::new();
    for (group, about) in registry::GROUPS {
        let _ = writeln!(res, "{}: {about}", bold(group, color));
        for rule in registry::rules().iter().filter(|it| it.group == *group) {
            let state = rule.sqlstate.unwrap_or("");
            let severity = severity_name(rule.severity);
            let _ = writeln!(res, "  {:width$}  {severity:11}  {state:5}  {}", rule.code, rule.title);
        }
        res.push('\n');
    }
    res.push_str(
        "`columnist explain CODE` tells more; `columnist.json` changes severities by code or group.\n",
    );
    res
}

fn bold(text: &str, color: bool) -> String {
    if color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// Levenshtein distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.bytes().enumerate() {
            let cost = usize::from(x != y);
            let replaced = row.get(j).map_or(usize::MAX, |it| it + cost);
            let removed = row.get(j + 1).map_or(usize::MAX, |it| it + 1);
            let added = next.last().map_or(usize::MAX, |it| it + 1);
            next.push(replaced.min(removed).min(added));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_and_explained() {
        let all = list(false);
        for rule in registry::rules() {
            assert!(all.contains(rule.code), "{}", rule.code);
            let text = explain(rule.code, false).unwrap();
            assert!(text.starts_with(&format!("# {}\n", rule.title)), "{text}");
        }
        assert!(explain("42703", false).unwrap().contains("undefined-column ·"));
        let error = explain("undefind-colum", false).unwrap_err().to_string();
        assert!(error.ends_with("did you mean undefined-column?"), "{error}");
        assert!(explain("zzz", false).is_err());
    }
}
