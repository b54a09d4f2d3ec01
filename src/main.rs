//! The binary: chooses between the command line and the language server. See `columnist --help`.

use std::process::ExitCode;

use columnist::cli::args::Command;
use columnist::{cli, server};

fn main() -> ExitCode {
    let args = match cli::arguments() {
        Ok(args) => args,
        Err(code) => return code,
    };
    match args.command {
        Some(Command::Lsp(lsp)) if lsp.settings_schema => {
            println!("{:#}", server::settings::json_schema());
            ExitCode::SUCCESS
        }
        Some(Command::Lsp(lsp)) => server::main(&server::Options { log: lsp.log }),
        _ => cli::main(args),
    }
}
