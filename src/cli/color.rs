//! Whether to colour: <https://no-color.org> and <https://bixense.com/clicolors>.

use std::io::IsTerminal;

use super::args::ColorChoice;

/// Whether standard output gets colours.
pub fn on_stdout(choice: ColorChoice) -> bool {
    decide(choice, |name| std::env::var(name).ok(), std::io::stdout().is_terminal())
}

fn decide(choice: ColorChoice, env: impl Fn(&str) -> Option<String>, terminal: bool) -> bool {
    let set = |name: &str| env(name).filter(|it| !it.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR").is_some() => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE").is_some_and(|it| it != "0") => true,
        ColorChoice::Auto if set("CLICOLOR").is_some_and(|it| it == "0") => false,
        ColorChoice::Auto if set("TERM").is_some_and(|it| it == "dumb") => false,
        ColorChoice::Auto => terminal,
    }
}

/// Columns of the terminal, for trimming wide lines.
pub fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|it| it.parse::<usize>().ok());
    columns.filter(|it| *it >= 40).unwrap_or(120)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(choice: ColorChoice, env: &[(&str, &str)], terminal: bool) -> bool {
        decide(choice, |name| env.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()), terminal)
    }

    #[test]
    fn the_environment_decides_only_on_auto() {
        assert!(check(ColorChoice::Auto, &[], true));
        assert!(!check(ColorChoice::Auto, &[], false));
        assert!(!check(ColorChoice::Auto, &[("NO_COLOR", "1")], true));
        assert!(check(ColorChoice::Auto, &[("NO_COLOR", "")], true));
        assert!(check(ColorChoice::Always, &[("NO_COLOR", "1")], false));
        assert!(check(ColorChoice::Auto, &[("CLICOLOR_FORCE", "1")], false));
        assert!(!check(ColorChoice::Auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
        assert!(!check(ColorChoice::Auto, &[("CLICOLOR", "0")], true));
        assert!(!check(ColorChoice::Auto, &[("TERM", "dumb")], true));
        assert!(!check(ColorChoice::Never, &[("CLICOLOR_FORCE", "1")], true));
    }
}
