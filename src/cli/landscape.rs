//! `entente landscape`: the static alliance landscape of a scenario's starting state, or of a table of its own.

use super::failure::Failure;
use super::input;
use super::options::PrintArgs;
use super::output::folder_for;
use super::results;
use crate::analysis::landscape::{self, NamedLandscape, Weights, compare, study};
use crate::base::FactionId;
use crate::chart::{Chart, Party};
use crate::measure::Measures;
use crate::record::{Results, RowsTable, write_whole};
use crate::report::drawing;
use crate::report::figures::Actors;
use crate::report::{Document, LandscapeFindings};
use crate::scenario::{Overrides, Scenario};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `landscape`.
#[derive(Clone, Debug, Args)]
pub struct LandscapeArgs {
    /// Scenario file, a landscape table (TOML with [landscape]) or a matrix (CSV: actor,size,<names>); - for standard input
    pub scenario: PathBuf,
    /// Take the starting state of this variant of the scenario
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Change a value of the scenario, by the same path as in the file
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// How much alignment, hostility and stance count in a propensity
    #[arg(long, value_name = "A,H,S", default_value = "1,1,1", value_parser = weights)]
    pub weights: Weights,
    /// At most so many blocs, besides two [default: as many as there are actors]
    #[arg(long, value_name = "K", value_parser = super::options::whole::<u64>(2..=512))]
    pub blocs: Option<u64>,
    /// Hold the simulated coalitions of these results against the minima
    #[arg(long, value_name = "RESULTS")]
    pub with: Option<PathBuf>,
    /// Seed of what is sampled
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = super::options::seed)]
    pub seed: u64,
    /// Where page, tables (CSV) and charts go [default: outputs/<scenario>/landscape-<digest>]
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub print: PrintArgs,
}

fn weights(text: &str) -> Result<Weights, String> {
    let parts: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse::<f64>()).collect();
    let parts = parts.unwrap_or_default();
    match parts[..] {
        [alignment, hostility, stance]
            if parts.iter().all(|part| part.is_finite() && *part >= 0.0) && parts.iter().sum::<f64>() > 0.0 =>
        {
            Ok(Weights { alignment, hostility, stance })
        }
        _ => Err("expected three numbers of 0 or more, not all 0, such as 1,1,1".into()),
    }
}

/// The file by which a folder is known to be of this command; the last to be written.
const MARK: &str = "landscape.json";

/// What is asked about.
struct LandscapeInput {
    id: String,
    case: NamedLandscape,
    /// Who the actors are, for a scenario.
    scenario: Option<(Scenario, Vec<FactionId>)>,
    method: Vec<String>,
}

impl LandscapeInput {
    /// How the actors are drawn: as in the charts of a run, if there is a scenario.
    fn parties(&self) -> Vec<Party> {
        let Some((scenario, factions)) = &self.scenario else {
            return self.case.actors.iter().enumerate().map(|(place, name)| Party::new(name.clone(), place)).collect();
        };
        let measures = Measures::new(&scenario.setting, scenario.questions.clone());
        let known = Actors::new(scenario, measures.layout());
        let party = |(faction, name): (&FactionId, &String)| {
            let place = known.place(&scenario.setting.factions[*faction].id);
            place.map_or_else(|| Party::nobody(name.clone()), |place| known.all()[place].1.clone())
        };
        factions.iter().zip(&self.case.actors).map(party).collect()
    }
}

