//! The work of an experiment cut into tasks, for other processes and machines.

use super::{Asked, Bench, Control, Experiment, ExperimentError, Plan, part};
use crate::record::block::{self, Block};
use crate::record::chunk::{Chunk, ChunkId};
use crate::record::{Folder, Held, Memory, SINGLE, Store, named_blocks, write_whole};
use std::ops::Range;

/// The tasks of a plan: each some leaves in a row, in all as many runs as are asked for.
#[derive(Clone, Debug)]
pub struct Tasks {
    shares: Vec<Block>,
    window: Range<u64>,
    cells: u64,
}

impl Tasks {
    /// Runs of a task unless told otherwise: at some ten milliseconds for each, a minute.
    const RUNS: u64 = 4096;
    /// Runs from which on a task makes a part of the tables of its own; of smaller ones a part is made when they are gathered.
    const PART: u64 = 2048;
    /// The most tasks unless told otherwise: clusters commonly allow a thousand in an array.
    const MOST: u64 = 1000;

    /// The tasks of a plan: as many as asked for, or as make sense.
    pub fn of(plan: &Plan, asked: &Asked) -> Self {
        let (window, cells) = (asked.window(), plan.cells());
        let all = Block::of(&window, cells);
        let usual = || (all.runs(cells).div_ceil(Self::RUNS)).clamp(1, Self::MOST);
        Self { shares: block::shares(&all, asked.tasks.unwrap_or_else(usual)), window, cells }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.shares.len() as u64
    }

    /// How many runs the greatest has.
    pub fn most_runs(&self) -> u64 {
        self.shares.iter().map(|share| share.runs(self.cells)).max().unwrap_or(0)
    }

    /// How many runs a task has; none if there is no such task.
    pub fn runs(&self, number: u64) -> u64 {
        self.share(number).map_or(0, |share| share.runs(self.cells))
    }

    /// The runs of a task.
    ///
    /// # Errors
    /// If there is no such task.
    pub fn share(&self, number: u64) -> Result<Block, ExperimentError> {
        let last = self.count().saturating_sub(1);
        let share = usize::try_from(number).ok().and_then(|number| self.shares.get(number)).copied();
        share.ok_or(ExperimentError::NoChunk { number, last })
    }

    /// The tasks of which something is not held, by their numbers.
    pub fn missing(&self, held: &[Block]) -> Vec<u64> {
        let missing = block::missing(&self.window, held, self.cells);
        let lacks = |share: &Block| missing.iter().any(|block| block.meets(share, self.cells));
        (0..self.count()).filter(|number| lacks(&self.shares[*number as usize])).collect()
    }

    /// What of a task is not held.
    fn left(&self, share: &Block, held: &[Held]) -> Vec<Block> {
        let blocks: Vec<Block> = held.iter().map(Held::block).collect();
        let missing = block::missing(&self.window, &blocks, self.cells).into_iter();
        missing.map(|block| block.between(share.from, share.to)).filter(|block| block.runs(self.cells) > 0).collect()
    }
}

impl Experiment {
    /// Its tasks.
    pub fn tasks(&self) -> Tasks {
        Tasks::of(&self.plan, &self.asked)
    }

