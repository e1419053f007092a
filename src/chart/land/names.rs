//! The names of zones on a map: within the land where they have room, and those of places that matter beside it.

use super::super::canvas::{Canvas, Point, Text};
use super::super::palette::WHITE;
use super::super::text;
use super::{Ground, LEAST_LETTERS, Land, Look, Placed, TOWN};

impl Ground<'_> {
    /// Writes names of a usual size where they cover neither each other nor the boxes (left, top, right, bottom) that are taken.
    pub(super) fn draw_names(
        &self,
        canvas: &mut Canvas,
        placed: &Placed,
        look: &dyn Look,
        usual: f64,
        mut taken: Vec<[f64; 4]>,
    ) {
        // No name reaches into the map beside this one.
        let (first, last) = (placed.left, placed.left + placed.wide);
        let place = |p: Point| placed.at(p);
        let mut lands: Vec<(&Land, f64, bool)> =
            self.lands.iter().map(|land| (land, look.matters(land.zone), self.zones[land.zone].named)).collect();
        lands.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.2.cmp(&a.2)));
        for (land, matters, named) in lands {
            let named = named || matters > 0.0;
            let colour = look.colour(land.zone);
            let beside = look.beside(land.zone);
            let name = text::clean(&self.zones[land.zone].name);
            let words = if beside.is_empty() { name } else { format!("{name} {beside}") };
            let label = |size: f64| {
                let label = Text::new(&words, if named { size + 0.8 } else { size }).fit(placed.wide / 2.0).middle();
                if named { label.bold() } else { label }
            };
            let around_it = |label: &Text, (x, y): Point| {
                let (half, high) = (label.width() / 2.0 + 0.5, 0.57 * label.size);
                [x - half, y - high, x + half, y + high]
            };
            let large = label(usual);
            let has_room =
                [land.centre, land.middle()].into_iter().any(|at| land.holds(&around_it(&large, place(at)), &place));
            let label = if has_room { large } else { label(LEAST_LETTERS) };
            let (half, size) = (label.width() / 2.0 + 0.5, label.size);
            let bounds = |at: Point| around_it(&label, at);
            let free = |at: Point| {
                let b = bounds(at);
                taken.iter().all(|t| b[0] > t[2] || b[2] < t[0] || b[1] > t[3] || b[3] < t[1])
            };
            let (x, y) = place(land.centre);
            let town = self.zones.iter().any(|zone| zone.town_of == Some(land.zone));
            let by_the_town = [(x, y + 2.3 * TOWN), (x, y - 2.3 * TOWN)].into_iter().filter(|_| town);
            let mut inside = [land.centre, land.middle()].into_iter().map(place).chain(by_the_town);
            let spot = inside.find(|at| free(*at) && land.holds(&bounds(*at), &place));
            let side = half + 5.0;
            let beside = [
                (0.0, -1.3),
                (0.0, 1.3),
                (side, 0.0),
                (-side, 0.0),
                (side, -1.3),
                (-side, -1.3),
                (side, 1.3),
                (-side, 1.3),
                (0.0, -2.6),
                (0.0, 2.6),
            ]
            .map(|(across, down)| (across, down * size));
            // A place that matters has its name even where that covers its neighbours, on a ground of its own.
            let around = beside
                .into_iter()
                .map(|(across, down)| ((x + across).clamp(first + half, (last - half).max(first + half)), y + down));
            let around = around.into_iter().find(|at| named && free(*at));
            match (spot, around) {
                (Some(at), _) => {
                    taken.push(bounds(at));
                    canvas.write_centred(at.0, at.1, label.colour(colour.contrasting()));
                }
                (None, Some(at)) => {
                    let [left, top, right, bottom] = bounds(at);
                    canvas.disc((x, y), 1.6, colour.contrasting());
                    canvas.rounded((left - 1.0, top - 0.5), (right + 1.0, bottom + 0.5), 2.0, WHITE.faded(0.85));
                    taken.push(bounds(at));
                    canvas.write_centred(at.0, at.1, label);
                }
                (None, None) => canvas.disc((x, y), 1.0, colour.contrasting().faded(0.7)),
            }
        }
    }
}