/// Finds and prints it.
///
/// # Errors
/// If the input is wrong, or files cannot be read or written.
pub fn landscape(args: &LandscapeArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut subject = read(args)?;
    let simulated =
        args.with.as_deref().map(|results| simulated(results, &subject, args.variant.as_deref())).transpose()?;
    subject.method.extend(simulated.as_ref().map(|simulated| simulated.words.clone()));
    let case = &subject.case;
    let actors = case.landscape.actors();
    let most_blocs = args.blocs.map_or(actors, |blocs| (blocs as usize).min(actors));
    let found = study(&case.landscape, most_blocs, args.seed).map_err(Failure::input)?;
    let fits = match (&simulated, &subject.scenario) {
        (Some(simulated), Some((_, factions))) => {
            let minima: Vec<Vec<u32>> =
                found.two_blocs.iter().map(|minimum| minimum.configuration.blocs.clone()).collect();
            let against = (&subject.case.landscape, minima.as_slice());
            let Simulated { results, variant, scenario, .. } = simulated;
            compare(results, variant, &scenario.setting, factions, against)?
        }
        _ => Vec::new(),
    };
    let digest = digest(&subject, args, most_blocs)?;
    let folder = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("outputs").join(&subject.id).join(format!("landscape-{}", &digest[..12])));
    let told =
        LandscapeFindings { case, found: &found, fits: &fits, parties: subject.parties(), method: &subject.method };
    let notes = drawing::Notes::of("Digest", &digest);
    let notes = match &subject.scenario {
        Some((scenario, _)) => notes.naming(scenario),
        None => notes.numbering(&case.actors),
    };
    let document = write(&folder, &digest, &told, &notes)?;
    let json = || {
        json!({
            "title": case.title, "source": case.source, "actors": case.actors, "sizes": case.landscape.sizes(),
            "found": found, "with_simulation": fits, "folder": folder, "digest": digest,
        })
    };
    args.print.print(&document, &[("Report", &folder.join("report.html"))], json, out)
}

/// Reads what the file holds, by its content.
fn read(args: &LandscapeArgs) -> Result<LandscapeInput, Failure> {
    let path = &args.scenario;
    let shown = input::shown(path);
    let file = input::file(path)?;
    let stem = file.file_stem().map_or_else(|| "table".into(), |stem| stem.to_string_lossy().into_owned());
    let wrong = |error: landscape::LandscapeError| Failure::input(format!("{shown}: {error}"));
    // A file that is no text, or is not there, is for the reader of scenarios to complain about.
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let is_matrix = NamedLandscape::is_matrix(&text) || file.extension().is_some_and(|ending| ending == "csv");
    let is_table = text.lines().any(|line| line.trim() == "[landscape]");
    if is_matrix || is_table {
        if args.variant.is_some() || !args.set.is_empty() {
            return Err(Failure::input(format!(
                "{shown} is a table of its own: --variant and --set are for scenarios"
            )));
        }
        let case = if is_matrix { NamedLandscape::parse_csv(&stem, &text) } else { NamedLandscape::parse(&text) }
            .map_err(wrong)?;
        let method = vec!["Sizes and propensities are those of the table.".to_owned()];
        return Ok(LandscapeInput { id: stem, case, scenario: None, method });
    }
    let overrides = Overrides { set: args.set.clone(), variant: args.variant.clone() };
    let scenario = input::scenario(path, &overrides).map_err(super::problems)?;
    let header = &scenario.file.scenario;
    let title = match &args.variant {
        Some(variant) => format!("{} · {variant}", header.title),
        None => header.title.clone(),
    };
    let start = landscape::start(&title, &scenario.setting, args.weights).map_err(wrong)?;
    let Weights { alignment, hostility, stance } = args.weights;
    let mut method = vec![format!(
        "Actors are the factions that have fighters at the start, an umbrella's members each for itself; sizes are their \
             fighters. The propensity of i towards j is ({alignment}·(1 − 2D) − {hostility}·h + {stance}·v) / {}, with the \
             distance D between their positions as i weighs the axes, i's hostility h to j, and the valence v of their stance \
             (war −1, rivalry −½, neutral 0, pact ½, alliance 1).",
        alignment + hostility + stance
    )];
    if !start.left_out.is_empty() {
        let names: Vec<String> = start.left_out.iter().map(|(name, why)| format!("{name} ({why})")).collect();
        method.push(format!("Left out: {}.", names.join(", ")));
    }
    let id = header.id.clone();
    Ok(LandscapeInput { id, case: start.case, scenario: Some((scenario, start.factions)), method })
}

/// Stored runs whose coalitions are held against the minima.
struct Simulated {
    results: Results,
    /// Of which variant.
    variant: String,
    scenario: Scenario,
    /// Whose runs they are.
    words: String,
}

