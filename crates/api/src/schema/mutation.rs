//! The mutation root: one mutation for each command, `record` for a batch, and the chores `rebuildViews` and
//! `verifyStore`.
//!
//! It is made from the table of commands that are offered, so a new command is a new mutation without a line here.

use super::chores::{Rebuild, Verification};
use super::literals;
use super::outcome::{BatchResult, RecordResult};
use super::types::{input_value, register_input};
use crate::http::{ApiError, ErrorCode};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field as Asked;
use async_graphql::registry::{InputObjectBuilder, MetaField, ObjectBuilder, Registry};
use async_graphql::resolver_utils::resolve_container_serial;
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, InputType, InputValueError, InputValueResult, ObjectType, OutputType,
    Positioned, ServerResult, Value,
};
use rapporteur_desk::outcome::{BATCH_MAX, too_many};
use rapporteur_desk::{Desk, DeskError, Outcome, Proposal};
use rapporteur_domain::command::Command;
use rapporteur_domain::event::offered;
use rapporteur_domain::refusal::Refusal;
use rapporteur_log::AppendError;
use std::borrow::Cow;

/// The mutation root.
pub(super) struct Mutation;

const NAME: &str = "Mutation";
const COMMAND: &str = "CommandInput";
/// Who records, until there is authentication.
pub(super) const RECORDER: &str = "desk";

/// Input as JSON: its GraphQL type was checked before, its content is checked by the domain.
pub(super) struct Raw(pub(super) serde_json::Value);

impl InputType for Raw {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        COMMAND.into()
    }
    fn create_type_info(_: &mut Registry) -> String {
        format!("{COMMAND}!")
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default().into_json();
        value.map(Self).map_err(|e| InputValueError::custom(e.to_string()))
    }
    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl OutputType for Mutation {
    fn type_name() -> Cow<'static, str> {
        NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let result = RecordResult::create_type_info(registry);
        let batch = BatchResult::create_type_info(registry);
        let rebuild = Rebuild::create_type_info(registry);
        let verification = Verification::create_type_info(registry);
        let mut fields = IndexMap::new();
        let mut one_of = IndexMap::new();
        for command in offered() {
            let input = register_input(registry, &command.input, true);
            let about = format!("{} Becomes an event `{}`.", command.input.about, command.event_kind);
            let mut field = MetaField::new(command.name, result.clone());
            field.description = Some(about.clone());
            let argument = input_value("input", format!("{input}!"), "What to record.".to_owned());
            field.args.insert("input".to_owned(), argument);
            fields.insert(command.name.to_owned(), field);
            one_of.insert(command.name.to_owned(), input_value(command.name, input, about));
        }
        let about = "One command: exactly one of its fields. Import lines have the same form.".to_owned();
        let command = InputObjectBuilder::new(COMMAND, one_of)
            .description(Some(about))
            .oneof(true)
            .build();
        registry.types.insert(COMMAND.to_owned(), command);
        let about = "Records several commands, all or nothing: one refusal refuses all. At most 1,000.";
        let argument = (
            "commands",
            format!("[{COMMAND}!]!"),
            "The commands, in order; later ones may refer to what earlier ones record.",
        );
        fields.insert("record".to_owned(), field("record", batch, about, Some(argument)));
        let about = "Rebuilds every view from the log, beside the live ones, compares their digests, and goes on with the rebuilt ones. Queries are answered all the while. Answers when it is done, or after 20 seconds while it goes on: `store { rebuild }` tells how far it is.";
        fields.insert("rebuildViews".to_owned(), field("rebuildViews", rebuild, about, None));
        let about = "Checks all that is stored: every file, checksum and event, and the chain, as `rapporteur verify` does. Queries are answered and commands recorded all the while. Answers when it is done, or after 20 seconds while it goes on: `store { verification }` tells how far it is.";
        fields.insert(
            "verifyStore".to_owned(),
            field("verifyStore", verification, about, None),
        );
        let about =
            "Everything that can be recorded. Refusals are data; errors mean that we failed or the document was wrong.";
        let built = ObjectBuilder::new(NAME, fields)
            .description(Some(about.to_owned()))
            .build();
        registry.types.insert(NAME.to_owned(), built);
        format!("{NAME}!")
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Asked>) -> ServerResult<Value> {
        resolve_container_serial(ctx, self).await
    }
}

fn field(name: &str, ty: String, about: &str, argument: Option<(&str, String, &str)>) -> MetaField {
    let mut field = MetaField::new(name, ty);
    field.description = Some(about.to_owned());
    if let Some((name, ty, about)) = argument {
        field
            .args
            .insert(name.to_owned(), input_value(name, ty, about.to_owned()));
    }
    field
}

