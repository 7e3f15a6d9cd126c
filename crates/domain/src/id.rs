//! Names of things: slugs chosen by the desk, and references made of them.

use crate::invalid::Invalid;

checked_text!(
    /// Names one dossier, e.g. `eu-ru-18`: unique over all kinds of dossier.
    /// Invariant: 1 to 80 bytes of `a-z`, `0-9` and single `-` between them.
    Slug, "Slug", 80,
    "Names a dossier, e.g. `eu-ru-18`: lower-case letters, digits and single hyphens, at most 80 characters; unique over all kinds of dossier.",
    |raw| check_word(raw, "")
);

impl Slug {
    /// What stands where a slug was left out, until the door makes one up: see [`crate::command::Command::parse_input`].
    #[must_use]
    pub fn unnamed() -> Self {
        Self("unnamed".into())
    }
}

checked_text!(
    /// Names one record inside a dossier: a plan's version (`28`), a point (`monitoring`), a position (`ua-freeze`).
    /// Invariant: as [`Slug`], and `_` is allowed too.
    Key, "Key", 80,
    "Names a record inside a dossier, such as a plan's version `28` or a point `monitoring`: as a slug, with `_` allowed.",
    |raw| check_word(raw, "_")
);

checked_text!(
    /// Points at a dossier or a record in it: `slug`, `slug/version`, `slug#key` or `slug/version#key`; a record inside a
    /// record joins their keys by a dot: `slug/version#point.position`.
    RecordRef, "RecordRef", 330,
    "Points at a dossier or a record in it: `us-plan`, a version `us-plan/28`, a point `us-plan/28#nato`, a position `znpp#ua-no-joint`, a stage `eu-ru-20#proposed`.",
    |raw| split_ref(raw).map(drop)
);

impl RecordRef {
    /// The dossier pointed at, whole or in part.
    #[must_use]
    pub fn dossier(&self) -> &str {
        self.as_str().split(['/', '#']).next().unwrap_or_default()
    }

    /// The version named after `/`, if any.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        let (_, rest) = self.as_str().split_once('/')?;
        rest.split('#').next()
    }

    /// The record named after `#`, if any.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        Some(self.as_str().split_once('#')?.1)
    }

    /// The reference to a whole dossier.
    #[must_use]
    pub fn to_dossier(slug: &Slug) -> Self {
        Self(slug.as_str().into())
    }

    /// The reference to a version of a plan.
    #[must_use]
    pub fn to_version(slug: &Slug, version: &Key) -> Self {
        Self(format!("{slug}/{version}").into())
    }

    /// The reference to a record by its key, under a version or straight under the dossier.
    #[must_use]
    pub fn to_record(slug: &Slug, version: Option<&Key>, key: &Key) -> Self {
        Self(match version {
            Some(version) => format!("{slug}/{version}#{key}").into(),
            None => format!("{slug}#{key}").into(),
        })
    }
}

fn split_ref(raw: &str) -> Result<(), Invalid> {
    let (path, key) = raw.split_once('#').map_or((raw, None), |(p, k)| (p, Some(k)));
    let (slug, version) = path.split_once('/').map_or((path, None), |(s, v)| (s, Some(v)));
    check_word(slug, "")?;
    if slug.len() > Slug::MAX_BYTES {
        return Err(Invalid::too_long(slug, Slug::MAX_BYTES));
    }
    for part in version
        .into_iter()
        .chain(key.into_iter().flat_map(|key| key.split('.')))
    {
        check_word(part, "_")?;
        if part.len() > Key::MAX_BYTES {
            return Err(Invalid::too_long(part, Key::MAX_BYTES));
        }
    }
    Ok(())
}

fn check_word(raw: &str, also: &str) -> Result<(), Invalid> {
    const HINT: &str = "use lower-case letters a-z, digits and single hyphens, such as `eu-ru-18`";
    if raw.is_empty() {
        return Err(Invalid::new("the name is empty", HINT));
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || also.contains(c);
    if let Some((at, c)) = raw.char_indices().find(|(_, c)| !allowed(*c)) {
        return Err(Invalid::new(
            format!("{c:?} at byte {at} is not allowed in a name"),
            HINT,
        ));
    }
    if raw.starts_with('-') || raw.ends_with('-') || raw.contains("--") {
        return Err(Invalid::new("a hyphen stands at an end or beside another", HINT));
    }
    Ok(())
}

closed_set! {
    /// What kind of thing a dossier follows.
    pub enum DossierKind {
        /// A person, state, body, bloc, company or coalition.
        #[n(0)] Party,
        /// One publication.
        #[n(1)] Source,
        /// A negotiated text in all its versions.
        #[n(2)] Plan,
        /// A meeting or call.
        #[n(3)] Meeting,
        /// A sanctions package.
        #[n(4)] Round,
        /// An open question.
        #[n(5)] Issue,
        /// Something a party undertakes, or refuses, to do.
        #[n(6)] Commitment,
        /// An attributed assertion; with a window, an expectation.
        #[n(7)] Claim,
        /// Whatever else is dated.
        #[n(8)] Happening,
        /// A registered topic.
        #[n(9)] Topic,
        /// A registered series of meetings.
        #[n(10)] Series,
        /// A legal act.
        #[n(11)] Act,
        /// Something seen, to be worked out later.
        #[n(12)] Lead,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_words_joined_by_single_hyphens() {
        for good in ["a", "eu-ru-18", "paris-2026-01-06", "2022"] {
            assert_eq!(Slug::parse(good).map(|s| s.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "EU", "a b", "a--b", "-a", "a-", "é", "a/b", "a_b", &"x".repeat(81)] {
            assert!(Slug::parse(bad).is_err(), "{bad:?} is no slug");
        }
        assert!(Slug::parse("eu ru").unwrap_err().message.contains("' ' at byte 2"));
    }

    #[test]
    fn a_reference_names_dossier_version_and_record() {
        let whole = RecordRef::parse("us-plan/28#nato").unwrap();
        assert_eq!(
            (whole.dossier(), whole.version(), whole.key()),
            ("us-plan", Some("28"), Some("nato"))
        );
        let stage = RecordRef::parse("eu-ru-20#proposed").unwrap();
        assert_eq!(
            (stage.dossier(), stage.version(), stage.key()),
            ("eu-ru-20", None, Some("proposed"))
        );
        assert_eq!(RecordRef::parse("znpp").unwrap().dossier(), "znpp");
        for bad in ["", "#a", "a#", "a/", "a/b/c", "a#b#c", "a#B"] {
            assert!(RecordRef::parse(bad).is_err(), "{bad:?} is no reference");
        }
    }
}
