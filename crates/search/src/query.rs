//! What a written query asks: every word, the last one as far as it is typed.

use crate::fold::{READINGS, Word, indexed_words, words};
use crate::matching::WORTH;
use crate::texts::Field;

/// One word that has to be found.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its spellings.
    pub forms: Vec<String>,
    /// How the word begins, where more of it may still be typed.
    pub starts: Vec<String>,
}

/// A query, folded.
#[derive(Debug, Clone)]
pub struct Query {
    /// Every word, in order.
    pub words: Vec<Asked>,
    /// All of it as one spelling, for names that are exactly this.
    pub whole: Vec<String>,
    /// All of it as the start of a spelling, for names that begin so.
    pub whole_starts: Vec<String>,
}

impl Query {
    /// Reads what was typed.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let words = words(text);
        let (mut whole, mut whole_starts) = (Vec::new(), Vec::new());
        for reading in READINGS {
            let Some((last, before)) = words.split_last() else {
                break;
            };
            let mut said: String = before.iter().map(|word| word.form(reading) + " ").collect();
            let starts = last.starts_as(reading);
            whole_starts.extend(starts.into_iter().map(|start| format!("{said}{start}")));
            said.push_str(&last.form(reading));
            whole.push(said);
        }
        for list in [&mut whole, &mut whole_starts] {
            list.sort();
            list.dedup();
        }
        let last = words.len().wrapping_sub(1);
        let asked = |(at, word): (usize, &Word)| Asked {
            forms: word.forms(),
            starts: if at == last { word.starts() } else { Vec::new() },
        };
        Self {
            words: words.iter().enumerate().map(asked).collect(),
            whole,
            whole_starts,
        }
    }

    /// Which of an event's texts answers best: the one with most of the words, then the one that is worth most to the rank, a
    /// name that is the query before one that holds it; the first of equals.
    #[must_use]
    pub fn best<'t>(&self, texts: &'t [(Field, String)]) -> Option<&'t (Field, String)> {
        let mut best = None;
        let mut most = (0, 0.0, false);
        for text in texts {
            let grade = self.grade(text);
            if grade > most {
                (best, most) = (Some(text), grade);
            }
        }
        best
    }

    fn grade(&self, (field, text): &(Field, String)) -> (usize, f32, bool) {
        let forms: Vec<Vec<String>> = indexed_words(text).iter().map(Word::forms).collect();
        let any = |test: &dyn Fn(&String) -> bool| forms.iter().flatten().any(test);
        let (whole_word, begun_word) = WORTH[*field as usize];
        let (mut found, mut worth) = (0, 0.0);
        for asked in &self.words {
            if any(&|form| asked.forms.contains(form)) {
                (found, worth) = (found + 1, worth + whole_word);
            } else if any(&|form| asked.starts.iter().any(|start| form.starts_with(start))) {
                (found, worth) = (found + 1, worth + begun_word);
            }
        }
        let whole = *field == Field::Name && wholes(text).iter().any(|whole| self.whole.contains(whole));
        (found, worth, whole)
    }
}

/// A name as one spelling, under every reading.
#[must_use]
pub fn wholes(name: &str) -> Vec<String> {
    let words = words(name);
    let mut wholes: Vec<String> = READINGS
        .iter()
        .map(|reading| {
            words
                .iter()
                .map(|word| word.form(reading))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    wholes.sort();
    wholes.dedup();
    wholes
}
