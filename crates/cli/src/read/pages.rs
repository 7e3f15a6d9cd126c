//! Following a list's pages.

use crate::ask::{Asker, Trouble, failure};
use crate::exit::Failure;
use crate::show::{at, text};
use serde_json::{Value, json};

/// The most items that a page may have.
const PAGE_MAX: usize = 200;

/// The answer with all pages of the list at the root field `list`, up to `most` items where that is given: the nodes
/// one after the other, `pageInfo` as the last page says it. `variables` goes along with each; `first` and `after` are
/// set here, from its `after` on.
///
/// # Errors
/// As [`Asker::ask`].
pub(super) fn follow(
    asker: &Asker,
    document: &str,
    variables: Value,
    list: &str,
    most: Option<usize>,
) -> Result<Value, Failure> {
    try_follow(asker, document, variables, list, most)?.map_err(|troubles| failure(&troubles))
}

/// As [`follow`], of the list at a path: `dossier`, `history`. Where nothing stands on the way to it, the answer is given as it
/// is.
///
/// # Errors
/// As [`Asker::ask`].
pub(super) fn follow_in(
    asker: &Asker,
    document: &str,
    variables: Value,
    list: &[&str],
    most: Option<usize>,
) -> Result<Value, Failure> {
    followed(asker, document, variables, list, most)?.map_err(|troubles| failure(&troubles))
}

/// As [`follow`]; errors of the answer are given back.
///
/// # Errors
/// As [`Asker::try_ask`].
pub(super) fn try_follow(
    asker: &Asker,
    document: &str,
    variables: Value,
    list: &str,
    most: Option<usize>,
) -> Result<Result<Value, Vec<Trouble>>, Failure> {
    followed(asker, document, variables, &[list], most)
}

fn followed(
    asker: &Asker,
    document: &str,
    mut variables: Value,
    list: &[&str],
    most: Option<usize>,
) -> Result<Result<Value, Vec<Trouble>>, Failure> {
    let path = format!("/{}", list.join("/"));
    let mut whole: Option<Value> = None;
    let mut nodes: Vec<Value> = Vec::new();
    loop {
        let wanted = most.map_or(PAGE_MAX, |most| (most - nodes.len()).min(PAGE_MAX));
        variables["first"] = json!(wanted);
        let mut answer = match asker.try_ask(document, variables.clone())? {
            Ok(answer) => answer,
            Err(troubles) => return Ok(Err(troubles)),
        };
        if list.len() > 1 && answer.pointer(&path).is_none_or(Value::is_null) {
            return Ok(Ok(answer));
        }
        let Some(page) = answer.pointer_mut(&path) else {
            return Err(Failure::saying(format!("the answer has no `{}`", list.join("."))));
        };
        if let Some(more) = page.get_mut("nodes").and_then(Value::as_array_mut) {
            nodes.append(more);
        }
        let goes_on = at(page, "pageInfo.hasNextPage").as_bool() == Some(true);
        let end = text(page, "pageInfo.endCursor");
        let info = page["pageInfo"].clone();
        let whole = whole.get_or_insert(answer);
        if let Some(kept) = whole.pointer_mut(&path) {
            kept["pageInfo"] = info;
        }
        if !goes_on || end.is_empty() || most.is_some_and(|most| nodes.len() >= most) {
            if let Some(kept) = whole.pointer_mut(&path) {
                kept["nodes"] = Value::Array(nodes);
            }
            return Ok(Ok(whole.take()));
        }
        variables["after"] = json!(end);
    }
}