impl ContainerType for Mutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let name = ctx.item.node.name.node.as_str();
        let selected = ctx.with_selection_set(&ctx.item.node.selection_set);
        let failed =
            |error: ApiError| ctx.set_error_path(async_graphql::Error::from(error).into_server_error(ctx.item.pos));
        let desk = ctx.data::<Desk>().map_err(|e| e.into_server_error(ctx.item.pos))?;
        let value = match name {
            "record" => {
                let (_, raw) = ctx.param_value::<Raw>("commands", None)?;
                let result = batch(desk, raw.0).await.map_err(failed)?;
                OutputType::resolve(&result, &selected, ctx.item).await
            }
            "rebuildViews" => {
                let rebuild = Rebuild::begin(desk).await.map_err(failed)?;
                OutputType::resolve(&rebuild, &selected, ctx.item).await
            }
            "verifyStore" => {
                let verification = Verification::begin(desk).await.map_err(failed)?;
                OutputType::resolve(&verification, &selected, ctx.item).await
            }
            _ => {
                let (_, raw) = ctx.param_value::<Raw>("input", None)?;
                let result = single(desk, name, raw.0).await.map_err(failed)?;
                OutputType::resolve(&result, &selected, ctx.item).await
            }
        };
        value.map(Some)
    }
}

impl ObjectType for Mutation {}

async fn single(desk: &Desk, name: &str, input: serde_json::Value) -> Result<RecordResult, ApiError> {
    let proposal = Command::parse_input(name, literals::in_input(name, input), Some(desk.today()));
    Ok(match desk.record(vec![proposal], RECORDER).await.map_err(failure)? {
        Outcome::Refused(refusals) => {
            let under_input = |refusal| within(refusal, &format!("commands[0].{name}"), "input");
            RecordResult::refused(refusals.into_iter().map(under_input).collect())
        }
        other => RecordResult::of(&desk.views(), other),
    })
}

/// Commands of a batch as they came in; or why they are no batch.
pub(super) fn proposals(desk: &Desk, given: serde_json::Value) -> Result<Vec<Proposal>, Refusal> {
    let given = match given {
        serde_json::Value::Array(given) => given,
        single => vec![single],
    };
    if given.len() > BATCH_MAX {
        return Err(too_many(given.len()));
    }
    let today = Some(desk.today());
    let parsed = given
        .into_iter()
        .map(|command| Command::parse_on(literals::in_command(command), today));
    Ok(parsed.collect())
}

async fn batch(desk: &Desk, given: serde_json::Value) -> Result<BatchResult, ApiError> {
    let proposals = match proposals(desk, given) {
        Ok(proposals) => proposals,
        Err(refusal) => return Ok(BatchResult::refused(vec![refusal])),
    };
    let outcome = desk.record(proposals, RECORDER).await.map_err(failure)?;
    Ok(BatchResult::of(&desk.views(), outcome))
}

/// The same refusal with the start of its field's path put in other words.
fn within(mut refusal: Refusal, from: &str, to: &str) -> Refusal {
    if let Some(rest) = refusal.field.strip_prefix(from) {
        refusal.field = format!("{to}{rest}");
    }
    refusal
}

/// A failure of the desk: what the caller can act on is told, the rest is logged.
fn failure(error: DeskError) -> ApiError {
    match &error {
        DeskError::Busy | DeskError::Raced | DeskError::Behind(_) => {
            ApiError::new(ErrorCode::Unavailable, error.to_string()).with_cause(error)
        }
        _ if matches!(error.append(), Some(AppendError::NearlyFull { .. })) => {
            let what = error.append().map(ToString::to_string).unwrap_or_default();
            let text = format!("nothing was recorded: {what}; queries are answered all the while");
            ApiError::new(ErrorCode::Unavailable, text).with_cause(error)
        }
        _ if error.append().is_some_and(AppendError::is_disk_full) => {
            // The append that met the full disk may still be there after a restart.
            let recorded = match error.append() {
                Some(AppendError::Poisoned { .. }) => "nothing was recorded",
                _ => "nothing is known to be recorded",
            };
            let text = format!(
                "{recorded}: the disk of the store is full. Free some space, restart rapporteur, and send the command \
                 again with the same idempotencyKey; queries are answered all the while"
            );
            ApiError::new(ErrorCode::Unavailable, text).with_cause(error)
        }
        _ => {
            let text = "nothing is known to be recorded: the store could not be written. The server's log says why; \
                        send the command again with the same idempotencyKey once it is mended";
            ApiError::new(ErrorCode::Internal, text).with_cause(error)
        }
    }
}
