//! The program under test: the same as `stack/src/main.rs`.

fn main() -> std::process::ExitCode {
    stack::commands::main()
}
