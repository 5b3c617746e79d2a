//! The program of the serving image.

fn main() -> std::process::ExitCode {
    serving::commands::main()
}
