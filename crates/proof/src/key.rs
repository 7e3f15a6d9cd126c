//! Keys, in the text form of signed notes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// The number of Ed25519 among the algorithms of signed notes.
const ED25519: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A name of a key that no note can carry.
    #[error("`{0}` is no name of a key; write one without spaces and `+`, such as `desk.example.org/record`")]
    Name(String),
    /// A text that is no key.
    #[error("this is no {what}: {why}")]
    Form {
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        why: &'static str,
    },
}

/// Who signs.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// A new key of 32 random bytes.
    ///
    /// # Errors
    /// The name is none.
    pub fn new(name: &str, random: [u8; 32]) -> Result<Self, KeyError> {
        Ok(Self {
            name: checked(name)?.to_owned(),
            key: SigningKey::from_bytes(&random),
        })
    }

    /// Reads a private key.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let what = "private key";
        let rest = text.trim().strip_prefix(PRIVATE).ok_or(KeyError::Form {
            what,
            why: "it does not begin with PRIVATE+KEY+",
        })?;
        let (name, id, bytes) = parts(rest, what)?;
        let signer = Self {
            name,
            key: SigningKey::from_bytes(&bytes),
        };
        match signer.verifier().id() == id {
            true => Ok(signer),
            false => Err(KeyError::Form {
                what,
                why: "it does not match its own hash",
            }),
        }
    }

    /// The private key as text. Whoever has it can sign.
    #[must_use]
    pub fn secret(&self) -> String {
        let id = u32::from_be_bytes(self.verifier().id());
        let bytes = [&[ED25519], &self.key.to_bytes()[..]].concat();
        format!("{PRIVATE}{}+{id:08x}+{}", self.name, STANDARD.encode(bytes))
    }

    /// Who verifies.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The signature line of a note.
    pub(crate) fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let bytes = [&self.verifier().id()[..], &signature[..]].concat();
        format!("\u{2014} {} {}\n", self.name, STANDARD.encode(bytes))
    }
}

/// Who verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Verifier {
    /// Reads a verifier key: name, hash and public key, with `+` between them.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let what = "verifier key";
        let (name, id, bytes) = parts(text.trim(), what)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Form {
            what,
            why: "its bytes are no public key",
        })?;
        let verifier = Self { name, key };
        match verifier.id() == id {
            true => Ok(verifier),
            false => Err(KeyError::Form {
                what,
                why: "it does not match its own hash",
            }),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256 over name and key.
    fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(self.key.as_bytes());
        let mut id = [0; 4];
        id.copy_from_slice(&hasher.finalize()[..4]);
        id
    }

    /// Whether a signature line of a note is this one's signature of its text.
    pub(crate) fn signed(&self, text: &str, line: &str) -> bool {
        let Some((name, encoded)) = line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')) else {
            return false;
        };
        let Ok(bytes) = STANDARD.decode(encoded) else {
            return false;
        };
        let Some((id, signature)) = bytes.split_first_chunk::<4>() else {
            return false;
        };
        let signature = Signature::from_slice(signature);
        name == self.name
            && *id == self.id()
            && signature.is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let bytes = [&[ED25519], &self.key.as_bytes()[..]].concat();
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode(bytes))
    }
}

fn checked(name: &str) -> Result<&str, KeyError> {
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+' || c.is_control());
    match is_name {
        true => Ok(name),
        false => Err(KeyError::Name(name.to_owned())),
    }
}

/// Name, hash and key of a key's text.
fn parts(text: &str, what: &'static str) -> Result<(String, [u8; 4], [u8; 32]), KeyError> {
    let wrong = |why| KeyError::Form { what, why };
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong("it has not three parts with `+` between them"));
    };
    let id = u32::from_str_radix(id, 16).ok().filter(|_| id.len() == 8);
    let id = id.ok_or_else(|| wrong("its second part is not 8 hexadecimal digits"))?;
    let bytes = STANDARD.decode(key).map_err(|_| wrong("its last part is no base64"))?;
    let Some((&ED25519, key)) = bytes.split_first() else {
        return Err(wrong("it is not for Ed25519"));
    };
    let key = key.try_into().map_err(|_| wrong("its key has not 32 bytes"))?;
    Ok((checked(name)?.to_owned(), id.to_be_bytes(), key))
}
