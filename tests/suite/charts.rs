//! Every chart, with no, one, two and forty items and with names that try to break it.

use entente::base::Date;
use entente::chart::*;

const NAMES: [&str; 8] = [
    "<script>alert('x')</script>",
    "",
    "A & B \"quoted\" ]]>",
    "Jama'at Nusrat al-Islam wal-Muslimin, the Group for the Support of Islam and of Muslims in the whole of the Sahel",
    "جماعة نصرة الإسلام والمسلمين",
    "ⴽⴻⵍ ⵜⴰⵎⴰⵛⴻⵇ 漢字",
    "bell\u{7} null\0 new\nline \u{202e}reversed",
    "Kidal",
];

fn name(index: usize) -> String {
    NAMES[index % NAMES.len()].to_owned()
}

/// Mostly sensible values, some not finite, some far out of range.
fn band(index: usize) -> Band {
    match index % 11 {
        3 => Band::new(f64::NAN, f64::INFINITY, f64::NEG_INFINITY),
        5 => Band::new(1e300, -1e300, 1e300),
        7 => Band::new(0.0, 0.0, 0.0),
        k => Band::new(k as f64 / 11.0, k as f64 / 22.0, (k as f64 + 2.0) / 11.0),
    }
}

fn bands(length: usize, from: usize) -> Vec<Band> {
    (0..length).map(|i| band(i + from)).collect()
}

fn day(i: usize) -> Date {
    Date::new(2023, 1, 23).unwrap().plus_days(7 * i as i64)
}

fn charts(count: usize) -> Vec<Box<dyn Chart>> {
    let heading = || Heading::new(name(0).repeat(4), name(3).repeat(3));
    let dates: Vec<Date> = (0..count).map(day).collect();
    let each = || 0..count;
    let mut all: Vec<Box<dyn Chart>> = vec![
        Box::new(Differences {
            name: "differences".into(),
            heading: heading(),
            caption: "How to read it.",
            variants: each().map(name).collect(),
            rows: each()
                .map(|i| DifferenceDots {
                    text: name(i),
                    differences: (0..i).map(|k| (k % 5 != 2).then(|| band(i + k))).collect(),
                })
                .collect(),
            colours: Vec::new(),
            note: "All are in differences.csv.",
            format: if count.is_multiple_of(2) { axis::Format::Percent } else { axis::Format::Count },
        }),
        Box::new(overlay(
            heading(),
            dates.clone(),
            &each().map(name).collect::<Vec<_>>(),
            each().map(|i| (name(i), each().map(|k| bands(count, k)).collect())).collect(),
        )),
        Box::new(Influence {
            name: "influence".into(),
            heading: heading(),
            caption: "How to read it.",
            head: "total",
            in_shares: true,
            labels: (name(0), name(3)),
            rows: each()
                .map(|i| InfluenceRow { input: name(i), first: band(i), second: (i % 3 > 0).then(|| band(i + 1)) })
                .collect(),
        }),
        Box::new(Boxes {
            name: "box".into(),
            heading: heading(),
            labels: (name(0), name(3)),
            panels: (0..count)
                .map(|i| BoxPanel {
                    axes: (name(i), name(i + 1)),
                    points: (0..count).map(|k| (band(k).middle, band(i + k).high, band(k + 3).middle)).collect(),
                    across: (band(i).low, f64::INFINITY),
                    up: (f64::NEG_INFINITY, band(i).high),
                    names: (Vec::new(), Vec::new()),
                })
                .collect(),
        }),
        Box::new(Plane {
            name: "plane".into(),
            heading: heading(),
            axes: (name(3), name(3)),
            points: each()
                .map(|i| PlanePoint { label: name(i), at: (band(i).middle, band(i * 3).high), strong: i % 4 == 0 })
                .collect(),
            in_shares: true,
            joined: count.is_multiple_of(2),
        }),
    ];
    all.push(Box::new(ReliabilityCurve {
        heading: heading(),
        points: each().map(|i| (band(i).middle, band(i + 1))).collect(),
        parts: each().map(name).collect(),
    }));
    all.push(Box::new(Sharpness { heading: heading(), counts: each().map(|i| (i * i) as u64).collect() }));
    all.extend(run_charts(count));
    all.extend(theory_charts(count));
    all.extend(why_charts(count));
    all
}

