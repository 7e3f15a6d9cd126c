//! A folded query as the search library's own.

use crate::query::{Asked, Query, wholes};
use crate::texts::Field as Text;
use std::ops::Bound;
use tantivy::TantivyDocument;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, InvertedIndexRangeQuery, Occur, Query as Matcher,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};

/// What a word found in each field is worth, and the same for a word that only begins so. Names stand above titles, titles
/// above quotes, quotes above summaries, whatever the rest of the text.
pub(crate) const WORTH: [(f32, f32); 5] = [(16.0, 12.0), (8.0, 6.0), (4.0, 3.0), (2.0, 1.5), (1.0, 0.75)];
/// What it is worth beside that when the query is all of a name, or its beginning.
const WHOLE: (f32, f32) = (64.0, 32.0);

/// Where an event's number is kept.
pub(crate) const ITEM: &str = "item";

/// The fields of the index.
#[derive(Clone, Copy)]
pub(crate) struct Fields {
    texts: [Field; 5],
    whole: Field,
    item: Field,
}

impl Fields {
    /// The schema and its fields.
    pub(crate) fn new() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let text = TextOptions::default().set_indexing_options(indexing);
        let texts =
            ["name", "title", "quote", "summary", "source"].map(|name| schema.add_text_field(name, text.clone()));
        let fields = Self {
            texts,
            whole: schema.add_text_field("whole", text),
            item: schema.add_u64_field(ITEM, NumericOptions::default().set_fast()),
        };
        (schema.build(), fields)
    }

    /// What is kept of an event.
    pub(crate) fn document(&self, item: u64, texts: &[(Text, String)]) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.item, item);
        for ((name, text), field) in texts.iter().map(|text| (text, self.texts[text.0 as usize])) {
            let words = crate::fold::indexed_words(text);
            document.add_pre_tokenized_text(field, tokens(words.iter().flat_map(|word| word.forms())));
            if *name == Text::Name {
                document.add_pre_tokenized_text(self.whole, tokens(wholes(text)));
            }
        }
        document
    }

    /// What finds the events that hold every word of the query.
    pub(crate) fn matcher(&self, query: &Query) -> Box<dyn Matcher> {
        if query.words.is_empty() {
            return Box::new(EmptyQuery);
        }
        let mut clauses: Vec<(Occur, Box<dyn Matcher>)> =
            query.words.iter().map(|word| (Occur::Must, self.word(word))).collect();
        let exact = query.whole.iter().map(|form| term(self.whole, form, WHOLE.0));
        let begun = query
            .whole_starts
            .iter()
            .map(|start| starting(self.whole, start, WHOLE.1));
        clauses.push((
            Occur::Should,
            Box::new(DisjunctionMaxQuery::new(exact.chain(begun).collect())),
        ));
        Box::new(BooleanQuery::new(clauses))
    }

    fn word(&self, asked: &Asked) -> Box<dyn Matcher> {
        let mut anywhere = Vec::new();
        for (field, (whole, begun)) in self.texts.iter().zip(WORTH) {
            anywhere.extend(asked.forms.iter().map(|form| term(*field, form, whole)));
            anywhere.extend(asked.starts.iter().map(|start| starting(*field, start, begun)));
        }
        Box::new(DisjunctionMaxQuery::new(anywhere))
    }
}

fn tokens(forms: impl IntoIterator<Item = String>) -> PreTokenizedString {
    let token = |(position, text)| Token {
        position,
        text,
        ..Token::default()
    };
    PreTokenizedString {
        text: String::new(),
        tokens: forms.into_iter().enumerate().map(token).collect(),
    }
}

fn term(field: Field, form: &str, worth: f32) -> Box<dyn Matcher> {
    let query = TermQuery::new(Term::from_field_text(field, form), IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(query), worth))
}

fn starting(field: Field, start: &str, worth: f32) -> Box<dyn Matcher> {
    let from = Bound::Included(Term::from_field_text(field, start));
    let to = Bound::Excluded(Term::from_field_text(field, &format!("{start}\u{10ffff}")));
    Box::new(ConstScoreQuery::new(
        Box::new(InvertedIndexRangeQuery::new(from, to)),
        worth,
    ))
}
