//! What a scenario's start is anchored on: the file as it is written, before any change.

use super::check;
use super::file::ScenarioFile;
use super::read::change::Change;
use super::read::path;
use super::read::tree::Spanned;
use crate::mechanism::{self, Behaviour};
use crate::world::{Anchors, Setting};

/// What is written, and the changes to it: those of the file, a variant and `--set`.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The tree before the changes: what the start is anchored on.
    pub(super) tree: Spanned,
    /// In the order in which they are made.
    pub(super) changes: Vec<Change>,
}

impl Written {
    /// The file that the tree describes, if it passes the checks.
    pub(super) fn file(&self) -> Option<ScenarioFile> {
        check::check(&self.tree, path::schema()).typed.map(|typed| typed.file)
    }
}

/// The anchors of a setting's start: those of the setting as it is written, where that has the same factions, zones and
/// cells.
pub(super) fn anchors(written: Option<Setting>, setting: &Setting, behaviour: &Behaviour) -> Anchors {
    let mut base = written;
    if let Some(base) = &mut base {
        // What the year before cost says how fierce things are, whoever says so.
        base.fought.clone_from(&setting.fought);
        base.attacked.clone_from(&setting.attacked);
    }
    mechanism::anchors(base.as_ref().filter(|base| alike(base, setting)).unwrap_or(setting), behaviour)
}

/// Whether anchors of one setting fit another: the same factions, zones and cells.
fn alike(a: &Setting, b: &Setting) -> bool {
    let ids = |setting: &Setting| -> Vec<String> {
        let factions = setting.factions.values().iter().map(|traits| traits.id.clone());
        factions.chain(setting.zones.values().iter().map(|traits| traits.id.clone())).collect()
    };
    let cells =
        |setting: &Setting| -> Vec<_> { setting.cells.values().iter().map(|c| (c.community, c.zone)).collect() };
    ids(a) == ids(b) && cells(a) == cells(b)
}
