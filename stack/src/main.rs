//! The command line `mlstack`.

fn main() -> std::process::ExitCode {
    stack::commands::main()
}
