//! What there is to record: every command, and a command's fields.

use crate::Done;
use crate::out::line;
use crate::show::{Page, Sheet, columns};
use rapporteur_domain::command::CONDITIONS;
use rapporteur_domain::correction::{CORRECTS, FIELDS};
use rapporteur_domain::event::{CommandShape, offered};
use rapporteur_domain::shape::{ObjectShape, Shape};

/// How deep objects stand in objects; deeper ones are not told.
const LEVELS_MAX: usize = 6;

/// Names every command.
pub(super) fn list() -> Done {
    let rows = offered().map(|command| [command.name.to_owned(), command.input.about.clone()]);
    let page = Page::default().sheet("", Sheet::of(["command", "what it records"], rows));
    line(format_args!("{}", page.render(columns()).trim_end()))
}

/// Shows the fields of a command's input, those inside others with their path.
pub(super) fn show(command: &CommandShape) -> Done {
    let mut sheet = Sheet::new(&["field", "needed", "type", "what"]);
    add(&mut sheet, "", &command.input, 0);
    for (name, about) in CONDITIONS {
        sheet.row(vec![name.to_owned(), String::new(), String::new(), about.to_owned()]);
    }
    sheet.row(vec![
        CORRECTS.0.to_owned(),
        String::new(),
        "object".to_owned(),
        CORRECTS.1.to_owned(),
    ]);
    for ((name, about), kind) in FIELDS.iter().zip(["whole number", "Prose"]) {
        let path = format!("{}.{name}", CORRECTS.0);
        sheet.row(vec![path, "yes".to_owned(), kind.to_owned(), (*about).to_owned()]);
    }
    let page = Page::titled(command.name)
        .fields([
            ("records", command.input.about.clone()),
            (
                "becomes",
                format!("an event {} version {}", command.event_kind, command.event_version),
            ),
        ])
        .sheet("Fields of its input", sheet);
    line(format_args!("{}", page.render(columns()).trim_end()))
}

fn add(sheet: &mut Sheet, under: &str, object: &ObjectShape, level: usize) {
    for field in &object.fields {
        let (items, list) = match &field.shape {
            Shape::List(items) => (items.as_ref(), "[]"),
            other => (other, ""),
        };
        let path = format!("{under}{}{list}", field.name);
        let needed = if field.required { "yes" } else { "" };
        sheet.row(vec![
            path.clone(),
            needed.to_owned(),
            kind(items, field.refers.as_deref()),
            field.about.clone(),
        ]);
        if let Shape::Object(inner) = items
            && level < LEVELS_MAX
        {
            add(sheet, &format!("{path}."), inner, level + 1);
        }
    }
}

fn kind(shape: &Shape, refers: Option<&str>) -> String {
    match shape {
        Shape::Int => "whole number".to_owned(),
        Shape::Float => "number".to_owned(),
        Shape::Bool => "true or false".to_owned(),
        Shape::Object(_) => "object".to_owned(),
        Shape::List(_) => "list".to_owned(),
        Shape::Enum(set) => set
            .values
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", "),
        Shape::Scalar(rule) => match refers {
            Some("Any") | None => rule.name.to_owned(),
            Some(kind) => format!("{} of a {}", rule.name, kind.to_lowercase()),
        },
    }
}
