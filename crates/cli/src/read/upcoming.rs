//! `upcoming`: what is expected in the next days, as a list or as a calendar.

use super::calendar::calendar;
use crate::Done;
use crate::ask::{Look, Purpose};
use crate::exit::Failure;
use crate::out::{aside, bytes};
use crate::show::{ListFormat, ListOutput, Sheet, at, day, each, number, text, word};
use clap::Args;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../documents/upcoming.graphql");

pub(crate) const EXAMPLES: &str = "Examples:
  rapporteur upcoming --from 2026-01-06 --days 30
  rapporteur upcoming --from 2026-01-06 --days 30 --meetings --ics > meetings.ics
  rapporteur upcoming --from 2026-01-06 --days 30 --format csv";

#[derive(Args)]
pub(crate) struct Options {
    /// How many days to look ahead after the first: 0 to 366.
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    days: u16,
    /// The first day, as YYYY-MM-DD. Left out: today, in the desk's time zone.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Only meetings.
    #[arg(long)]
    meetings: bool,
    /// Give a calendar file (iCalendar, RFC 5545). Every entry lasts whole days, from the first possible one to the last, and
    /// says so where the source gives no single day; hours are told in words.
    #[arg(long, conflicts_with_all = ["format", "json"])]
    ics: bool,
    #[command(flatten)]
    at: Look,
    #[command(flatten)]
    output: ListOutput,
}

pub(crate) fn run(options: &Options) -> Done {
    let asker = options.at.open(Purpose::Read)?;
    let mut data = asker.ask(DOCUMENT, json!({ "days": options.days, "from": options.from }))?;
    for list in ["certain", "possible"] {
        let (shown, all) = (
            each(&data, &format!("upcoming.{list}")).len(),
            at(&data, &format!("upcoming.{list}Count")).as_u64().unwrap_or_default(),
        );
        if u64::try_from(shown).is_ok_and(|shown| shown < all) {
            let all = number(&json!(all));
            aside(format_args!(
                "note: the first {shown} of {all} {list} ones; fewer --days show all of them"
            ));
        }
    }
    if options.meetings {
        for list in ["certain", "possible"] {
            if let Some(items) = data
                .pointer_mut(&format!("/upcoming/{list}"))
                .and_then(Value::as_array_mut)
            {
                items.retain(|item| item["kind"] == "MEETING");
            }
        }
    }
    let items = || {
        let of = |list: &'static str| {
            each(&data, &format!("upcoming.{list}"))
                .map(move |item| (list, item))
                .collect::<Vec<_>>()
        };
        [of("certain"), of("possible")].concat()
    };
    if options.ics {
        let (file, left_out) = calendar(&items()).map_err(Failure::saying)?;
        bytes(file.as_bytes())?;
        if left_out > 0 {
            aside(format_args!(
                "note: {left_out} without a first or a last possible day are in no calendar"
            ));
        }
        return Ok(());
    }
    let csv = options.output.format() == ListFormat::Csv;
    options
        .output
        .show(&data, || if csv { whole(&items()) } else { sheet(&items()) })?;
    if items().is_empty() {
        let (from, until) = (text(&data, "upcoming.from"), text(&data, "upcoming.until"));
        aside(format_args!(
            "nothing is recorded that falls between {from} and {until}"
        ));
    }
    Ok(())
}

fn sheet(items: &[(&'static str, &Value)]) -> Sheet {
    let rows = items.iter().map(|(sure, item)| {
        [
            day(item, "when"),
            (*sure).to_owned(),
            word(item, "kind"),
            text(item, "summary"),
            text(item, "dossier.slug"),
        ]
    });
    Sheet::of(["when", "falls there", "kind", "what", "dossier"], rows)
}

/// All that a row of a spreadsheet can hold.
fn whole(items: &[(&'static str, &Value)]) -> Sheet {
    let rows = items.iter().map(|(sure, item)| {
        [
            (*sure).to_owned(),
            text(item, "when.edtf"),
            text(item, "when.earliest"),
            text(item, "when.latest"),
            day(item, "when"),
            text(item, "kind"),
            text(item, "dossier.slug"),
            text(item, "dossier.title"),
            text(item, "summary"),
            text(item, "entry.position"),
        ]
    });
    let titles = [
        "falls there",
        "edtf",
        "earliest",
        "latest",
        "when",
        "kind",
        "dossier",
        "title",
        "summary",
        "position",
    ];
    Sheet::of(titles, rows)
}
