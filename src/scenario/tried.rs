//! Variants, tried when a scenario is read.

use super::check;
use super::read::change::{self, Change};
use super::read::place::Place;
use super::read::problem::Problem;
use super::read::tree::Spanned;
#[cfg(feature = "parallel")]
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The size of a tree times its variants up to which each variant is tried when the file is read, in bytes of text.
const MOST_TRIED: usize = 20_000_000;

/// What is wrong with what each variant would make of a scenario, beside what is `known` to be wrong.
pub fn variants(tree: &Spanned, schema: &serde_json::Value, known: &[Problem]) -> Vec<Problem> {
    let variants = change::variants(tree);
    let mut nodes = 0;
    tree.walk(&mut Vec::new(), &mut |_, _| nodes += 1);
    if nodes * variants.len() * 16 > MOST_TRIED {
        return Vec::new();
    }
    let known: BTreeSet<(&Option<Place>, &str)> =
        known.iter().map(|problem| (&problem.place, problem.message.as_str())).collect();
    let problems_of = |(id, changes): (String, Vec<Change>)| {
        let mut tree = tree.clone();
        let applied = changes.iter().filter_map(|change| change::apply(&mut tree, schema, change).err());
        let mut problems: Vec<Problem> = applied.collect();
        problems.extend(check::check(&tree, schema).problems);
        let told = |problem: Problem| {
            let message = format!("in variant `{id}`: {}", problem.message);
            let is_known = |message: &str| known.contains(&(&problem.place, message));
            let new = !is_known(&problem.message) && !is_known(&message);
            new.then_some(Problem { message, ..problem })
        };
        problems.into_iter().filter_map(told).collect::<Vec<_>>()
    };
    #[cfg(feature = "parallel")]
    let variants = variants.into_par_iter();
    #[cfg(not(feature = "parallel"))]
    let variants = variants.into_iter();
    variants.map(problems_of).collect::<Vec<_>>().concat()
}
