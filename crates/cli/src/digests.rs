//! The file `digests` of a store: what its views came to when it was last closed, for `rebuild` to compare with.
//!
//! A line of JSON, then a line with the BLAKE3 of the first.

use crate::out;
use rapporteur_log::{Hash, Head};
use rapporteur_views::Views;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Digests of all views at one position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digests {
    position: u64,
    /// The chain's hash there.
    hash: String,
    /// How many of the events up to there were redacted: the chain is the same with them and without.
    #[serde(default)]
    redacted: usize,
    views: Vec<ViewDigest>,
}

/// The digest of one view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ViewDigest {
    pub(crate) name: String,
    /// Raised whenever the same log gives other content.
    pub(crate) version: u32,
    pub(crate) digest: String,
}

impl Digests {
    /// The digests of views that were folded up to `head`.
    pub(crate) fn of(folded: &Views, head: Head) -> Self {
        let versions = folded.versions().into_iter();
        let views = folded.digests().into_iter().zip(versions);
        Self {
            position: head.position,
            hash: head.hash.to_string(),
            redacted: folded.timeline.gone(),
            views: views
                .map(|((name, digest), version)| ViewDigest {
                    name: name.to_owned(),
                    version,
                    digest: digest.to_string(),
                })
                .collect(),
        }
    }

    /// The views, in their order.
    pub(crate) fn views(&self) -> &[ViewDigest] {
        &self.views
    }

    /// Whether the digest of `view` is another here; `false` for a view of another version.
    pub(crate) fn differs(&self, view: &ViewDigest) -> bool {
        let here = self
            .views
            .iter()
            .find(|v| (&v.name, v.version) == (&view.name, view.version));
        here.is_some_and(|here| here.digest != view.digest)
    }

    /// Whether both were made of the same events: nothing was redacted in between.
    pub(crate) fn is_of_the_same(&self, other: &Self) -> bool {
        (self.position, self.redacted) == (other.position, other.redacted)
    }

    /// Whether every one of `views` is here, in the same version.
    pub(crate) fn covers(&self, views: &[ViewDigest]) -> bool {
        let same = |a: &ViewDigest, b: &ViewDigest| (&a.name, a.version) == (&b.name, b.version);
        views.iter().all(|view| self.views.iter().any(|here| same(view, here)))
    }
}

/// Notes the digests of `views` in the store in `dir`, for `rebuild` to compare with; says so where it cannot.
pub(crate) fn note(dir: &Path, views: &Views) {
    if let Err(error) = write(dir, views) {
        out::aside(format_args!(
            "note: the digests could not be written to {} ({error}); `rapporteur rebuild` will have nothing to compare with",
            dir.display()
        ));
    }
}

/// Writes the digests of `views`, whole or not at all.
fn write(dir: &Path, views: &Views) -> io::Result<()> {
    let last = views.timeline.recorded(views.position());
    let head = last.map_or(Head::EMPTY, |recorded| recorded.header.head());
    let json = serde_json::to_string(&Digests::of(views, head))?;
    let (path, beside) = (dir.join("digests"), dir.join("digests.new"));
    let mut file = File::create(&beside)?;
    writeln!(file, "{json}\n{}", Hash::of(&[json.as_bytes()]))?;
    file.sync_all()?;
    fs::rename(&beside, &path)
}

/// The digests in `dir`, if they are whole and for `head`.
pub(crate) fn read(dir: &Path, head: Head) -> Option<Digests> {
    let text = fs::read_to_string(dir.join("digests")).ok()?;
    let (json, hash) = text.strip_suffix('\n')?.split_once('\n')?;
    if hash != Hash::of(&[json.as_bytes()]).to_string() {
        return None;
    }
    let digests: Digests = serde_json::from_str(json).ok()?;
    (digests.position == head.position && digests.hash == head.hash.to_string()).then_some(digests)
}
