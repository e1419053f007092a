//! A digest of what an experiment found, whatever the files look like: a tree.
//!
//! Leaves are of [`LEAF`](super::block::LEAF) replicates of one cell. Above them are nodes of up to 32 leaves or nodes, and over the
//! nodes of all cells, with the columns and names, the root. So a part of the results can be verified by itself, several at a
//! time, and an experiment that grows keeps the leaves that it has.

use crate::measure::{Layout, LogNames, RunRecord};

/// The digest of a leaf or node.
pub type Digest = [u8; 32];

/// Leaves or nodes below a node.
const CHILDREN: usize = 32;

/// BLAKE3 of the runs of a leaf: for every replicate in order answers, measures, leader, coalitions, events and, where the experiment
/// summarises series, every value of them. It does not depend on threads, chunks, file formats, the machine, or on how a variant is
/// called; nor on whether single series are kept.
#[derive(Debug)]
pub struct LeafDigest(blake3::Hasher);

impl Default for LeafDigest {
    fn default() -> Self {
        Self(blake3::Hasher::new_derive_key("entente results 3 leaf"))
    }
}

impl LeafDigest {
    /// Adds a run: in canonical form without its series, and those that are summarised.
    pub fn run(&mut self, canonical: &[u8], series: Option<&RunRecord>) {
        self.0.update(&(canonical.len() as u64).to_le_bytes());
        self.0.update(canonical);
        for values in series.iter().flat_map(|run| [&run.series, &run.milestones]) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            self.0.update(&(values.len() as u64).to_le_bytes());
            self.0.update(&bytes);
        }
    }

    /// The digest.
    pub fn finish(&self) -> Digest {
        *self.0.finalize().as_bytes()
    }
}

/// The root: of the columns and names, the first replicate and how many there are of each cell, and of the leaves, cell by cell and in
/// each in order. In hexadecimal.
pub fn result_digest(
    layout: &Layout,
    names: &LogNames,
    (first, replicates): (u64, u64),
    cells: impl Iterator<Item = Vec<Digest>>,
) -> String {
    let mut root = blake3::Hasher::new_derive_key("entente results 3 root");
    // A layout is plain data, which always has a form in bytes.
    let columns = postcard::to_allocvec(&(layout, names)).unwrap_or_default();
    root.update(&(columns.len() as u64).to_le_bytes());
    root.update(&columns);
    root.update(&first.to_le_bytes());
    root.update(&replicates.to_le_bytes());
    root.update(&node(cells.map(node).collect()));
    root.finalize().to_hex().to_string()
}

/// The node above any number of leaves or nodes.
pub fn node(mut level: Vec<Digest>) -> Digest {
    loop {
        let above: Vec<Digest> = level
            .chunks(CHILDREN)
            .map(|children| {
                let mut node = blake3::Hasher::new_derive_key("entente results 3 node");
                children.iter().for_each(|child| {
                    node.update(child);
                });
                *node.finalize().as_bytes()
            })
            .collect();
        match above.as_slice() {
            [] => return [0; 32],
            [top] => return *top,
            _ => level = above,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_and_its_place_count() {
        let leaves: Vec<Digest> = (0..100u8).map(|number| [number; 32]).collect();
        let top = node(leaves.clone());
        for place in 0..leaves.len() {
            let mut other = leaves.clone();
            other[place][7] ^= 1;
            assert_ne!(node(other), top, "leaf {place}");
        }
        let mut swapped = leaves.clone();
        swapped.swap(3, 40);
        assert_ne!(node(swapped), top);
        assert_ne!(node(leaves[..99].to_vec()), top);
    }

    #[test]
    fn a_series_counts_where_it_is_summarised() {
        let run = |value: f32| RunRecord { series: vec![value], ..RunRecord::empty(0) };
        let digest = |series: Option<&RunRecord>| {
            let mut leaf = LeafDigest::default();
            leaf.run(b"run", series);
            leaf.finish()
        };
        assert_ne!(digest(Some(&run(1.0))), digest(Some(&run(2.0))));
        assert_ne!(digest(Some(&run(1.0))), digest(None));
    }
}
