//! How a ciphertext is made: `R` is a random key under the controller's RSA key (OAEP with SHA-256 and the label
//! `namespace/name`), `A` the value under that key (AES-256-GCM, a nonce of zeros, since no key is used twice).
//!
//! <https://github.com/bitnami/sealed-secrets/blob/main/docs/developer/crypto.md>

use aes_gcm::{Aes256Gcm, KeyInit, Nonce, aead::Aead};
use rsa::{Oaep, RsaPublicKey, rand_core::OsRng, sha2::Sha256};
use secrecy::{ExposeSecret, SecretString};

use super::Ciphertext;

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
        Some(Self::of(&[&length[..], &encrypted_key, &encrypted].concat()))
    }
}
