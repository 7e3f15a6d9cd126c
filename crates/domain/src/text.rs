//! Written text with bounds.

use crate::invalid::Invalid;

checked_text!(
    /// One line: a name, a title, a label. 1 to 300 bytes, no line breaks or control characters.
    Line, "Line", 300, "One line of text, at most 300 bytes, without line breaks.",
    |raw| check_text(raw, false)
);

checked_text!(
    /// Our own words, or a quotation: 1 to 8,000 bytes; line breaks and tabs allowed.
    Prose, "Prose", 8_000, "Text of our own or a quotation, at most 8,000 bytes; line breaks are allowed.",
    |raw| check_text(raw, true)
);

checked_text!(
    /// An address on the web: `http://` or `https://`, at most 2,000 bytes, no spaces.
    Url, "Url", 2_000, "An address on the web, starting with `https://` or `http://`; at most 2,000 bytes.",
    |raw| {
        let rest = raw.strip_prefix("https://").or_else(|| raw.strip_prefix("http://"));
        match rest {
            Some(rest)
                if rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')
                    && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || is_override(c)) => Ok(()),
            _ => Err(Invalid::new("not a web address", "write it with its scheme and without spaces: `https://example.org/page`")),
        }
    }
);

checked_text!(
    /// A language as BCP 47 writes it, e.g. `uk`, `ru`, `zh-Hant`.
    Language, "Language", 35, "A language tag as in BCP 47: `uk`, `ru`, `zh-Hant`.",
    |raw| {
        let mut parts = raw.split('-');
        let first = parts.next().is_some_and(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
        if first && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())) {
            Ok(())
        } else {
            Err(Invalid::new("not a language tag", "write a BCP 47 tag such as `en`, `uk` or `zh-Hant`"))
        }
    }
);

checked_text!(
    /// A country or area of ISO 3166-1, as its two capital letters.
    Country, "Country", 2, "A country of ISO 3166-1 as two capital letters: `FR`, `UA`. Sources' `EL` and `UK` are `GR` and `GB` here.",
    |raw| match raw {
        "EL" => Err(Invalid::new("EL is the EU's own code", "write `GR`, as ISO 3166 does")),
        "UK" => Err(Invalid::new("UK is not an ISO 3166 code", "write `GB`")),
        _ if raw.len() == 2 && raw.bytes().all(|b| b.is_ascii_uppercase()) && celes::Country::from_alpha2(raw).is_ok() => Ok(()),
        _ => Err(Invalid::new("not a country code", "write two capital letters of ISO 3166-1 such as `FR`")),
    }
);

/// U+2028 and U+2029 break a line where no line break is seen.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// The explicit marks of direction, with which a text can be made to read as another (UAX 9, "Trojan Source").
fn is_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What leaves no mark on a page: joiners, fillers, soft hyphens, variation selectors, a lost byte order mark.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

fn check_text(raw: &str, breaks: bool) -> Result<(), Invalid> {
    if raw.chars().all(is_unseen) && !raw.contains(is_override) {
        return Err(Invalid::new(
            "the text is empty",
            "write something, or leave the field out",
        ));
    }
    let allowed_break = |c: &char| breaks && matches!(c, '\n' | '\t' | '\r');
    let stray = |c: &char| c.is_control() || is_separator(*c) || is_override(*c);
    match raw.char_indices().find(|(_, c)| stray(c) && !allowed_break(c)) {
        Some((at, c)) => Err(Invalid::new(
            format!("character {c:?} at byte {at} is not allowed"),
            "remove it: it breaks lines, turns the direction of writing, or controls a terminal",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_prose_are_bounded_and_printable() {
        assert!(Line::parse("Élysée Palace, Paris").is_ok());
        assert!(Line::parse("two\nlines").is_err());
        assert!(Prose::parse("two\nlines").is_ok());
        assert!(Prose::parse("bell\u{7}").is_err());
        for unseen in ["   ", "\u{200b}", "\u{feff}\u{ad}", "\u{3164}"] {
            assert!(Line::parse(unseen).unwrap_err().message.contains("empty"), "{unseen:?}");
        }
        assert!(Line::parse("👨\u{200d}👩").is_ok());
        assert!(Line::parse("می\u{200c}خواهم").is_ok());
        assert!(Line::parse(&"x".repeat(301)).is_err());
    }

    #[test]
    fn countries_are_iso_3166() {
        assert!(Country::parse("GB").is_ok());
        assert!(Country::parse("UK").unwrap_err().hint.contains("GB"));
        assert!(Country::parse("EL").unwrap_err().hint.contains("GR"));
        assert!(Country::parse("XX").is_err());
        assert!(Country::parse("fr").is_err());
    }

    #[test]
    fn addresses_carry_their_scheme() {
        assert!(Url::parse("https://www.rferl.org/a/1.html").is_ok());
        assert!(Url::parse("www.rferl.org").is_err());
        assert!(Url::parse("https://[2001:db8::1]/a").is_ok());
        for bad in ["https://a b", "https:///", "https://?q", "https://a\u{202e}b"] {
            assert!(Url::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Url::parse("javascript:alert(1)").is_err());
    }
}
