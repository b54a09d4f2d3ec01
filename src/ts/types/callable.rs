//! Types of functions, and types that are looked up in others: `(client: Pool) => void`, `Deps['pool']`.

use super::{branches, close, reference, split, without_comments, written};

/// The parameters of a function's type as written, and what it gives.
pub fn function(text: &str) -> Option<(Vec<&str>, &str)> {
    let (params, rest) = takes(text)?;
    Some((params, rest.strip_prefix("=>")?.trim()))
}

/// The type of a parameter: of `{ id }: User`, `...ids: string[]`, `id?: number`.
pub fn of_parameter(text: &str) -> Option<&str> {
    split(text, &[':']).get(1).copied()
}

/// `import('pg').Pool`: the module and the type's name.
pub fn imported(text: &str) -> Option<(&str, &str)> {
    let (specifier, name) = text.strip_prefix("import(")?.split_once(')')?;
    let specifier = specifier.trim();
    let quote = specifier.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    Some((specifier.strip_prefix(quote)?.strip_suffix(quote)?, reference(name.strip_prefix('.')?)?.0))
}

/// `Deps['pool']`: what is looked into, and the key.
pub fn indexed(text: &str) -> Option<(&str, &str)> {
    let (base, key) = text.strip_suffix(']')?.rsplit_once('[')?;
    let key = key.trim();
    let quote = key.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    Some((base.trim(), key.strip_prefix(quote)?.strip_suffix(quote)?))
}

/// Whether an object has a method `name` that makes a promise of a text and perhaps an array of values, as a driver's
/// `query` does: `{ query(text: string, values?: unknown[]): Promise<unknown> }`, `{ query: (sql: string) => Promise<…> }`.
pub fn queries_by_text(text: &str, name: &str) -> bool {
    let plain = without_comments(text);
    let Some(mut members) = written(&plain, name) else { return false };
    members.any(|it| {
        let it = it.trim_start_matches('?').trim_start();
        let (function, arrow) = match it.strip_prefix(':') {
            Some(function) => (function.trim_start(), "=>"),
            None => (it, ":"),
        };
        let found = takes(function).and_then(|(params, rest)| Some((params, rest.strip_prefix(arrow)?)));
        let Some((params, result)) = found else { return false };
        let mut params = params.into_iter().map(|it| of_parameter(it).unwrap_or_default());
        let is_values =
            |it: &str| it.ends_with(']') || it.starts_with("Array<") || it.starts_with("ReadonlyArray<");
        params.next().is_some_and(|it| branches(it).contains(&"string"))
            && params.next().is_none_or(|it| branches(it).into_iter().any(is_values))
            && result.trim_start().starts_with("Promise<")
    })
}

/// The parameters of a function's type, and what is written behind them.
pub(super) fn takes(text: &str) -> Option<(Vec<&str>, &str)> {
    let text = match text.starts_with('<') {
        true => text.get(close(text, 0)?..)?.trim_start(),
        false => text,
    };
    if !text.starts_with('(') {
        return None;
    }
    let end = close(text, 0)?;
    Some((split(text.get(1..end - 1)?, &[',']), text.get(end..)?.trim_start()))
}
