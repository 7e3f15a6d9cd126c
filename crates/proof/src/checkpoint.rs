//! Checkpoints: signed notes that say what a log held.

use crate::key::{Signer, Verifier};
use crate::tree::{self, Tree};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rapporteur_log::{Hash, Head};

/// What a line of a note that carries the last event's hash begins with.
const HEAD: &str = "head ";

/// A text that is no checkpoint, or not of whom it should be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CheckpointError {
    /// It has not the form of one.
    #[error("this is no checkpoint: {0}")]
    Form(&'static str),
    /// It bears another name.
    #[error("the checkpoint is of `{found}`, not of `{wanted}`")]
    Origin {
        /// The name that it bears.
        found: String,
        /// The verifier's.
        wanted: String,
    },
    /// It is not signed with this key, or was changed.
    #[error("the checkpoint is not signed with the key of `{0}`, or was changed since")]
    Unsigned(String),
}

/// What a log held when it ended at some event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Who keeps the log: the name of the key.
    pub origin: String,
    /// The last event.
    pub head: Head,
    /// The root of the tree over the hashes of all events.
    pub root: [u8; 32],
}

impl Checkpoint {
    /// Signs what a tree says.
    #[must_use]
    pub fn sign(tree: &Tree, signer: &Signer) -> String {
        let checkpoint = Self {
            origin: signer.verifier().name().to_owned(),
            head: tree.head(),
            root: tree.root(),
        };
        let text = checkpoint.text();
        format!("{text}\n{}", signer.sign(&text))
    }

    /// Reads a note, and checks that it is signed by whom `verifier` knows.
    ///
    /// # Errors
    /// See [`CheckpointError`].
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, CheckpointError> {
        let (text, signatures) = note
            .rsplit_once("\n\n")
            .ok_or(CheckpointError::Form("no empty line stands before its signatures"))?;
        let text = format!("{text}\n");
        let checkpoint = Self::parse(&text)?;
        if checkpoint.origin != verifier.name() {
            return Err(CheckpointError::Origin {
                found: checkpoint.origin,
                wanted: verifier.name().to_owned(),
            });
        }
        match signatures.lines().any(|line| verifier.signed(&text, line)) {
            true => Ok(checkpoint),
            false => Err(CheckpointError::Unsigned(verifier.name().to_owned())),
        }
    }

    /// Whether hashes show that the log of this checkpoint goes on from an older one's.
    #[must_use]
    pub fn follows(&self, older: &Self, hashes: &[[u8; 32]]) -> bool {
        let (old, new) = ((older.head.position, older.root), (self.head.position, self.root));
        old == new || tree::begins(hashes, old, new)
    }

    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n{HEAD}{}\n",
            self.origin,
            self.head.position,
            STANDARD.encode(self.root),
            self.head.hash
        )
    }

    /// Reads a note, whoever signed it.
    ///
    /// # Errors
    /// It has not the form of one.
    pub fn read(note: &str) -> Result<Self, CheckpointError> {
        let (text, _) = note
            .rsplit_once("\n\n")
            .ok_or(CheckpointError::Form("no empty line stands before its signatures"))?;
        Self::parse(text)
    }

    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.lines();
        let mut next = |missing| lines.next().ok_or(CheckpointError::Form(missing));
        let origin = next("it has no first line, the name of who keeps the log")?.to_owned();
        let size = next("it has no second line, the number of events")?;
        let root = next("it has no third line, the root of the tree")?;
        let hash = next("it has no fourth line, the last event's hash")?;
        let position = size.parse().ok().filter(|position: &u64| position.to_string() == size);
        let root = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok());
        let hash = hash.strip_prefix(HEAD).and_then(Hash::parse);
        Ok(Self {
            origin,
            head: Head {
                position: position.ok_or(CheckpointError::Form("its second line is no number of events"))?,
                hash: hash.ok_or(CheckpointError::Form("its fourth line is not `head` and a hash"))?,
            },
            root: root.ok_or(CheckpointError::Form("its third line is not 32 bytes in base64"))?,
        })
    }
}
