//! Mistakes that must not compile, and what the compiler says to who makes them.

#[test]
fn mistakes_do_not_compile_and_say_what_to_do() {
    trybuild::TestCases::new().compile_fail("tests/hermetic/compile_fail/*.rs");
}