/// Charts of coalitions over time, landscapes and verification.
fn theory_charts(count: usize) -> Vec<Box<dyn Chart>> {
    let heading = || Heading::new(name(0).repeat(4), name(3).repeat(3));
    let each = || 0..count;
    let steps = |from: usize| each().map(|i| (band(i + from).high * 50.0, band(i + from))).collect();
    let points = |from: usize| each().map(|i| (band(i + from).middle, band(i * 3 + from).low)).collect();
    let stable = |i: usize| StableBlocs {
        distance: (!i.is_multiple_of(3)).then_some(i as u32),
        energy: band(i).low,
        blocs: vec![each().collect(), vec![i, i + 1], vec![], vec![i * 7]],
        basin: band(i),
    };
    vec![
        Box::new(SurvivalChart {
            name: "pact-survival".into(),
            heading: heading(),
            panels: each()
                .map(|i| SurvivalPanel {
                    title: name(i),
                    lines: each()
                        .map(|k| SurvivalLine {
                            label: name(k),
                            colour: palette::faction(k),
                            number: (k % 3) as u64,
                            steps: steps(k),
                            until: band(i + k).high * 100.0,
                        })
                        .collect(),
                })
                .collect(),
        }),
        Box::new(TransitionTable {
            name: "stance-transitions".into(),
            heading: heading(),
            states: each().map(name).collect(),
            seen: each().map(|i| i as u64).collect(),
            shares: bands(count * count, 0),
        }),
        Box::new(Alluvial {
            name: "coalitions-over-time".into(),
            heading: heading(),
            dates: each().map(name).collect(),
            kinds: each().map(name).collect(),
            counts: each().map(|i| each().map(|k| ((i * k) % 5) as u64).collect()).collect(),
            moves: each().map(|i| each().map(|k| vec![(i + k) as u64; i]).collect()).collect(),
        }),
        Box::new(EnergyLandscape {
            heading: heading(),
            parties: each().map(|i| Party::new(name(i), i)).collect(),
            bands: each().map(|i| EnergyBand { distance: i as u32, energy: band(i) }).collect(),
            minima: each().map(|i| (name(i), each().map(stable).collect())).collect(),
        }),
        Box::new(TheoryPlot {
            name: "verification-any".into(),
            heading: heading(),
            axes: (name(3), name(3)),
            lines: each().map(|i| TheoryLine { label: name(i), theory: points(i), code: points(i * 2) }).collect(),
            intervals: each().map(|i| (band(i).middle, band(i).low, band(i).high)).collect(),
        }),
    ]
}

