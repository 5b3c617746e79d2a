//! One encrypted value, in the format of Sealed Secrets:
//! base64 of `length of R` (2 bytes, big-endian), `R`, `A`: a key that only the controller can read, and the value under it.
//!
//! <https://github.com/bitnami/sealed-secrets/blob/main/docs/developer/crypto.md>

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use builders::{Invalid, refuse};
use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};

/// A text of this format. That it can be decrypted, only the controller knows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Ciphertext(String);

/// Bytes of the tag behind what AES-GCM encrypts.
const TAG: usize = 16;

/// Bytes that RSA makes of a key of 1024 to 16384 bits.
const ENCRYPTED_KEY: std::ops::RangeInclusive<usize> = 128..=2048;

impl Ciphertext {
    /// As it stands in files.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Of bytes in this format.
    #[cfg(feature = "seal")]
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(BASE64.encode(bytes))
    }

    fn parse(text: String) -> Option<Self> {
        let bytes = BASE64.decode(&text).ok()?;
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        (ENCRYPTED_KEY.contains(&length) && rest.len() >= length + TAG).then_some(Self(text))
    }
}

impl<E: DeserializeError> Deserr<E> for Ciphertext {
    /// What is refused is not shown: it may be a value that somebody wrote here in clear.
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let text = if let Value::String(text) = value { Self::parse(text) } else { None };
        text.ok_or_else(|| {
            let hint = "if it is a value in clear, others may have read it by now: change it where it is used, then \
                        remove it here and run `mlstack seal`";
            let key = location.last_field().unwrap_or("the key");
            refuse::<V, E>(&Invalid::new(format!("what stands behind {key} is no sealed value"), hint), location)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_another_format_is_none() {
        let of = |length: u16, rest: usize| BASE64.encode([&length.to_be_bytes()[..], &vec![7; rest]].concat());
        assert!(Ciphertext::parse(of(512, 512 + 16)).is_some());
        for bad in ["", "hunter2", "AAAA", &of(512, 512 + 15), &of(64, 512), &of(4096, 5000), &of(512, 600)[1..]] {
            assert_eq!(Ciphertext::parse(bad.to_owned()), None, "{bad}");
        }
    }
}
