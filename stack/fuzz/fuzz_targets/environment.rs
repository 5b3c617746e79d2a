//! No bytes make the reader of environments and models panic: `cargo fuzz run environment` in `stack/`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stack::{Missing, Source, Sources, compile};

/// The input is the environment, its ciphertexts, every model it names and their data.
struct Bytes<'a>(&'a [u8]);

impl Sources for Bytes<'_> {
    fn environment(&self, name: &str) -> Result<Source, Vec<documents::Diagnostic>> {
        Ok(Source { name: name.into(), bytes: self.0.into() })
    }

    fn model(&self, name: &str) -> Result<Source, Missing> {
        Ok(Source { name: name.into(), bytes: self.0.into() })
    }

    fn sealed(&self, name: &str) -> Result<Option<Source>, Missing> {
        Ok(Some(Source { name: name.into(), bytes: self.0.into() }))
    }

    fn data(&self, _: &str) -> Result<Vec<u8>, Missing> {
        Ok(self.0.into())
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Err(mistakes) = compile("fuzz", &Bytes(bytes)) {
        documents::render(&mistakes, documents::Style::Plain);
    }
});
