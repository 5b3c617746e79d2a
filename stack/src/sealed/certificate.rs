//! The certificate of a Sealed Secrets controller, to whose key values are encrypted.

use std::time::SystemTime;

use documents::Diagnostic;
use rsa::{
    BigUint, RsaPublicKey,
    pkcs1::{self, der::Decode},
};
use secrecy::SecretString;
use x509_cert::{Certificate as X509, time::Time};

use super::Ciphertext;

/// What is needed of a certificate. The controller itself never asks who signed it.
pub(crate) struct Certificate {
    file: String,
    key: RsaPublicKey,
    not_after: Time,
}

/// The longest key that is taken, in bits.
const MAX_BITS: usize = 16_384;

const HINT: &str =
    "fetch it from the cluster with `kubeseal --fetch-cert > FILE`, or from the controller's /v1/cert.pem";

impl Certificate {
    /// The first certificate of a file of PEM blocks.
    ///
    /// # Errors
    /// When there is none, or its key is no RSA key.
    pub(crate) fn read(file: &str, pem: &[u8]) -> Result<Self, Diagnostic> {
        let none = || Diagnostic::of_file(file, "there is no certificate in this file", HINT);
        let chain = X509::load_pem_chain(pem).map_err(|_| none())?;
        let certificate = chain.into_iter().next().ok_or_else(none)?.tbs_certificate;
        let key = &certificate.subject_public_key_info;
        let read = || {
            if key.algorithm.oid != pkcs1::ALGORITHM_OID {
                return None;
            }
            let key = pkcs1::RsaPublicKey::from_der(key.subject_public_key.as_bytes()?).ok()?;
            let number = |part: pkcs1::UintRef<'_>| BigUint::from_bytes_be(part.as_bytes());
            RsaPublicKey::new_with_max_size(number(key.modulus), number(key.public_exponent), MAX_BITS).ok()
        };
        let key = read().ok_or_else(|| Diagnostic::of_file(file, "the key of this certificate is no RSA key", HINT))?;
        Ok(Self { file: file.to_owned(), key, not_after: certificate.validity.not_after })
    }

    /// What to tell when `now` is past its end: the controller still decrypts for it, but a newer one is due.
    pub(crate) fn warning(&self, now: SystemTime) -> Option<String> {
        let warning = || {
            format!(
                "warning: {} expired on {}\n\nhint: the controller may have renewed its key since; {HINT}",
                self.file, self.not_after
            )
        };
        (self.not_after.to_system_time() < now).then(warning)
    }

    /// Encrypts a value for the Secret `secret` of `namespace`.
    ///
    /// # Errors
    /// When the key cannot encrypt, or the system has no randomness.
    pub(crate) fn seal(&self, namespace: &str, secret: &str, value: &SecretString) -> Result<Ciphertext, Diagnostic> {
        Ciphertext::seal(&self.key, namespace, secret, value).ok_or_else(|| {
            let hint = "the key must have 1024 bits or more, and the system a source of randomness";
            Diagnostic::of_file(&self.file, "nothing can be encrypted to this certificate", hint)
        })
    }
}
