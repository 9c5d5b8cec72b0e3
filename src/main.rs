//! The command line of sitmap.

mod cli;

use std::process::ExitCode;

use clap::Parser;

/// Extraction and answers are made of many small texts, which the system's allocator takes longer to make and let go.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
