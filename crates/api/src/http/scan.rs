use std::borrow::Cow;

use async_graphql::Pos;

/// What a look at the bare text finds wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ScanError {
    /// More brackets open at once than allowed.
    Nested(Pos),
    /// An escape in a string that stands for no character: a lone surrogate, or a code above 10FFFF.
    Escape(Pos),
}

/// Walks the text once, before any parser: parsers recurse on brackets, so these are counted here, and the parser of
/// `async-graphql` knows neither `\u{1F600}` nor surrogate pairs (it panics on the latter), so both are rewritten.
///
/// Comments, strings and block strings are recognised; other faults are left to the parser. After a rewritten escape
/// the columns of that line move left.
pub(super) fn scan(text: &str, nesting_max: usize) -> Result<Cow<'_, str>, ScanError> {
    let bytes = text.as_bytes();
    let mut out = Rewritten {
        text,
        copied: 0,
        out: String::new(),
    };
    let (mut at, mut open) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' | b'(' => {
                open += 1;
                if open > nesting_max {
                    return Err(ScanError::Nested(position(text, at)));
                }
            }
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            b'#' => at = end_of_line(bytes, at),
            b'"' if bytes[at..].starts_with(b"\"\"\"") => at = end_of_block(bytes, at + 3),
            b'"' => at = string(bytes, at + 1, &mut out)?,
            _ => {}
        }
        at += 1;
    }
    Ok(out.finish())
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..]
        .iter()
        .take_while(|&&byte| byte != b'\n' && byte != b'\r')
        .count()
}

/// Index of the last quote of a block string whose content begins at `at`.
fn end_of_block(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\\\"\"\"") {
            at += 4;
        } else if bytes[at..].starts_with(b"\"\"\"") {
            return at + 2;
        } else {
            at += 1;
        }
    }
    at
}

/// Index of the closing quote of a string whose content begins at `at`, or of the line end that cuts it off.
fn string(bytes: &[u8], mut at: usize, out: &mut Rewritten<'_>) -> Result<usize, ScanError> {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\n' | b'\r' => return Ok(at),
            b'\\' if bytes.get(at + 1) == Some(&b'u') => at = escape(bytes, at, out)?,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    Ok(at)
}

/// Index after the escape that begins at `at`; malformed ones are left to the parser.
fn escape(bytes: &[u8], at: usize, out: &mut Rewritten<'_>) -> Result<usize, ScanError> {
    let broken = || ScanError::Escape(position(out.text, at));
    if bytes.get(at + 2) == Some(&b'{') {
        let digits = bytes[at + 3..]
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let end = at + 3 + digits;
        if digits == 0 || bytes.get(end) != Some(&b'}') {
            return Ok(at + 2);
        }
        // Leading zeros are allowed without limit, so the length says nothing; the value does.
        let code = hex(&bytes[at + 3..end]).and_then(char::from_u32).ok_or_else(broken)?;
        out.replace(at, end + 1, code);
        return Ok(end + 1);
    }
    let Some(unit) = four_digits(bytes, at) else {
        return Ok(at + 2);
    };
    match unit {
        0xD800..=0xDBFF => {
            let low = four_digits(bytes, at + 6)
                .filter(|low| (0xDC00..=0xDFFF).contains(low))
                .ok_or_else(broken)?;
            let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            out.replace(at, at + 12, char::from_u32(code).ok_or_else(broken)?);
            Ok(at + 12)
        }
        0xDC00..=0xDFFF => Err(broken()),
        _ => Ok(at + 6),
    }
}

fn four_digits(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?;
    escape.starts_with(b"\\u").then(|| hex(&escape[2..])).flatten()
}

/// `None` if a byte is no hexadecimal digit or the value needs more than 32 bits.
fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, &digit| {
        let digit = char::from(digit).to_digit(16)?;
        value.checked_mul(16)?.checked_add(digit)
    })
}

/// The text with some of its parts replaced; the text itself as long as none is.
struct Rewritten<'a> {
    text: &'a str,
    copied: usize,
    out: String,
}

impl<'a> Rewritten<'a> {
    /// Puts `character` in place of `from..to`, as four digits where it fits, so that quotes stay escaped.
    fn replace(&mut self, from: usize, to: usize, character: char) {
        self.out.push_str(&self.text[self.copied..from]);
        match u32::from(character) {
            code @ ..=0xFFFF => self.out.push_str(&format!("\\u{code:04X}")),
            _ => self.out.push(character),
        }
        self.copied = to;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.out.push_str(&self.text[self.copied..]);
        Cow::Owned(self.out)
    }
}

fn position(text: &str, at: usize) -> Pos {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Pos { line, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        scan(text, 8).unwrap().into_owned()
    }

    #[test]
    fn escapes_that_the_parser_does_not_know_are_rewritten() {
        assert_eq!(rewritten(r#"{ a(b: "x\u{1F600}y") }"#), "{ a(b: \"x😀y\") }");
        assert_eq!(
            rewritten(r#"{ a(b: "\uD83D\uDE00\u0041") }"#),
            r#"{ a(b: "😀\u0041") }"#
        );
        assert_eq!(
            rewritten(r#"{ a(b: "\u{22}\u{0000000041}") }"#),
            r#"{ a(b: "\u0022\u0041") }"#
        );
    }

    #[test]
    fn block_strings_comments_and_escaped_backslashes_keep_theirs() {
        for text in [
            r#"{ a(b: """\u{1F600} \""" { { """) }"#,
            "{ a # \\u{1F600}\n }",
            r#"{ a(b: "\\u{1F600}") }"#,
        ] {
            assert_eq!(rewritten(text), text);
        }
    }

    #[test]
    fn what_is_no_character_is_refused_where_it_stands() {
        for text in [
            r#"{a(b:"\uD83D")}"#,
            r#"{a(b:"\uDE00")}"#,
            r#"{a(b:"\u{110000}")}"#,
            r#"{a(b:"\u{FFFFFFFFFF}")}"#,
        ] {
            assert_eq!(
                scan(text, 8),
                Err(ScanError::Escape(Pos { line: 1, column: 7 })),
                "{text}"
            );
        }
    }

    #[test]
    fn brackets_are_counted_where_they_count() {
        assert_eq!(
            scan("{a(b:[[[[[[[1]]]]]]])}", 8),
            Err(ScanError::Nested(Pos { line: 1, column: 12 }))
        );
        assert!(scan("{a(b:[[1]])} {a} {a}", 4).is_ok());
        assert!(scan("{a(b: \"[[[[[[[[[[\")}", 4).is_ok());
        // An odd number of quotes inside a block string must not hide what follows it.
        assert!(scan("{a(b: \"\"\"x\"y\"\"\") [[[[", 4).is_err());
    }

    #[test]
    fn unfinished_text_ends_the_walk() {
        for text in [
            "\"",
            "\"\\",
            "\"\\u",
            "\"\\u{",
            "\"\\uD83D",
            "\"\"\"",
            "\"\"\"\\",
            "#",
            "\"é\\u{1F600",
        ] {
            let _ = scan(text, 8);
        }
        assert_eq!(rewritten("{ a(b: \"x"), "{ a(b: \"x");
    }
}
