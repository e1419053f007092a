//! What a scenario's start is anchored on: the file as it is written, before any change.

use super::file::ScenarioFile;
use super::read::change::Change;
use super::read::path;
use super::read::tree::Spanned;
use super::{build, check};
use crate::base::{CommunityId, ZoneId};
use crate::mechanism::{self, Behaviour, Scratch};
use crate::world::{Anchors, Directory, Setting};
use std::sync::OnceLock;

/// What is written, and the changes to it: those of the file, a variant and `--set`.
#[derive(Clone, Debug)]
pub(super) struct Written {
    tree: Spanned,
    /// In the order in which they are made.
    pub(super) changes: Vec<Change>,
    /// The file, once somebody has asked for it.
    file: OnceLock<Option<Box<ScenarioFile>>>,
}

impl Written {
    /// A tree and changes to it.
    pub(super) fn new(tree: Spanned, changes: Vec<Change>) -> Self {
        Self { tree, changes, file: OnceLock::new() }
    }

    /// The tree before the changes: what the start is anchored on.
    pub(super) fn tree(&self) -> &Spanned {
        &self.tree
    }

    /// The same, to be changed.
    pub(super) fn tree_mut(&mut self) -> &mut Spanned {
        self.file = OnceLock::new();
        &mut self.tree
    }

    /// The file that the tree describes, if it passes the checks.
    pub(super) fn file(&self) -> Option<&ScenarioFile> {
        let read = || check::check(&self.tree, path::schema()).typed.map(|typed| Box::new(typed.file));
        self.file.get_or_init(read).as_deref()
    }
}

/// The anchors of a setting's start: those of the setting as it is written, where that has the same factions, zones and
/// cells.
pub(super) fn anchors(
    written: Option<&mut Setting>,
    setting: &Setting,
    behaviour: &Behaviour,
    scratch: &mut Scratch,
) -> Anchors {
    let base = match written {
        Some(base) if alike(base, setting) => {
            // What the year before cost says how fierce things are, whoever says so.
            base.fought.clone_from(&setting.fought);
            base.attacked.clone_from(&setting.attacked);
            base
        }
        _ => setting,
    };
    mechanism::anchors(base, behaviour, scratch)
}

/// Incomes that a file leaves open rest on the ground as it is written: what a change gives or takes of ground is gained or
/// lost, and not made up for.
pub(super) fn keep_open_incomes(file: &ScenarioFile, written: Option<&Setting>, setting: &mut Setting) {
    let Some(base) = written.filter(|base| alike(base, setting)) else { return };
    for entry in file.faction.iter().filter(|entry| entry.income.is_none()) {
        if let Some(faction) = Directory::of(setting).faction(&entry.id) {
            let income = build::income_beside(&base.zones, &base.initial.control, faction, entry.fighters);
            setting.initial.income[faction] = income;
        }
    }
}

/// Whether anchors of one setting fit another: the same factions, zones and cells.
fn alike(a: &Setting, b: &Setting) -> bool {
    a.factions.values().iter().map(|traits| &traits.id).eq(b.factions.values().iter().map(|traits| &traits.id))
        && a.zones.values().iter().map(|traits| &traits.id).eq(b.zones.values().iter().map(|traits| &traits.id))
        && of_cells(a).eq(of_cells(b))
}

/// What says which cells there are.
fn of_cells(setting: &Setting) -> impl Iterator<Item = (CommunityId, ZoneId)> {
    setting.cells.values().iter().map(|cell| (cell.community, cell.zone))
}
