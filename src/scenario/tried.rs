//! Variants, tried when a scenario is read.

use super::check;
use super::read::change;
use super::read::problem::Problem;
use super::read::tree::Spanned;

/// The size of a tree times its variants up to which each variant is tried when the file is read, in bytes of text.
const MOST_TRIED: usize = 20_000_000;

/// What each variant would make of a sound scenario.
pub fn variants(tree: &Spanned, schema: &serde_json::Value) -> Vec<Problem> {
    let variants = change::variants(tree);
    let mut nodes = 0;
    tree.walk(&mut Vec::new(), &mut |_, _| nodes += 1);
    if nodes * variants.len() * 16 > MOST_TRIED {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (id, changes) in variants {
        let mut tree = tree.clone();
        for change in &changes {
            problems.extend(change::apply(&mut tree, schema, change).err());
        }
        let found = check::check(&tree, schema).problems;
        problems.extend(
            found
                .into_iter()
                .map(|problem| Problem { message: format!("in variant `{id}`: {}", problem.message), ..problem }),
        );
    }
    problems
}