    /// The tasks that are not done in a folder, by their numbers. What is there is known by its names; it is verified when it is
    /// gathered.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn missing(&self, folder: &Folder) -> Result<Vec<u64>, ExperimentError> {
        Ok(self.tasks().missing(&named_blocks(folder, self.plan.cells())?))
    }

    /// Does a task into a folder, or what of it is not there yet; gives whether something had to be done.
    ///
    /// # Errors
    /// If there is no such task, it cannot be done or written, or the work is told to stop.
    pub fn run_task(
        &self,
        number: u64,
        folder: &Folder,
        threads: usize,
        control: &Control<'_>,
    ) -> Result<bool, ExperimentError> {
        let tasks = self.tasks();
        let share = tasks.share(number)?;
        let bench = self.bench(folder, threads, control);
        // Only what meets the task matters here: the rest is others' work.
        let mut held = bench.held_of(&share, &self.asked.window())?;
        let left = tasks.left(&share, &held);
        if left.is_empty() {
            return Ok(false);
        }
        bench.fill_blocks(&left, &mut held)?;
        let cells = self.plan.cells();
        let large = Block::of(&self.asked.window(), cells).runs(cells) > SINGLE;
        if large && share.runs(cells) >= Tasks::PART {
            self.make_parts(&bench, folder, &left, &held)?;
        }
        Ok(true)
    }

    /// Makes parts of the tables of the chunks of a task.
    fn make_parts(
        &self,
        bench: &Bench<'_>,
        folder: &Folder,
        blocks: &[Block],
        held: &[Held],
    ) -> Result<(), ExperimentError> {
        for block in blocks {
            let inside = |held: &&Held| {
                let own = held.block();
                matches!(held, Held::Chunk(_))
                    && own.window() == block.window()
                    && block.from <= own.from
                    && own.to <= block.to
            };
            let mut members: Vec<&Held> = held.iter().filter(inside).collect();
            members.sort_by_key(|held| held.block().from);
            part(bench, folder, block, &members)?;
            for chunk in members {
                folder.remove_chunk(&chunk.block())?;
            }
        }
        Ok(())
    }

    /// Does a task in memory, for engines without a shared disk: gives bytes that [`Self::accept`] takes.
    ///
    /// # Errors
    /// If there is no such task, or the work is told to stop.
    pub fn task_bytes(&self, number: u64, threads: usize, control: &Control<'_>) -> Result<Vec<u8>, ExperimentError> {
        let share = self.tasks().share(number)?;
        let memory = Memory::default();
        let bench = Bench {
            chunk: Some(Plan::usual_chunk(share.runs(self.plan.cells()))),
            ..self.bench(&memory, threads, control)
        };
        let mut held = Vec::new();
        bench.fill_blocks(&[share], &mut held)?;
        let mut bytes = Vec::new();
        for held in &held {
            let chunk = held.leaves().to_bytes()?;
            bytes.extend((chunk.len() as u64).to_le_bytes());
            bytes.extend(chunk);
        }
        Ok(bytes)
    }

    /// Takes what a task made elsewhere into a folder, after it was verified; gives how many runs that were.
    ///
    /// # Errors
    /// If it is damaged, or of another experiment, or cannot be written; nothing is written then.
    pub fn accept(&self, mut bytes: &[u8], folder: &Folder) -> Result<u64, ExperimentError> {
        let wrong = |reason: &str| {
            ExperimentError::Input(format!("these are not the bytes of a task of this experiment: {reason}"))
        };
        let name = self.plan.chunks();
        let mut chunks = Vec::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(|| wrong("they are cut short"))?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok().filter(|length| *length <= rest.len());
            let (chunk, rest) = rest.split_at(length.ok_or_else(|| wrong("they are cut short"))?);
            let id = ChunkId::read(chunk).ok_or_else(|| wrong("they do not begin as they should"))?;
            if id != name(id.block) {
                return Err(wrong("they are of another plan"));
            }
            Chunk::of_bytes(chunk.into(), &id, true).map_err(|error| wrong(&error.to_string()))?;
            chunks.push((id.block, chunk));
            bytes = rest;
        }
        if chunks.is_empty() {
            return Err(wrong("there are none"));
        }
        let cells = self.plan.cells();
        for (block, chunk) in &chunks {
            write_whole(&folder.name_of_chunk(block), chunk)?;
        }
        Ok(chunks.iter().map(|(block, _)| block.runs(cells)).sum())
    }
}

impl Bench<'_> {
    /// What there is that meets a block.
    fn held_of(&self, share: &Block, window: &Range<u64>) -> Result<Vec<Held>, ExperimentError> {
        let cells = self.plan.cells();
        self.held_where(window, |block| block.meets(share, cells))
    }
}
