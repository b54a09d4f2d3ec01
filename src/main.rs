//! The binary: chooses the command line. See `columnist --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    columnist::cli::main()
}
