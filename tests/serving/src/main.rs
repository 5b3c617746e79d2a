//! The program under test: the same as `serving/src/main.rs`.

fn main() -> std::process::ExitCode {
    serving::commands::main()
}
