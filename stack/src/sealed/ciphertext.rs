//! One encrypted value, in the format of Sealed Secrets:
//! base64 of `length of R` (2 bytes, big-endian), `R`, `A`. `R` is a random key under the controller's RSA key
//! (OAEP with SHA-256 and the label `namespace/name`), `A` the value under that key (AES-256-GCM, a nonce of
//! zeros, since no key is used twice).
//!
//! <https://github.com/bitnami/sealed-secrets/blob/main/docs/developer/crypto.md>

use aes_gcm::{Aes256Gcm, KeyInit, Nonce, aead::Aead};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use builders::{Invalid, refuse};
use deserr::{DeserializeError, Deserr, IntoValue, Value, ValuePointerRef};
use rsa::{Oaep, RsaPublicKey, rand_core::OsRng, sha2::Sha256};
use secrecy::{ExposeSecret, SecretString};

/// A text of this format. That it can be decrypted, only the controller knows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Ciphertext(String);

/// Bytes of the tag behind what AES-GCM encrypts.
const TAG: usize = 16;

/// Bytes that RSA makes of a key of 1024 to 16384 bits.
const ENCRYPTED_KEY: std::ops::RangeInclusive<usize> = 128..=2048;

impl Ciphertext {
    /// Encrypts `value` for the Secret `secret` of `namespace`; nothing when the key is too short or the system
    /// has no randomness.
    pub(crate) fn seal(key: &RsaPublicKey, namespace: &str, secret: &str, value: &SecretString) -> Option<Self> {
        let mut session = [0; 32];
        getrandom::fill(&mut session).ok()?;
        let label = format!("{namespace}/{secret}");
        let encrypted_key = key.encrypt(&mut OsRng, Oaep::new_with_label::<Sha256, _>(label), &session).ok()?;
        let cipher = Aes256Gcm::new(&session.into());
        let encrypted = cipher.encrypt(&Nonce::default(), value.expose_secret().as_bytes()).ok()?;
        let length = u16::try_from(encrypted_key.len()).ok()?.to_be_bytes();
        Some(Self(BASE64.encode([&length[..], &encrypted_key, &encrypted].concat())))
    }

    /// As it stands in files.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
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
