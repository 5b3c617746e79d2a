//! Values from chance and from the terminal.

use std::io::{self, IsTerminal};

use documents::Diagnostic;
use secrecy::{ExposeSecret, SecretString};

use super::KeyPath;
use crate::project::Failure;

/// 192 random bits; hexadecimal digits need no quoting anywhere.
///
/// # Errors
/// When the system has no randomness.
pub(crate) fn draw() -> Result<SecretString, Failure> {
    let word = || {
        getrandom::u64().map_err(|error| io::Error::other(error.to_string())).map_err(Failure::io(
            "draw a value from",
            "the system".as_ref(),
            "the system has no source of randomness",
        ))
    };
    Ok(format!("{:016x}{:016x}{:016x}", word()?, word()?, word()?).into())
}

/// Asks on the terminal for each value, without showing it.
///
/// # Errors
/// Where nobody can be asked: all of `keys`, each with `hint` as what to do.
pub(crate) fn ask(keys: &[&KeyPath], hint: &str) -> Result<Vec<(KeyPath, SecretString)>, Vec<Diagnostic>> {
    let refused = |message: String| vec![Diagnostic { message, places: Vec::new(), hint: Some(hint.to_owned()) }];
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let names: Vec<String> = keys.iter().map(ToString::to_string).collect();
        return Err(refused(match names.as_slice() {
            [name] => format!("the key {name} has no value, and there is no terminal to ask on"),
            names => {
                format!("{} keys have no value, and there is no terminal to ask on: {}", names.len(), names.join(", "))
            }
        }));
    }
    let mut values = Vec::new();
    for key in keys {
        let value = loop {
            let typed = rpassword::prompt_password(format!("{key}: "));
            let typed =
                typed.map(SecretString::from).map_err(|error| refused(format!("cannot ask for {key}: {error}")))?;
            if !typed.expose_secret().is_empty() {
                break typed;
            }
        };
        values.push(((*key).clone(), value));
    }
    Ok(values)
}
