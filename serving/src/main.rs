//! The program of the serving image.

/// A request makes and drops some thirty small things; the C library's allocator takes a tenth of its time for them.
/// Without huge pages (`no_thp`), which are resident as a whole: half the memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    serving::commands::main()
}
