//! Variants, tried when a scenario is read.

use super::check;
use super::read::change::{self, Change};
use super::read::problem::Problem;
use super::read::tree::Spanned;
#[cfg(feature = "parallel")]
use rayon::prelude::*;

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
    let problems_of = |(id, changes): (String, Vec<Change>)| {
        let mut tree = tree.clone();
        let applied = changes.iter().filter_map(|change| change::apply(&mut tree, schema, change).err());
        let mut problems: Vec<Problem> = applied.collect();
        let told = |problem: Problem| Problem { message: format!("in variant `{id}`: {}", problem.message), ..problem };
        problems.extend(check::check(&tree, schema).problems.into_iter().map(told));
        problems
    };
    #[cfg(feature = "parallel")]
    let variants = variants.into_par_iter();
    #[cfg(not(feature = "parallel"))]
    let variants = variants.into_iter();
    variants.map(problems_of).collect::<Vec<_>>().concat()
}
