use std::collections::HashMap;

use apollo_compiler::ast::{Definition, DirectiveList, Document, FragmentDefinition, Selection};
use async_graphql::ServerError;

use super::error::{ErrorCode, coded};
use super::limits::Limits;

/// Measures a parsed document before anything expands it, and refuses what is beyond `limits`.
///
/// The document stands for more than it says: fragments that spread others twice double at each step, and both
/// validation and execution walk the expansion. Here every fragment is measured once and the measure is reused, so
/// the work is linear in the text.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), ServerError> {
    let mut guard = Guard {
        limits,
        fragments: HashMap::new(),
        measured: HashMap::new(),
    };
    let (mut operations, mut fragments) = (0, 0);
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                operations += 1;
                within("variables", operation.variables.len(), limits.variables)?;
                guard.directives(&operation.directives)?;
                for variable in &operation.variables {
                    guard.directives(&variable.directives)?;
                }
            }
            Definition::FragmentDefinition(fragment) => {
                fragments += 1;
                guard.directives(&fragment.directives)?;
                guard.fragments.entry(fragment.name.as_str()).or_insert(fragment);
            }
            _ => {} // no executable definition: validation says so
        }
    }
    within("operations", operations, limits.operations)?;
    within("fragments", fragments, limits.fragments)?;
    for definition in &document.definitions {
        let cost = match definition {
            Definition::OperationDefinition(operation) => guard.selections(&operation.selection_set, 1)?,
            Definition::FragmentDefinition(fragment) => guard.selections(&fragment.selection_set, 1)?,
            _ => continue,
        };
        within("nodes", cost.nodes, limits.nodes)?;
        within("aliases", cost.aliases, limits.aliases)?;
        within("depth", cost.depth, limits.depth)?;
        within("levels", cost.levels, limits.levels)?;
    }
    Ok(())
}

/// What a selection set amounts to once its fragments are put in place. Sums saturate.
#[derive(Clone, Copy, Default)]
struct Cost {
    nodes: u64,
    aliases: u64,
    depth: u32,
    levels: u32,
}

struct Guard<'a> {
    limits: &'a Limits,
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    /// `None` while a fragment is being measured: meeting it again then is a cycle.
    measured: HashMap<&'a str, Option<Cost>>,
}

impl<'a> Guard<'a> {
    /// `level` is that of this set, counted from 1 at the definition: it bounds our own recursion.
    fn selections(&mut self, selections: &'a [Selection], level: u32) -> Result<Cost, ServerError> {
        within("levels", level, self.limits.levels)?;
        let mut sum = Cost::default();
        for selection in selections {
            let cost = self.selection(selection, level)?;
            sum.nodes = sum.nodes.saturating_add(cost.nodes).saturating_add(1);
            sum.aliases = sum.aliases.saturating_add(cost.aliases);
            sum.depth = sum.depth.max(cost.depth);
            sum.levels = sum.levels.max(cost.levels);
        }
        sum.levels = sum.levels.saturating_add(1);
        Ok(sum)
    }

    fn selection(&mut self, selection: &'a Selection, level: u32) -> Result<Cost, ServerError> {
        match selection {
            Selection::Field(field) => {
                self.directives(&field.directives)?;
                let mut cost = match field.selection_set.as_slice() {
                    [] => Cost::default(),
                    inner => self.selections(inner, level + 1)?,
                };
                cost.depth = cost.depth.saturating_add(1);
                cost.aliases = cost.aliases.saturating_add(u64::from(field.alias.is_some()));
                Ok(cost)
            }
            Selection::InlineFragment(inline) => {
                self.directives(&inline.directives)?;
                self.selections(&inline.selection_set, level + 1)
            }
            Selection::FragmentSpread(spread) => {
                self.directives(&spread.directives)?;
                self.fragment(spread.fragment_name.as_str(), level + 1)
            }
        }
    }

    fn fragment(&mut self, name: &str, level: u32) -> Result<Cost, ServerError> {
        let Some((&name, &fragment)) = self.fragments.get_key_value(name) else {
            return Ok(Cost::default()); // validation says that there is no such fragment
        };
        match self.measured.get(name) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => {
                let message = format!("fragment `{name}` contains itself");
                return Err(coded(ErrorCode::ValidationFailed, message));
            }
            None => {}
        }
        self.measured.insert(name, None);
        let cost = self.selections(&fragment.selection_set, level)?;
        self.measured.insert(name, Some(cost));
        Ok(cost)
    }

    fn directives(&self, directives: &DirectiveList) -> Result<(), ServerError> {
        within("directives", directives.len(), self.limits.directives)
    }
}

fn within<N: PartialOrd + std::fmt::Display>(limit: &str, found: N, bound: N) -> Result<(), ServerError> {
    if found <= bound {
        return Ok(());
    }
    let message =
        format!("the document's {limit} come to {found}, more than the limit of {bound}: ask for less, or in parts");
    Err(coded(ErrorCode::LimitExceeded, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        let document = Document::parse(text, "test").unwrap();
        check(&document, &Limits::default()).map_err(|error| error.message)
    }

    fn bomb(steps: usize) -> String {
        let fragment = |at: usize| format!("fragment f{at} on Query {{ ...f{next} ...f{next} }} ", next = at + 1);
        let chain: String = (0..steps).map(fragment).collect();
        format!("{{ ...f0 }} {chain} fragment f{steps} on Query {{ a }}")
    }

    #[test]
    fn fragments_are_charged_for_each_spread() {
        assert!(checked(&bomb(8)).is_ok());
        assert!(checked(&bomb(14)).unwrap_err().contains("nodes"));
    }

    #[test]
    fn a_long_chain_of_fragments_is_too_deep_in_any_order() {
        let links: Vec<_> = (0..60)
            .map(|at| format!("fragment f{at} on Query {{ ...f{} }}", at + 1))
            .collect();
        let last = "fragment f60 on Query { a }";
        let forward = format!("{{ ...f0 }} {} {last}", links.join(" "));
        let backward = format!(
            "{last} {} {{ ...f0 }}",
            links.iter().rev().cloned().collect::<Vec<_>>().join(" ")
        );
        assert!(checked(&forward).unwrap_err().contains("levels"));
        assert!(checked(&backward).unwrap_err().contains("levels"));
    }

    #[test]
    fn cycles_end() {
        let error = checked("{ a } fragment x on Query { ...y } fragment y on Query { b { ...x } }").unwrap_err();
        assert!(error.contains("contains itself"), "{error}");
    }

    #[test]
    fn each_bound_is_named() {
        let aliases: String = (0..101).map(|at| format!("a{at}: a ")).collect();
        assert!(
            checked(&format!("{{ {aliases} }}"))
                .unwrap_err()
                .contains("aliases come to 101")
        );
        let deep = format!("{}a{}", "{ a ".repeat(21), "}".repeat(21));
        assert!(checked(&deep).unwrap_err().contains("depth come to 21"));
        assert!(
            checked(&format!("{{ a {} }}", "@b ".repeat(9)))
                .unwrap_err()
                .contains("directives come to 9")
        );
        assert!(
            checked(&"query { a } ".repeat(21))
                .unwrap_err()
                .contains("operations come to 21")
        );
    }
}
