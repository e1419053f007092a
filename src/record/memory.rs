//! What an experiment makes, in memory.

use super::block::Block;
use super::column::Field;
use super::read_column::Values;
use super::{Design, QuestionRow};
use crate::estimate::DifferenceRow;
use crate::scenario::{JointTable, Scenario};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A keeper in memory, for programs without files. A copy keeps the same.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Kept>>);

/// What is kept in memory.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) chunks: BTreeMap<Block, Arc<[u8]>>,
    /// Per table the columns, in order.
    pub(super) tables: BTreeMap<String, Arc<Vec<(Field, Values)>>>,
    pub(super) scenario: Option<Scenario>,
    pub(super) design: Option<Design>,
    pub(super) joint: Option<JointTable>,
    pub(super) answers: Vec<QuestionRow>,
    pub(super) differences: Option<Vec<DifferenceRow>>,
}

impl Memory {
    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put_chunk(&self, block: Block, bytes: Vec<u8>) {
        self.kept().chunks.insert(block, bytes.into());
    }

    /// Forgets the chunks, which the tables have taken up.
    pub fn forget_chunks(&self) {
        self.kept().chunks.clear();
    }
}
