//! The `packlife` command.

fn main() -> std::process::ExitCode {
    packlife::cli::main()
}