/// Explanations and branches.
fn why_charts(count: usize) -> Vec<Box<dyn Chart>> {
    let heading = || Heading::new(name(3), name(0));
    let row = |i: usize| CauseRow {
        label: name(i),
        share: (!i.is_multiple_of(3)).then(|| band(i)),
        flips: (!i.is_multiple_of(4)).then(|| band(i + 2)),
    };
    let lane = |i: usize| Lane {
        label: name(i),
        spans: (0..i % 5).map(|k| StanceSpan { from: day(k * 3), to: day(k * 3 + 3), rung: k }).collect(),
        offensives: Vec::new(),
        moments: (0..i)
            .map(|k| TimelineMoment {
                date: day(k),
                symbol: Symbol::Closer,
                secret: k.is_multiple_of(2),
                note: name(k),
            })
            .collect(),
    };
    let panel = |i: usize| TreePanel {
        question: name(i),
        moments: (0..count).map(|k| (day(k), band(k + i))).collect(),
        actual: i.is_multiple_of(2),
        came_about: i.is_multiple_of(2).then(|| day(i)),
    };
    let amount = |i: usize| AmountRow { label: name(i), from: band(i).low, to: band(i).middle, added: name(i % 2) };
    let amounts = |typical: Band, amount_of_run: f64| AmountCauses {
        heading: heading(),
        amount: amount_of_run,
        typical,
        rows: (0..count.min(8)).map(amount).collect(),
        against: (0..count.min(3)).map(amount).collect(),
        format: if count.is_multiple_of(2) { axis::Format::Percent } else { axis::Format::Count },
    };
    let ladder = |outcome: Option<Date>| CausalLadder {
        heading: heading(),
        span: (count > 0).then(|| (day(0), day(count))),
        outcome,
        lanes: (0..count).map(lane).collect(),
        causes: (0..count)
            .map(|i| Tested {
                label: name(i),
                date: (!i.is_multiple_of(3)).then(|| day(i)),
                flips: i.is_multiple_of(2),
                verdict: name(i).repeat(3),
            })
            .collect(),
    };
    vec![
        Box::new(amounts(Band::new(0.5, 0.2, 0.7), 0.9)),
        Box::new(amounts(Band::new(1.0, 0.5, 1.0), 0.0)),
        Box::new(amounts(Band::new(0.0, 0.0, 0.4), 1.0)),
        Box::new(amounts(Band::new(0.5, 0.5, 0.5), 0.5)),
        Box::new(amounts(Band::new(1e300, -1e300, f64::NAN), 0.1)),
        Box::new(CauseBars {
            heading: heading(),
            rows: (0..count).map(row).collect(),
            totals: (0..count.min(3)).map(row).collect(),
        }),
        Box::new(ladder(None)),
        Box::new(ladder(Some(day(0)))),
        Box::new(ladder(Some(day(count / 2)))),
        Box::new(ladder(Some(day(count)))),
        Box::new(FutureTree {
            heading: heading(),
            end: (count > 0).then(|| day(count)),
            panels: (0..count).map(panel).collect(),
            events: (0..count).map(|i| (day(i), name(i))).collect(),
        }),
    ]
}

