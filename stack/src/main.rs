//! The command line `mlstack`.

/// A compile makes and drops many small trees; glibc's allocator takes a third more CPU time for them.
/// Debug builds do without, since linking it costs more than it saves there.
#[cfg(not(debug_assertions))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    stack::commands::main()
}
