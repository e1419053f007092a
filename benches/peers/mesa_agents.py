"""The agents of the Mesa port: factions, zones and cells with plain Python state, and what each works out for itself."""

from math import ceil, exp, floor, log, sqrt

import mesa
from start import LEAST_FORCE, LEAST_SHARE, MASSES, NEUTRAL, PACT, WAR, YEAR


def closing(rate, weeks):
    """The share of a gap that closes in so many weeks at a rate per week."""
    return 1.0 - exp(-rate * weeks)


def power(strength, law):
    return strength if law == 1.0 else strength * strength if law == 2.0 else strength**law


def prevails(own, other, law):
    """contest.rs: the chance that a strength prevails."""
    a, b = power(own, law), power(other, law)
    return a / (a + b) if a + b > 0.0 else 0.5


def poisson(random, mean):
    """A Poisson number by inversion, or about a normal deviate where the mean is large."""
    if mean > 60.0:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    return poisson_of(random.random(), mean)


def poisson_of(uniform, mean):
    """The Poisson number of a uniform."""
    count, term = 0, exp(-mean)
    total = term
    while uniform > total and count < 400:
        count += 1
        term *= mean / count
        total += term
    return count


class Faction(mesa.Agent):
    """An agent that decides. Lists run over factions or zones."""

    def __init__(self, model, i):
        super().__init__(model)
        s = model.s
        self.i = i
        self.strength, self.treasury, self.income, self.cohesion = (
            s.strength[i],
            s.treasury[i],
            s.income[i],
            s.cohesion[i],
        )
        self.aside, self.own_account, self.sent = s.aside[i], s.own_account[i], s.sent[i]
        self.force = [row[i] for row in s.presence]
        self.home = [row[i] for row in s.home_ground]
        self.pull_at_rest = [row[i] for row in s.pull_at_rest]
        self.hostility, self.trust, self.weariness = (
            s.hostility[i][:],
            s.trust[i][:],
            s.weariness[i][:],
        )
        self.belief, self.log_belief = s.belief[i][:], [log(max(b, 1e-9)) for b in s.belief[i]]
        self.sponsors = {k: value for k, value in enumerate(s.dependence[i]) if value > 0.0}
        self.spoils, self.lost = s.spoils[i][:], s.lost[i][:]
        self.mood, self.threat = model.drawn[1][i][:], []
        self.fury, self.attacks, self.ready_at, self.enemies, self.weight = 0.0, 1.0, 0, 0.0, 0.0

    def appraise(self, other, exposure):
        """appraisal.rs: what speaks for closeness to the other, less that at the start."""
        model, i, j = self.model, self.i, other.i
        p = model.p
        common = sum(a * b for a, b in zip(self.threat, other.hostility))
        others = 1.0 - self.weight - other.weight
        products = sum(
            w * a * b for w, a, b in zip(model.weights, model.valence[i], model.valence[j])
        )
        will = 0.0
        for k, share in self.sponsors.items():
            if k != j:
                will += share * (model.valence[k][j] - model.factions[k].hostility[j])
        return (
            p.diplomacy_common_enemy * common
            + p.diplomacy_coalition_gain * self.coalition_gain(other)
            + p.diplomacy_trust * (2.0 * self.trust[j] - 1.0)
            - p.diplomacy_hostility * self.hostility[j]
            + p.diplomacy_balance * (products / others if others > 0.0 else 0.0)
            + p.diplomacy_sponsor * exposure * min(max(will, -2.0), 1.0)
            - p.diplomacy_base * exposure * model.s.objection[i][j]
            + p.diplomacy_ground * (sum(self.lost) - 2.0 * self.lost[j])
            - model.s.reasons_before[i][j]
        )

    def coalition_gain(self, other):
        model, i, j = self.model, self.i, other.i
        force, believed, enemies = self.strength, self.belief[j], self.enemies
        if model.stance[i][j] == WAR:
            enemies -= believed * model.reach[i][j]
        if force <= 0.0 or enemies <= 0.0:
            return 0.0
        law, ours = model.p.contest_coalition, model.bloc_strength[model.bloc[i]]
        together = model.bloc[i] == model.bloc[j]
        without = max(ours - other.strength, force) if together else ours
        joining = (
            believed
            if together
            else believed / max(other.strength, 1.0) * model.bloc_strength[model.bloc[j]]
        )

        def worth(strength):
            return prevails(strength, enemies, law) * force / strength

        both = (
            worth(without + joining)
            if together
            else max(worth(without + joining), worth(force + joining))
        )
        return enemies / (enemies + without) * (both - worth(without))

    def gain(self, other, goal, reasons):
        """choice.rs: what is gained by standing with the other on another rung."""
        model, i, j = self.model, self.i, other.i
        p, source = model.p, model.stance[i][j]
        gained = (goal - source) * (
            p.choice_scale * reasons + model.lasting[i][j] + self.mood[j]
        ) - p.asks[source][goal]
        if goal == WAR or source == WAR:
            weary = (self.weariness[j] - model.s.weariness_at_rest[i][j]) / p.choice_exhaustion
            of_war = p.offensives_spoils * (self.spoils[j] - model.s.spoils_at_rest[i][j])
            of_war -= p.choice_losses * min(max(weary, 0.0), 1.0)
            gained += of_war if goal == WAR else -of_war
            peace = model.peace[i][j]
            if goal == WAR and peace >= 0.0:
                gained -= p.choice_hardening * closing(1.0 / p.choice_hardening_time, peace)
                if peace * YEAR < p.choice_pause_time:
                    gained -= p.choice_pause
        for k, share in self.sponsors.items():
            theirs = model.stance[k][j]
            if k != j and ((theirs == WAR and goal > source) or (theirs >= PACT and goal < source)):
                gained -= p.choice_patronage * share
        if goal < source and source >= PACT:
            depends = max(self.sponsors.get(j, 0.0), other.sponsors.get(i, 0.0))
            gained -= max(
                p.choice_bond * closing(1.0 / p.choice_bond_time, model.age[i][j]),
                p.choice_patronage * depends,
            )
        return gained

    def leave(self, other, goal):
        """choice.rs: the tie with the other goes down."""
        model, i, j = self.model, self.i, other.i
        source, claimed = model.stance[i][j], model.claimed[i][j]
        model.take_stance(i, j, goal, source == claimed or goal < NEUTRAL or claimed > goal)
        if source >= PACT:
            other.trust[i] *= 1.0 - model.p.choice_betrayal
            if source == claimed:
                for watcher in model.factions:
                    if watcher is not self and watcher is not other:
                        watcher.trust[i] *= 1.0 - model.p.choice_reputation
        for client, sponsor in ((self, j), (other, i)):
            if goal < PACT and sponsor in client.sponsors:
                client.income *= 1.0 - client.sponsors.pop(sponsor)

    def fronts(self):
        return 1.0 + floor(self.strength / self.model.p.offensives_corps)

    def rest(self, share):
        """offensive.rs: time before the next campaign."""
        weeks = ceil(share * self.model.p.offensives_rest / self.fronts())
        self.ready_at = max(self.ready_at, self.model.week + max(weeks, 1))

    def consider(self):
        """offensive.rs: a target is chosen, or none."""
        model, i, p = self.model, self.i, self.model.p
        targets = []
        for zone in model.zones:
            holder = zone.holder
            if (
                holder < 0
                or holder == i
                or model.stance[i][holder] != WAR
                or zone.control[holder] < LEAST_SHARE
            ):
                continue
            attacked = any(
                campaign["attacker"] is self and campaign["zone"] is zone
                for campaign in model.campaigns
            )
            if attacked or zone.attack(self, holder, MASSES[2]) < LEAST_FORCE:
                continue
            against = (
                zone.defence(holder)
                * self.belief[holder]
                / max(model.factions[holder].strength, 1.0)
            )
            worth = zone.worth[i] * (1.0 - zone.control[i]) * (1.0 - zone.kept)
            values = [
                worth * prevails(zone.attack(self, holder, share), against, p.contest_offensive)
                - p.offensives_cost * share
                for share in MASSES
            ]
            best = max(range(len(MASSES)), key=values.__getitem__)
            targets.append(
                (
                    zone,
                    MASSES[best],
                    exp(p.offensives_precision * (values[best] - p.offensives_caution)),
                )
            )
        drawn = model.random.random() * (1.0 + sum(weight for _, _, weight in targets))
        for zone, share, weight in targets:
            if drawn < weight:
                model.launch(self, zone, share)
                return
            drawn -= weight


