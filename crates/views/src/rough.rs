//! Rough numbers: which exact ones they leave room for, and how to say them.

use rapporteur_domain::common::Quantity;

/// Whether a quantity leaves room for an exact number. One given approximately stands for every number that rounds to it:
/// "about 300" for 250 to 350, "about 345" for 345 alone. A quantity in words leaves room for any.
pub(crate) fn admits(rough: &Quantity, number: f64) -> bool {
    let slack = |end: f64| if rough.approximate { unit(end) / 2.0 } else { 0.0 };
    let near = |value: f64| (number - value).abs() <= slack(value);
    let above = |end: f64| number > end - slack(end) || (!rough.min_exclusive && number >= end - slack(end));
    let below = |end: f64| number < end + slack(end) || (!rough.max_exclusive && number <= end + slack(end));
    rough.value.is_none_or(near) && rough.min.is_none_or(above) && rough.max.is_none_or(below)
}

/// The unit that a number is rounded to, as far as its zeros tell: 100 of 300, 1 of 345, 10,000 of 30,000; 0 of what is no
/// whole number.
fn unit(number: f64) -> f64 {
    if number.fract() != 0.0 {
        return 0.0;
    }
    let mut unit = 1.0;
    while unit * 10.0 <= number.abs() && number % (unit * 10.0) == 0.0 {
        unit *= 10.0;
    }
    unit
}

/// A rough quantity in plain words: "about 300", "more than 30", "at least 15 and at most 20", or the source's own.
pub(crate) fn words(rough: &Quantity) -> String {
    let about = if rough.approximate { "about " } else { "" };
    let end = |end: Option<f64>, exclusive: bool, words: [&str; 2]| {
        let [inside, beyond] = words;
        end.map(|end| format!("{} {about}{end}", if exclusive { beyond } else { inside }))
    };
    let said = [
        rough.value.map(|value| format!("{about}{value}")),
        end(rough.min, rough.min_exclusive, ["at least", "more than"]),
        end(rough.max, rough.max_exclusive, ["at most", "fewer than"]),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    match said.is_empty() {
        true => rough.words.as_ref().map(ToString::to_string).unwrap_or_default(),
        false => said.join(" and "),
    }
}
