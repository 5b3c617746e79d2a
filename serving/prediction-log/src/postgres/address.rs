//! A URL as libpq has it, and whether its server is spoken to by TLS.
//!
//! libpq's `sslmode` has six values, of which three encrypt without knowing for whom. Here TLS is verified or
//! there is none: plain TCP is for a server in the same cluster, behind a network policy.

use std::{sync::Arc, time::Duration};

use percent_encoding::percent_decode_str;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

/// Where the server is and how to log in; it cannot be shown.
pub(crate) struct Address {
    pub config: Config,
    pub tls: Option<MakeRustlsConnect>,
}

impl Address {
    /// Reads a URL. What stands in it goes before user and password, as with libpq.
    pub fn parse(url: &str, user: Option<String>, password: Option<&SecretString>) -> Result<Self, Error> {
        if !url.starts_with("postgresql://") && !url.starts_with("postgres://") {
            return Err(Error::Url("does not begin with postgresql://"));
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut encrypted, mut authorities, mut rest) = (false, None, Vec::new());
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let decoded = |value| percent_decode_str(value).decode_utf8_lossy().into_owned();
            match parameter.split_once('=') {
                Some(("sslmode", mode)) => encrypted = verified(mode)?,
                Some(("sslrootcert", file)) => authorities = Some(decoded(file)),
                _ => rest.push(parameter),
            }
        }
        // Its error would show the part that it stumbled on.
        let parsed = format!("{base}?{}", rest.join("&")).parse();
        let mut config: Config = parsed.map_err(|_| Error::Url("is not one that can be read"))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(Error::Url("names no host"));
        }
        if let (None, Some(user)) = (config.get_user(), user) {
            config.user(user);
        }
        if let (None, Some(password)) = (config.get_password(), password) {
            config.password(password.expose_secret());
        }
        if config.get_application_name().is_none() {
            config.application_name("prediction-log");
        }
        // A node that is lost closes no connection.
        config.keepalives_idle(Duration::from_secs(30)).keepalives_interval(Duration::from_secs(10));
        config.keepalives_retries(3).tcp_user_timeout(Duration::from_secs(30));
        config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
        let tls = encrypted.then(|| tls(authorities.as_deref())).transpose()?;
        Ok(Self { config, tls })
    }
}

fn verified(mode: &str) -> Result<bool, Error> {
    match mode {
        "disable" | "allow" | "prefer" => Ok(false),
        "require" | "verify-ca" | "verify-full" => Ok(true),
        _ => Err(Error::SslMode),
    }
}

fn tls(authorities: Option<&str>) -> Result<MakeRustlsConnect, Error> {
    let certificates: Vec<CertificateDer<'static>> = match authorities.filter(|file| *file != "system") {
        None => rustls_native_certs::load_native_certs().certs,
        Some(file) => CertificateDer::pem_file_iter(file)
            .map(|certificates| certificates.filter_map(Result::ok).collect())
            .unwrap_or_default(),
    };
    let mut roots = RootCertStore::empty();
    if roots.add_parsable_certificates(certificates).0 == 0 {
        return Err(Error::Authorities { place: authorities.unwrap_or("the system").to_owned() });
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the ciphers of TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use tokio_postgres::config::SslMode;

    use super::Address;

    fn parse(url: &str) -> Result<Address, String> {
        let password = SecretString::from("from-the-environment");
        Address::parse(url, Some("someone".into()), Some(&password)).map_err(|error| format!("{error} {error:?}"))
    }

    #[test]
    fn credentials_travel_beside_the_url_and_those_in_it_go_first() {
        let beside = parse("postgresql://db:5433/predictions").unwrap().config;
        assert_eq!((beside.get_user(), beside.get_password()), (Some("someone"), Some(&b"from-the-environment"[..])));
        assert_eq!((beside.get_dbname(), beside.get_ports()), (Some("predictions"), &[5433][..]));
        let inside = parse("postgres://me:p%40ss@db/predictions?connect_timeout=3").unwrap().config;
        assert_eq!((inside.get_user(), inside.get_password()), (Some("me"), Some(&b"p@ss"[..])));
        assert_eq!(inside.get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn tls_is_verified_or_there_is_none() {
        for mode in ["disable", "allow", "prefer"] {
            assert!(parse(&format!("postgresql://db/x?sslmode={mode}")).unwrap().tls.is_none());
        }
        let missing = parse("postgresql://db/x?sslmode=verify-full&sslrootcert=/no%20such.pem").err().unwrap();
        assert!(missing.contains("authority in /no such.pem\n\nhint: "), "{missing}");
        assert!(parse("postgresql://db/x?sslmode=sometimes").err().unwrap().contains("unknown sslmode"));
    }

    #[test]
    fn an_error_shows_nothing_of_the_url() {
        for url in
            ["postgresql+psycopg2://me:s3cret@db/x", "postgresql://me:s3cret@db:s3cret/x", "s3cret", "postgresql:///x"]
        {
            let error = parse(url).err().unwrap();
            assert!(error.contains("hint: write it as postgresql://host:5432/database"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
