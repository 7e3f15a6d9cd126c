//! What permalinks showed, rebuilt from the log.

use crate::exit::Failure;
use crate::out::line;
use crate::progress::Shown;
use crate::{Done, store};
use rapporteur_desk::history::History;
use rapporteur_desk::replay;
use rapporteur_log::EventLog;
use rapporteur_views::Views;
use rapporteur_views::amendments::AmendmentKind;
use rapporteur_views::permalink::{Broken, NoPermalink, Permalink};
use rapporteur_views::values::Value;
use std::io;
use std::sync::Arc;

/// The permalinks that are given; `-` stands for those on standard input, one a line.
///
/// # Errors
/// 2: one is none, or standard input holds none. 1: standard input cannot be read.
pub(super) fn read(given: &[String]) -> Result<Vec<Permalink>, Failure> {
    let mut texts = Vec::new();
    for text in given {
        match text.as_str() {
            "-" => texts.extend(io::stdin().lines().collect::<Result<Vec<String>, _>>()?),
            _ => texts.push(text.clone()),
        }
    }
    let links = texts
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| text.parse());
    let links = links
        .collect::<Result<Vec<_>, NoPermalink>>()
        .map_err(|none| Failure::usage(none.to_string()))?;
    if links.is_empty() && !given.is_empty() {
        return Err(Failure::usage("no permalink is given on standard input"));
    }
    Ok(links)
}

/// Rebuilds what each link showed from a log that was found whole up to `head`, and says whether it holds.
///
/// # Errors
/// 5: one does not hold.
pub(super) fn check(log: &dyn EventLog, head: u64, links: &[Permalink]) -> Done {
    let mut shown = Shown::new("replaying", head);
    let present = replay::rebuild(log, head, &mut |p| shown.at(p.done, p.total));
    let present = Arc::new(present.map_err(|error| store::unreplayable(&error))?);
    let history = History::default();
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|at| {
        links
            .get(*at)
            .map(|link| (link.position, link.moment().published.map(|p| p.by)))
    });
    let mut found: Vec<Option<Result<Vec<Value>, Broken>>> = vec![None; links.len()];
    for at in order {
        if let (Some(link), Some(place)) = (links.get(at), found.get_mut(at)) {
            *place = Some(rebuilt(&present, &history, link));
        }
    }
    let mut broken = 0;
    for (link, found) in links.iter().zip(found.into_iter().flatten()) {
        match found {
            Ok(values) => {
                let said: Vec<String> = values.iter().map(Value::said).collect();
                let said = match said.is_empty() {
                    true => event(&present, link.position),
                    false => said.join(" / "),
                };
                line(format_args!("holds: {link}: {said}"))?;
            }
            Err(error) => {
                broken += 1;
                line(format_args!("broken: {link}: {error}"))?;
            }
        }
    }
    if broken > 0 {
        return Err(Failure::damaged(format!(
            "{broken} of {} permalinks do not hold",
            links.len()
        )));
    }
    line(format_args!("{} permalinks hold", links.len()))
}

fn rebuilt(present: &Arc<Views>, history: &History, link: &Permalink) -> Result<Vec<Value>, Broken> {
    link.belongs(present)?;
    let then = history.as_of(present, link.moment()).map_err(|beyond| Broken::Beyond {
        asked: beyond.asked,
        head: beyond.head,
    })?;
    link.rebuilt(&then, present)
}

/// What is said of an event that a link leads to.
fn event(present: &Views, position: u64) -> String {
    let amendments = present.amendments.of(position);
    let redaction = amendments.iter().find(|by| by.kind == AmendmentKind::Redacted);
    match redaction {
        Some(redaction) => format!(
            "the event is there, and what it said was redacted by the one at {}",
            redaction.by
        ),
        None => "the event is there".to_owned(),
    }
}