fn run_charts(count: usize) -> Vec<Box<dyn Chart>> {
    let heading = || Heading::new(name(0).repeat(4), name(3).repeat(3));
    let dates: Vec<Date> = (0..count).map(day).collect();
    let each = || 0..count;
    let parties: Vec<Party> = (0..count).map(|i| Party::new(name(i), i)).collect();
    let values: Vec<f64> = (0..count * count).map(|i| band(i).middle).collect();
    let zones: Vec<MapZone> = each()
        .map(|i| MapZone {
            name: name(i),
            position: [(0.1 * i as f64, 0.07 * (i * i % 17) as f64), (f64::NAN, 1.0), (0.0, 0.0)]
                [if i % 9 == 8 { i % 3 } else { 0 }],
            named: i % 5 == 1,
            town_of: (i % 7 == 6).then_some(i / 2),
            country: name(i / 3),
            outlines: Default::default(),
        })
        .collect();
    let holders: Vec<Holder> =
        each().map(|i| Holder { party: (i % 3 > 0).then_some(i * 2), probability: band(i).middle }).collect();
    let symbols =
        [Symbol::TalksOpened, Symbol::Leaked, Symbol::Offensive, Symbol::Repelled, Symbol::Control, Symbol::Siege];
    let ground = |shares: bool, run: bool| GroundMap {
        heading: heading(),
        zones: zones.clone(),
        parties: parties.clone(),
        shares: if shares { each().map(|i| band(i).middle).collect() } else { Vec::new() },
        run: run.then(|| GroundRun {
            title: name(3),
            holders: each().map(|i| (i % 3 > 0).then_some(i * 2)).collect(),
            changed: each().map(|i| i % 4 == 1).collect(),
            thrusts: each()
                .map(|i| Thrust {
                    party: (i % 5 > 0).then_some(i),
                    from: (i % 3 > 0).then_some(i / 2),
                    to: i * 2 % (count + 1),
                    taken: i % 2 == 0,
                })
                .collect(),
        }),
        closed: each().map(|i| (i, i + 1)).collect(),
    };
    vec![
        Box::new(Probabilities {
            over_points: count == 2,
            heading: heading(),
            horizons: (0..count.min(7)).map(name).collect(),
            rows: each()
                .map(|i| ProbabilityRow {
                    text: name(i),
                    probabilities: (0..i % 8).map(|k| (k != 2).then(|| band(i + k))).collect(),
                    observed: (i % 4 == 0).then_some(i % 8 == 0),
                })
                .collect(),
        }),
        Box::new(RelationMatrix {
            heading: heading(),
            parties: parties.clone(),
            tables: (0..4).map(|i| PairTable { title: name(i), values: values.clone(), rung: i }).collect(),
            sponsors: each().map(|i| (i, i / 2)).collect(),
            umbrellas: true,
        }),
        Box::new(pair_over_time(
            heading(),
            dates.clone(),
            each().map(|i| (name(i), [bands(count, i), bands(count / 2, i), bands(1, i)])).collect(),
            true,
        )),
        Box::new(territory(heading(), dates.clone(), each().map(|i| (parties[i].clone(), bands(count, i))).collect())),
        Box::new(ground(true, true)),
        Box::new(ground(true, false)),
        Box::new(ground(false, true)),
        Box::new(ZoneMap {
            heading: heading(),
            zones: zones.clone(),
            parties: parties.clone(),
            panels: each().map(|i| MapPanel { title: name(i), holders: holders[..i].to_vec() }).collect(),
        }),
        Box::new(deaths(
            heading(),
            dates.clone(),
            each().map(|i| (NAMES[i % NAMES.len()].to_owned(), palette::death(i), bands(count, i))).collect(),
        )),
        Box::new(displacement(
            heading(),
            dates.clone(),
            each().map(|i| (name(i), bands(count, i).iter().map(|b| b.middle).collect())).collect(),
            bands(count, 1),
        )),
        Box::new(Frontier {
            heading: heading(),
            label: name(0),
            line: band(count).middle,
            points: each()
                .map(|i| FrontierPoint {
                    text: name(i),
                    cost: band(i).high,
                    levers: i % 4,
                    searched: band(i + 1).middle,
                    fresh: band(i),
                    on_front: i.is_multiple_of(2),
                })
                .collect(),
        }),
        Box::new(Parts {
            heading: heading(),
            rows: each()
                .map(|i| Part {
                    text: name(i),
                    amount: band(i),
                    told: name(i),
                    alone: (i % 3 > 0).then(|| [band(i).low, band(i + 1).high]),
                })
                .collect(),
            whole: Part { text: name(3), amount: band(count), told: name(3), alone: None },
            format: if count.is_multiple_of(2) { axis::Format::Percent } else { axis::Format::Count },
        }),
        Box::new(Coalitions {
            heading: heading(),
            parties: parties.clone(),
            structures: each()
                .map(|i| CoalitionStructure {
                    blocs: vec![(0..i).collect(), vec![i], vec![i + 1, i + 2], vec![]],
                    frequency: band(i),
                })
                .collect(),
        }),
        Box::new(hegemony(
            heading(),
            dates.clone(),
            bands(count, 0),
            each().map(|i| (parties[i].clone(), bands(count, i))).collect(),
        )),
        Box::new(Timeline {
            heading: heading(),
            span: dates.first().map(|first| (*first, dates[count - 1])),
            lanes: each()
                .map(|i| Lane {
                    label: name(i),
                    spans: each().map(|k| StanceSpan { from: day(k), to: day(k + 1), rung: k % 7 }).collect(),
                    offensives: (0..i % 3)
                        .map(|k| OffensiveSpan { from: day(k * 4), to: day(k * 4 + 3), colour: palette::faction(k) })
                        .collect(),
                    moments: each()
                        .map(|k| TimelineMoment {
                            date: day(k * 5 % 40),
                            symbol: symbols[k % 6],
                            secret: k.is_multiple_of(2),
                            note: name(k),
                        })
                        .collect(),
                })
                .collect(),
        }),
    ]
}

