//! A run in the middle of it: to go on from later, or many times over.
//!
//! As bytes, a checkpoint begins with what it belongs to (format, program, scenario) and ends with a BLAKE3 digest of
//! everything before. One that is damaged, or belongs to another program or scenario, is refused in words: going on from
//! it would give a run that nobody could make again.

use crate::base::program;
use crate::measure::Halfway;
use crate::world::World;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Raised whenever the content of checkpoints changes.
const FORMAT: u32 = 5;
const DIGEST_BYTES: usize = 32;

/// A replicate at a moment: the world, and what was recorded up to then.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The master seed of the stream in which it goes on: that of the experiment, or of fresh futures.
    pub seed: u64,
    /// Which replicate, or which of the fresh futures.
    pub replicate: u64,
    /// From which step on the stream is one of fresh futures, if it is.
    pub fresh_since: Option<u32>,
    /// The world at that moment; its step is the next one to pass.
    pub world: World,
    /// What was recorded.
    pub recorded: Halfway,
}

/// The random stream on which a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RandomStream {
    /// Its own: what would have been drawn is drawn.
    Same,
    /// Others, by number: futures of different numbers have nothing in common but their past.
    Fresh(u64),
}

impl RandomStream {
    /// The master seed and replicate whose draws are used from a checkpoint on.
    pub(super) fn source(self, checkpoint: &Checkpoint) -> (u64, u64) {
        match self {
            Self::Same => (checkpoint.seed, checkpoint.replicate),
            Self::Fresh(number) => (fresh_seed(checkpoint), number),
        }
    }

    /// From which step on what is drawn is not what the run would have drawn.
    pub(super) fn fresh_since(self, checkpoint: &Checkpoint) -> Option<u32> {
        match self {
            Self::Same => checkpoint.fresh_since,
            Self::Fresh(_) => Some(checkpoint.world.step),
        }
    }
}

/// The master seed of all fresh futures of a checkpoint: the futures of another replicate, or of another moment, draw
/// other numbers.
fn fresh_seed(checkpoint: &Checkpoint) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"fresh futures");
    for number in [checkpoint.seed, checkpoint.replicate, u64::from(checkpoint.world.step)] {
        hasher.update(&number.to_le_bytes());
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// Why bytes are not a checkpoint to go on from.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// They are no checkpoint at all.
    #[error("it is no checkpoint of this program")]
    Foreign,
    /// They are of another format.
    #[error(
        "it is a checkpoint of format {found}, and this program reads format {FORMAT}: make it anew with this program"
    )]
    Format {
        /// The format found.
        found: u32,
    },
    /// They are not as they were written.
    #[error("the checkpoint is damaged: {0}")]
    Damaged(String),
    /// Another program made it.
    #[error(
        "the checkpoint was made by version {version} (commit {commit}), and this is version {} (commit {}), which may run \
         otherwise: make it anew with this program, or use that one",
        program::VERSION,
        program::commit()
    )]
    Program {
        /// That program's version.
        version: String,
        /// That program's commit.
        commit: String,
    },
    /// It is of another scenario.
    #[error(
        "the checkpoint is of another scenario (digest {found}, expected {expected}): it can be gone on from only with the \
         scenario it was made of; changes are made with --variant and --set"
    )]
    Scenario {
        /// The digest that it was made of.
        found: String,
        /// The digest of the scenario at hand.
        expected: String,
    },
}

#[derive(Serialize, Deserialize)]
struct CheckpointHeader {
    version: String,
    commit: String,
    scenario: String,
    seed: u64,
    replicate: u64,
    fresh_since: Option<u32>,
}

impl Checkpoint {
    /// What the bytes of every checkpoint begin with.
    pub const MAGIC: &[u8] = b"ENTCHECK";

    /// The moment: the number of the next step.
    pub fn step(&self) -> u32 {
        self.world.step
    }

    /// The checkpoint as bytes. `scenario` is the digest of the scenario that it is of
    /// ([`crate::scenario::Scenario::digest`]).
    ///
    /// # Errors
    /// If it has no form in bytes, which is a fault of the program.
    pub fn to_bytes(&self, scenario: &str) -> Result<Vec<u8>, CheckpointError> {
        let wrong = |error: postcard::Error| CheckpointError::Damaged(error.to_string());
        let header = CheckpointHeader {
            version: program::VERSION.into(),
            commit: program::commit().into(),
            scenario: scenario.into(),
            seed: self.seed,
            replicate: self.replicate,
            fresh_since: self.fresh_since,
        };
        let mut bytes = Self::MAGIC.to_vec();
        bytes.extend(FORMAT.to_le_bytes());
        let bytes = postcard::to_extend(&header, bytes).map_err(wrong)?;
        let mut bytes = postcard::to_extend(&(&self.world, &self.recorded), bytes).map_err(wrong)?;
        let digest = blake3::hash(&bytes);
        bytes.extend(digest.as_bytes());
        Ok(bytes)
    }

    /// The replicate of what [`Checkpoint::to_bytes`] wrote.
    ///
    /// # Errors
    /// If it is no checkpoint, is damaged, or belongs to another program.
    pub fn replicate_in(bytes: &[u8]) -> Result<u64, CheckpointError> {
        read(bytes).map(|(header, _)| header.replicate)
    }

    /// Reads what [`Checkpoint::to_bytes`] wrote, for a scenario of a digest.
    ///
    /// # Errors
    /// If it is no checkpoint, is damaged, or belongs to another program or scenario.
    pub fn from_bytes(bytes: &[u8], scenario: &str) -> Result<Self, CheckpointError> {
        let (header, body) = read(bytes)?;
        if header.scenario != scenario {
            return Err(CheckpointError::Scenario { found: header.scenario, expected: scenario.into() });
        }
        let wrong = |error: postcard::Error| CheckpointError::Damaged(error.to_string());
        let (world, recorded) = postcard::from_bytes(body).map_err(wrong)?;
        let CheckpointHeader { seed, replicate, fresh_since, .. } = header;
        Ok(Self { seed, replicate, fresh_since, world, recorded })
    }
}

/// What stands before the world, and the rest.
fn read(bytes: &[u8]) -> Result<(CheckpointHeader, &[u8]), CheckpointError> {
    let rest = bytes.strip_prefix(Checkpoint::MAGIC).ok_or(CheckpointError::Foreign)?;
    let (format, _) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
    let format = u32::from_le_bytes(*format);
    if format != FORMAT {
        return Err(CheckpointError::Format { found: format });
    }
    let end = bytes
        .len()
        .checked_sub(DIGEST_BYTES)
        .filter(|end| *end >= Checkpoint::MAGIC.len() + 4)
        .ok_or_else(cut_short)?;
    if blake3::hash(&bytes[..end]).as_bytes() != &bytes[end..] {
        return Err(CheckpointError::Damaged("its content does not match its digest".into()));
    }
    let wrong = |error: postcard::Error| CheckpointError::Damaged(error.to_string());
    let (header, body): (CheckpointHeader, &[u8]) =
        postcard::take_from_bytes(&bytes[Checkpoint::MAGIC.len() + 4..end]).map_err(wrong)?;
    if header.version != program::VERSION || header.commit != program::commit() {
        return Err(CheckpointError::Program { version: header.version, commit: header.commit });
    }
    Ok((header, body))
}

fn cut_short() -> CheckpointError {
    CheckpointError::Damaged("it is cut short".into())
}
