use super::*;
use proptest::prelude::*;

fn meet(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    a.len() == b.len()
        && a.iter()
            .zip(&b)
            .all(|(a, b)| a.forms().iter().any(|form| b.forms().contains(form)))
}

#[test]
fn one_name_in_many_spellings_meets() {
    let names: &[&[&str]] = &[
        &[
            "Zelensky",
            "Zelenskyy",
            "Zelenskiy",
            "Zelenskyj",
            "Zelenskij",
            "Zelens'kyi",
            "ZELENSKY",
            "Зеленський",
            "Зеленский",
        ],
        &["Umerov", "Umierov", "Умєров", "Умеров"],
        &["Yermak", "Єрмак", "Ермак"],
        &["Hryvnia", "гривня"],
        &["Lavrov", "Лавров"],
        &["Sergei", "Sergey", "Сергей"],
        &["Serhii", "Serhiy", "Сергій"],
        &["Kharkiv", "Харків"],
        &["Zaporizhzhia", "Запоріжжя"],
        &["Macron", "Макрон", "MACRON"],
        &["Witkoff", "Віткофф"],
        &["Qatar", "Катар"],
        &["Vučić", "Vucic", "Вучић"],
        &["Erdoğan", "Erdogan", "Эрдоган"],
        &["Netanyahu", "Нетаньяху"],
        &["Türkiye", "Turkiye"],
        &["Łukasz", "Lukasz"],
        &["Søren", "Soren"],
        &["Großmann", "Grossmann"],
        &["Mitsotakis", "Μητσοτάκης"],
        &["Alexandr", "Aleksandr", "Александр"],
        &["İstanbul", "Istanbul", "ISTANBUL"],
        &["习近平", "习近平"],
        &["نِتَنْياهو", "نتنياهو"],
        &["ＮＡＴＯ", "NATO"],
        &["U.S.", "US"],
        &["28", "２８", "٢٨"],
    ];
    for name in names {
        for (a, b) in name.iter().flat_map(|a| name.iter().map(move |b| (a, b))) {
            assert!(
                meet(a, b),
                "{a} and {b}: {:?} and {:?}",
                words(a)[0].forms(),
                words(b)[0].forms()
            );
        }
    }
}

#[test]
fn other_names_stay_apart() {
    for (a, b) in [
        ("Putin", "Rutte"),
        ("Kyiv", "Kharkiv"),
        ("2022", "2002"),
        ("がく", "かく"),
        ("习近平", "近习平"),
        ("gas", "has"),
    ] {
        assert!(!meet(a, b), "{a} and {b}");
    }
}

#[test]
fn apostrophes_and_stops_are_no_borders_where_a_word_goes_on() {
    let forms = |text: &str| words(text).iter().map(Word::forms).collect::<Vec<_>>();
    assert_eq!(forms("Trump's plan"), [vec!["trumps", "trump"], vec!["plan"]]);
    assert_eq!(forms("l’accord"), [vec!["lakord", "akord"]]);
    assert_eq!(forms("Куп'янськ"), [vec!["kupiansk"]]);
    assert_eq!(forms("'quoted' end."), [vec!["kuoted"], vec!["end"]]);
    assert_eq!(forms("peace-plan, 28."), [vec!["peake"], vec!["plan"], vec!["28"]]);
    assert_eq!(forms(" — "), Vec::<Vec<String>>::new());
    assert_eq!(words("G7峰会").len(), 2);
    assert_eq!(indexed_words("G7峰会").len(), 3);
}

#[test]
fn what_is_typed_so_far_begins_the_word() {
    for name in [
        "Zelenskyy",
        "Yermak",
        "Зеленський",
        "Medvedev",
        "Kachmar",
        "Chernihiv",
        "Щербаков",
        "Xavier",
        "Умєров",
    ] {
        begins(name);
    }
}

/// Checks that every start of `word` is seen as one.
fn begins(word: &str) {
    let whole = &words(word)[0];
    for (at, _) in word.char_indices().skip(1) {
        let typed = words(&word[..at]);
        let starts = typed.first().unwrap().starts();
        let begun = whole
            .forms()
            .iter()
            .all(|form| starts.iter().any(|start| form.starts_with(start)));
        assert!(begun, "{} of {word}: {starts:?}, {:?}", &word[..at], whole.forms());
    }
}

proptest! {
    #[test]
    fn every_start_of_a_word_begins_it(word in "[bckstwyjрстгчцщгћβγ][a-zа-яґєіїћђα-ω]{2,11}") {
        begins(&word);
    }

    #[test]
    fn any_text_is_cut_without_a_fault(text in any::<String>()) {
        for word in words(&text) {
            prop_assert!(word.starts().iter().chain(&word.forms()).all(|form| !form.is_empty()));
        }
    }
}
