//! The HTTP client: rustls with ring, no redirects, and patience in one place.

use std::{sync::Once, time::Duration};

use reqwest::{Client, redirect::Policy};

/// How long a server may say nothing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Chooses rustls' cryptography, once for the whole program; one that was chosen before stays.
pub fn provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// A client. Without a CA bundle none can be built, so for plain HTTP it trusts no certificate instead of asking for one:
/// it never meets any, since redirects are not followed.
///
/// # Errors
/// When there is no CA bundle for `https`.
pub fn client(https: bool) -> Result<Client, reqwest::Error> {
    provider();
    let builder = Client::builder().connect_timeout(Duration::from_secs(5)).redirect(Policy::none());
    // Before the server does, so that no request meets a connection that is being closed.
    let builder = builder.pool_idle_timeout(Duration::from_secs(30));
    let builder = builder.user_agent(concat!("mlstack-serving/", env!("CARGO_PKG_VERSION")));
    if https { builder.build() } else { builder.tls_certs_only([]).build() }
}