/// The runs of stored results that are of the scenario itself; else those of the variant that is asked for, or of the first.
fn simulated(path: &Path, subject: &LandscapeInput, asked: Option<&str>) -> Result<Simulated, Failure> {
    let Some((scenario, _)) = &subject.scenario else {
        return Err(Failure::input(format!(
            "{} is a table; --with needs a scenario, whose factions runs tell of",
            subject.id
        )));
    };
    let results = results::open(path)?;
    let mut stored = super::coalitions::scenarios(&results)?;
    let names = |scenario: &Scenario| -> Vec<String> {
        scenario.setting.factions.values().iter().map(|traits| traits.id.clone()).collect()
    };
    let variants = results.manifest().variants.clone();
    if stored.first().is_none_or(|first| names(first) != names(scenario)) {
        return Err(Failure::input(format!(
            "{} is of `{}`, whose factions are not those of `{}`",
            path.display(),
            results.manifest().scenario.id,
            subject.id
        )));
    }
    let digest = scenario.digest();
    let same = stored.iter().position(|stored| stored.digest() == digest);
    let named = || asked.and_then(|asked| variants.iter().position(|variant| variant == asked));
    let place = same.or_else(named).unwrap_or(0);
    let variant = variants[place].clone();
    let words = match same {
        Some(_) => format!("Simulated coalitions are those of runs of this scenario, by {}.", path.display()),
        None => format!(
            "Simulated coalitions are those of {variant} in {}, which is not the same scenario as the landscape's.",
            path.display()
        ),
    };
    Ok(Simulated { scenario: stored.swap_remove(place), results, variant, words })
}

/// BLAKE3 of all that matters for what is found.
fn digest(subject: &LandscapeInput, args: &LandscapeArgs, most_blocs: usize) -> Result<String, Failure> {
    let with = match &args.with {
        Some(path) => results::open(path)?.manifest().result_digest.clone(),
        None => String::new(),
    };
    let case = &subject.case;
    let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    let all = json!([
        env!("CARGO_PKG_VERSION"),
        case.title,
        case.actors,
        bits(case.landscape.sizes()),
        bits(case.landscape.propensities()),
        most_blocs,
        args.seed,
        with,
    ]);
    Ok(blake3::hash(all.to_string().as_bytes()).to_hex().to_string())
}

/// Writes page, tables and chart.
fn write(
    folder: &Path,
    digest: &str,
    told: &LandscapeFindings<'_>,
    notes: &drawing::Notes,
) -> Result<Document, Failure> {
    folder_for(folder, MARK)?;
    let charts: [Box<dyn Chart>; 1] = [Box::new(told.chart())];
    let mut document = told.document(&*charts[0], super::words().join(" "));
    document.draw(&drawing::picture(&charts, &folder.join("charts"), notes)?);
    let (case, found, fits) = (told.case, told.found, told.fits);
    let begin = |name: &str, heads: &[&str]| RowsTable::create(&folder.join(name), heads);
    let mut minima = begin("minima.csv", &["most_blocs", "rank", "energy", "basin", "low", "high", "blocs"])?;
    let mut frustration = begin("frustration.csv", &["most_blocs", "rank", "actor", "size", "bloc", "frustration"])?;
    for (most, list) in [(2, &found.two_blocs), (found.most_blocs, &found.many_blocs)] {
        for (rank, minimum) in list.iter().enumerate() {
            let at = &minimum.configuration;
            let row = (most, rank + 1, at.energy, minimum.basin.value, minimum.basin.low, minimum.basin.high);
            minima.row((row, told.blocs(&at.blocs, " | ")))?;
            for (actor, name) in case.actors.iter().enumerate() {
                let size = case.landscape.sizes()[actor];
                let row = (most, rank + 1, name, size, at.blocs[actor], at.frustration[actor]);
                frustration.row(row)?;
            }
        }
    }
    minima.finish()?;
    frustration.finish()?;
    if !fits.is_empty() {
        let heads = ["linked_by", "criterion", "runs", "share", "low", "high", "random"];
        let mut table = begin("simulated.csv", &heads)?;
        for fit in fits {
            table.row((
                fit.rung,
                fit.criterion,
                fit.simulated.n,
                fit.simulated.value,
                fit.simulated.low,
                fit.simulated.high,
                fit.random.value,
            ))?;
        }
        table.finish()?;
    }
    write_whole(&folder.join("report.html"), document.html().as_bytes())?;
    let about =
        json!({ "program": concat!("entente ", env!("CARGO_PKG_VERSION")), "digest": digest, "title": case.title });
    write_whole(&folder.join(MARK), format!("{about:#}\n").as_bytes())?;
    Ok(document)
}
