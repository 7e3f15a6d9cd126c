//! Which spellings meet: words cut out of text, and each word's forms in a common Latin skeleton.
//!
//! Compatibility decomposition (UAX 15) and `deunicode` do most of it. What is ours is small: where spelling practices
//! differ, a word has one form for each practice ([`READINGS`]); where they differ in a letter only, the skeleton has one
//! letter for both ([`skeleton`]). Scripts that `deunicode` would only guess at (Arabic, Hebrew, Hangul, Han…) keep their
//! own letters; those written without spaces are cut into pairs of letters.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// A practice of writing a script in Latin letters: what it writes otherwise than `deunicode`.
type Reading = &'static [(char, &'static str)];

/// The practices under which each word is known.
pub const READINGS: [Reading; 3] = [
    // BGN/PCGN 1947 for Russian, which `deunicode` follows closely enough; ELOT 743 for Greek.
    &[
        ('β', "v"),
        ('η', "i"),
        ('υ', "y"),
        ('φ', "f"),
        ('χ', "ch"),
        ('ґ', "g"),
        ('ə', "a"),
    ],
    // Ukraine's Cabinet of Ministers, resolution 55 of 2010.
    &[('г', "h"), ('ґ', "g"), ('ə', "a")],
    // ISO 9 without its diacritics, and Gaj's alphabet for Serbian and Macedonian.
    &[
        ('х', "h"),
        ('ц', "c"),
        ('ч', "c"),
        ('ћ', "c"),
        ('ш', "s"),
        ('щ', "sc"),
        ('ж', "z"),
        ('ђ', "d"),
        ('џ', "dz"),
        ('ґ', "g"),
        ('ə', "a"),
    ],
];

/// A word as it was cut out of a text: decomposed, in lower case, without diacritics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    letters: String,
    /// The word without a short clitic before or after its apostrophe: *accord* of *l'accord*, *Trump* of *Trump's*.
    stem: Option<String>,
}

impl Word {
    fn new(letters: String) -> Self {
        Self { letters, stem: None }
    }

    /// Its spellings, each once, under every reading. Two words meet where they share one.
    #[must_use]
    pub fn forms(&self) -> Vec<String> {
        let mut forms = Vec::new();
        for reading in READINGS {
            for letters in std::iter::once(&self.letters).chain(&self.stem) {
                once(&mut forms, skeleton(&latin(letters, reading)));
            }
        }
        forms
    }

    /// Its spelling under one reading.
    #[must_use]
    pub fn form(&self, reading: Reading) -> String {
        skeleton(&latin(&self.letters, reading))
    }

    /// How the forms of every word begin that goes on from here, under one reading.
    #[must_use]
    pub fn starts_as(&self, reading: Reading) -> Vec<String> {
        let written = latin(&self.letters, reading);
        let mut starts = vec![skeleton(&written)];
        // Where a letter's own form hangs on the next one, the word may go on with that one.
        for next in LOOKED_AHEAD {
            let further = skeleton(&format!("{written}{next}"));
            match further.strip_suffix(next) {
                // Nothing is left of the letter typed: `Y` may become `Yermak`, which is known as `ermak`.
                Some("") => once(&mut starts, further),
                Some(start) => once(&mut starts, start.to_owned()),
                None => {}
            }
        }
        starts
    }

    /// How the forms of every word begin that goes on from here.
    #[must_use]
    pub fn starts(&self) -> Vec<String> {
        let mut starts = Vec::new();
        for start in READINGS.iter().flat_map(|reading| self.starts_as(reading)) {
            once(&mut starts, start);
        }
        starts
    }
}

fn once(list: &mut Vec<String>, form: String) {
    if !form.is_empty() && !list.contains(&form) {
        list.push(form);
    }
}

/// The words of a query, in order.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    cut(text, false)
}

/// The words of a text that is to be found. In scripts without spaces, the last letter of a run is a word as well: no pair
/// begins with it.
#[must_use]
pub fn indexed_words(text: &str) -> Vec<Word> {
    cut(text, true)
}

/// The run of letters that is being gathered.
#[derive(Default)]
struct Run {
    letters: String,
    /// Where in `letters` the apostrophe stood, if there was one.
    apostrophe: Option<usize>,
    /// Letters since the start or since the last full stop inside.
    since_stop: usize,
    spaceless: bool,
}