class Zone(mesa.Agent):
    """A place that can be held. Lists run over factions."""

    def __init__(self, model, z):
        super().__init__(model)
        s = model.s
        self.z, self.population, self.revenue, self.ruggedness = (
            z,
            s.population[z],
            s.revenue[z],
            s.ruggedness[z],
        )
        self.worth, self.control, self.harm, self.ground = (
            s.worth[z],
            s.control[z][:],
            s.harm[z][:],
            s.ground_at_rest[z][:],
        )
        self.holder, self.violence, self.entrenchment = (
            s.holder[z],
            s.violence[z],
            s.entrenchment_at_rest[z],
        )
        self.edges = [edge for edge in model.edges if edge[0] == z]
        self.near = [(other, weight) for other, weight in enumerate(s.near[z]) if weight > 0.0]
        self.cells, self.present, self.following, self.massed = [], [], [], []
        self.kept, self.deaths, self.alarm = 0.0, 0.0, 0.0
        self.taken_ground = self.taken_pull = False

    def local_support(self, i):
        """clash.rs: the share of the people at home who support a faction."""
        people = sum(cell.at_home for cell in self.cells)
        return (
            sum(cell.at_home * cell.support[i] for cell in self.cells) / people
            if people > 0.0
            else 0.0
        )

    def per_fighter(self, faction, support):
        """clash.rs: what a fighter is worth here."""
        s, p, i = self.model.s, self.model.p, faction.i
        on_rugged = 1.0 + p.clashes_ruggedness * self.ruggedness * self.control[i]
        return s.quality[i] * (1.0 + p.clashes_support * support) * on_rugged

    def elsewhere(self, faction):
        return max(self.massed[faction.i] - faction.force[self.z], 0.0)

    def attack(self, faction, holder, share):
        """massing.rs: the strength of an attack with a share of what is elsewhere."""
        model, i, z, p = self.model, faction.i, self.z, self.model.p
        force = faction.force[z] + share * self.elsewhere(faction)
        force *= self.per_fighter(faction, self.following[i])
        for j in model.members[model.bloc[i]]:
            if j != i and j != holder and model.stance[j][holder] == WAR:
                ally = model.factions[j]
                helping = ally.force[z] + p.offensives_reinforcement * self.elsewhere(ally)
                force += p.offensives_allies * helping * self.per_fighter(ally, self.following[j])
        return force

    def defence(self, holder):
        """massing.rs: the strength with which the zone is defended."""
        model, p = self.model, self.model.p
        there, helping = 0.0, 0.0
        for j in model.side_of(holder):
            if self.massed[j] > 0.0:
                friend = model.factions[j]
                each = self.per_fighter(friend, self.following[j])
                there += friend.force[self.z] * each
                helping += (
                    (1.0 if j == holder else p.offensives_allies) * self.elsewhere(friend) * each
                )
        return (there + p.offensives_reinforcement * helping) * self.entrenchment

    def lose(self, one, two, clashes):
        """clash.rs: what clashes cost the two."""
        model, z, p, random = self.model, self.z, self.model.p, self.model.random
        of_one = one.force[z] * self.per_fighter(one, self.local_support(one.i))
        of_two = two.force[z] * self.per_fighter(two, self.local_support(two.i))
        wins = prevails(of_one, of_two, p.contest_clash)
        for _ in range(clashes):
            most = p.clashes_most * (one.force[z] + two.force[z])
            deaths = min(
                poisson(random, min(model.lomax(p.clashes_deaths, p.clashes_tail), most)),
                floor(most),
            )
            lost = min(deaths * (1.0 - wins), one.force[z]), min(deaths * wins, two.force[z])
            for own, other, dead in ((one, two, lost[0]), (two, one, lost[1])):
                own.force[z] -= dead
                own.weariness[other.i] += dead / max(own.strength, 1.0)
                own.strength -= dead
            self.deaths += sum(lost)
            model.killed[0] += sum(lost)

    def kill(self, faction):
        """one_sided.rs: an attack on the people at home who do not support the attacker."""
        model, p, i = self.model, self.model.p, faction.i
        exposed = [cell.at_home * max(1.0 - cell.support[i], 0.0) for cell in self.cells]
        most = floor(p.one_sided_most * sum(cell.at_home for cell in self.cells))
        if most <= 0 or sum(exposed) <= 0.0:
            return
        deaths = min(
            poisson(model.random, min(model.lomax(p.one_sided_deaths, p.one_sided_tail), most)),
            most,
        )
        total, dead = sum(exposed), 0.0
        for cell, part in zip(self.cells, exposed):
            killed = min(deaths * part / total, cell.at_home)
            cell.at_home -= killed
            dead += killed
        self.deaths += dead
        model.killed[1] += dead
        self.harm[i] += 1000.0 * dead / self.population

    def find_holder(self):
        """state.rs: who holds the zone."""
        s, q, best, most = self.model.s, self.control, -1, 1.0 / 3.0
        for i, share in enumerate(q):
            if share > 0.0:
                together = sum(q[j] for j in self.model.party[i])
                if together > most or (best >= 0 and s.party[best][i] and q[best] < share):
                    best, most = i, together
        before = self.holder
        if before < 0 or (best >= 0 and s.party[before][best]):
            self.holder = best
            return
        of_before = sum(q[j] for j in self.model.party[before])
        if not (of_before > 1.0 / 3.0 - 0.1 and (best < 0 or most < of_before + 0.1)):
            self.holder = best


class Cell(mesa.Agent):
    """The part of a community that lives in a zone."""

    def __init__(self, model, c):
        super().__init__(model)
        s = model.s
        self.zone = model.zones[s.cell_zone[c]]
        self.zone.cells.append(self)
        self.at_home, self.displaced, self.at_start = (
            s.at_home[c],
            s.displaced[c][:],
            s.displaced[c],
        )
        self.support, self.grievance, self.usual = s.support[c][:], s.grievance[c], s.grievance[c]
        self.appeal = [a * b for a, b in zip(s.appeal[s.community[c]], s.leaning_at_rest[c])]
        self.refuges = list(zip(s.refuge[c], s.draw[c]))
        self.may_return, self.homecoming = s.may_return[c], s.homecoming_at_rest[c]