/// Checks that tags nest, attributes are quoted and text holds no bare markup.
fn well_formed(document: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = document.trim();
    while let Some(at) = rest.find('<') {
        let (words, tag) = rest.split_at(at);
        if words.contains('>') || words.chars().any(|c| c.is_control() && c != '\n') {
            return Err(format!("odd text {words:?}"));
        }
        for entity in words.split('&').skip(1) {
            let known = ["lt;", "gt;", "amp;", "quot;", "apos;"].iter().any(|e| entity.starts_with(e));
            if !known {
                return Err(format!("odd entity in {words:?}"));
            }
        }
        let end = tag.find('>').ok_or("an open tag")?;
        let inner = &tag[1..end];
        rest = &tag[end + 1..];
        if let Some(name) = inner.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else {
            let name = inner.split([' ', '/']).next().unwrap_or_default();
            if !["svg", "title", "rect", "polyline", "polygon", "circle", "text", "line"].contains(&name) {
                return Err(format!("an element <{name}>"));
            }
            if inner.matches('"').count() % 2 == 1 || inner.contains("NaN") || inner.contains("inf") {
                return Err(format!("odd attributes in <{inner}>"));
            }
            if !inner.ends_with('/') {
                open.push(name);
            }
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

#[test]
fn every_chart_draws_whatever_it_is_given() {
    for count in [0, 1, 2, 40] {
        for chart in charts(count) {
            let canvas = chart.draw();
            let document = svg(&canvas).unwrap();
            well_formed(&document).unwrap_or_else(|problem| panic!("{} of {count}: {problem}", chart.about().name));
            assert!(!document.contains("script>alert"), "{}", chart.about().name);
        }
    }
}

#[test]
fn no_text_leaves_the_picture_or_lies_on_other_text() {
    let mut problems = Vec::new();
    for count in [0, 1, 2, 40] {
        for chart in charts(count) {
            let canvas = chart.draw();
            let texts: Vec<(&str, [f64; 4])> = canvas
                .marks()
                .iter()
                .filter_map(|mark| match mark {
                    Mark::Text(text) => Some((text.words.as_str(), text.bounds())),
                    _ => None,
                })
                .collect();
            assert!(!texts.is_empty());
            for (number, (words, a)) in texts.iter().enumerate() {
                if a[0] < 0.0 || a[1] < 0.0 || a[2] > canvas.width || a[3] > canvas.height {
                    problems.push(format!("{} of {count}: {words:?} at {a:?} leaves the picture", chart.about().name));
                }
                for (other, b) in &texts[..number] {
                    let apart = a[0] >= b[2] - 0.5 || a[2] <= b[0] + 0.5 || a[1] >= b[3] - 1.0 || a[3] <= b[1] + 1.0;
                    if !apart {
                        problems.push(format!("{} of {count}: {words:?} {a:?} on {other:?} {b:?}", chart.about().name));
                    }
                }
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn pictures_come_in_order_with_notes_and_the_same_bytes() {
    let charts = charts(2);
    let notes = [("Seed", "7"), ("Software", "entente – ⵣ")];
    let pictures = render_all(&charts, &notes, &Ids::default()).unwrap();
    let again = render_all(&charts, &notes, &Ids::default()).unwrap();
    assert_eq!(pictures, again);
    let shown = || charts.iter().filter(|chart| !chart.draw().is_nothing);
    assert_eq!(pictures.len(), shown().count());
    for (picture, chart) in pictures.iter().zip(shown()) {
        assert_eq!(picture.name, chart.about().name);
        let reader = png::Decoder::new(std::io::Cursor::new(&picture.png)).read_info().unwrap();
        assert_eq!(reader.info().width, 2 * picture.width);
        assert_eq!(reader.info().height, 2 * picture.height);
        assert_eq!(reader.info().uncompressed_latin1_text[0].keyword, "Seed");
    }
}