fn cut(text: &str, last_letters: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run = Run::default();
    let mut chars = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| !ignored(*c))
        .peekable();
    while let Some(c) = chars.next() {
        let letter_follows = chars.peek().is_some_and(|next| next.is_alphabetic());
        if is_letter(c) {
            let spaceless = is_spaceless(c);
            if spaceless != run.spaceless && !run.letters.is_empty() {
                run.end(&mut words, last_letters);
            }
            run.spaceless = spaceless;
            run.letters.push(c);
            run.since_stop += 1;
        } else if is_apostrophe(c) && !run.letters.is_empty() && letter_follows {
            run.apostrophe = Some(run.letters.len());
        } else if c == '.' && run.since_stop == 1 && letter_follows && !run.letters.ends_with(char::is_numeric) {
            run.since_stop = 0;
        } else {
            run.end(&mut words, last_letters);
        }
    }
    run.end(&mut words, last_letters);
    words
}

/// The longest clitic that is told apart from its word: `'s`, `l'`, `qu'`.
const CLITIC_MAX: usize = 2;

impl Run {
    fn end(&mut self, words: &mut Vec<Word>, last_letters: bool) {
        let run = std::mem::take(self);
        if run.letters.is_empty() {
            return;
        }
        if !run.spaceless {
            let parts = run.apostrophe.and_then(|at| run.letters.split_at_checked(at));
            let stem = parts.and_then(|(before, after)| {
                let (b, a) = (before.chars().count(), after.chars().count());
                match (b <= CLITIC_MAX, a <= CLITIC_MAX) {
                    (true, false) => Some(after.to_owned()),
                    (false, true) => Some(before.to_owned()),
                    _ => None,
                }
            });
            words.push(Word {
                letters: run.letters,
                stem,
            });
            return;
        }
        let letters: Vec<char> = run.letters.chars().collect();
        words.extend(letters.windows(2).map(|pair| Word::new(pair.iter().collect())));
        if letters.len() == 1 || last_letters {
            words.extend(letters.last().map(|c| Word::new(c.to_string())));
        }
    }
}

/// Diacritics, and signs without a width of their own. Marks that tell syllables apart stay: nukta, virama and the voiced
/// sound of kana (combining classes 7 to 9).
fn ignored(c: char) -> bool {
    let class = canonical_combining_class(c);
    (class != 0 && !(7..=9).contains(&class))
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() && !is_apostrophe(c)) || canonical_combining_class(c) != 0
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '\u{2b9}'..='\u{2bf}' | '＇')
}

/// Scripts that are written without spaces between words: Han, kana, Thai, Lao, Tibetan, Myanmar, Khmer.
fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// A word in Latin letters, where its script has a usual way to be written so.
fn latin(letters: &str, reading: Reading) -> String {
    let mut written = String::with_capacity(letters.len());
    for c in letters.chars() {
        let own = reading.iter().find(|(from, _)| *from == c).map(|(_, to)| *to);
        match own.or_else(|| alphabetic(c).then(|| deunicode_char(c)).flatten()) {
            Some(to) => written.extend(
                to.chars()
                    .filter(char::is_ascii_alphanumeric)
                    .map(|c| c.to_ascii_lowercase()),
            ),
            None => written.push(c),
        }
    }
    written
}

/// Letters of Latin, Greek, Cyrillic, Armenian and Georgian, and digits of any script.
fn alphabetic(c: char) -> bool {
    c.is_numeric()
        || matches!(c,
            '\u{80}'..='\u{2af}' | '\u{370}'..='\u{58f}' | '\u{10a0}'..='\u{10ff}' | '\u{1c80}'..='\u{1c8f}'
            | '\u{1d00}'..='\u{1dbf}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a69f}' | '\u{a720}'..='\u{a7ff}')
}

/// The letters that [`skeleton`] looks ahead for.
const LOOKED_AHEAD: [char; 2] = ['h', 'e'];

/// What stays of a Latin spelling where romanisations of one name differ:
/// *y* and *j* are *i* (Zelenskyy, Zelenskij); *i* before *e* goes (Yermak, Ermak; Medvediev); *c* and *q* are *k* except in
/// *ch* (Macron, Makron; Qatar, Katar); *w* is *v* (Witkoff, Vitkoff); *x* is *ks*; a doubled letter is one. The rules
/// follow the tables of BGN/PCGN, ISO 9, resolution 55 and the German and Polish press, where these letters stand for one
/// another.
fn skeleton(written: &str) -> String {
    let mut form = String::with_capacity(written.len());
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let to = match c {
            'i' | 'y' | 'j' if matches!(next, Some('e' | 'i' | 'y' | 'j')) => "",
            'y' | 'j' => "i",
            'w' => "v",
            'q' => "k",
            'c' if next != Some('h') => "k",
            'x' => "ks",
            _ => {
                push(&mut form, c);
                continue;
            }
        };
        to.chars().for_each(|c| push(&mut form, c));
    }
    form
}

fn push(form: &mut String, c: char) {
    if !(c.is_ascii_alphabetic() && form.ends_with(c)) {
        form.push(c);
    }
}

#[cfg(test)]
mod tests;
