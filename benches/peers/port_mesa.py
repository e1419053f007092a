"""The reduced model in Mesa: factions, zones and cells are agents with plain Python state, and rare events come first.

Each method names the file of `src/mechanism` whose equations it holds. usage: port_mesa.py START REPLICATES WEEKS
"""

from math import ceil, exp, sqrt

import mesa
import mesa_review as review
import numpy as np
import report
from mesa_agents import Cell, Faction, Zone, closing, poisson_of, prevails
from start import (
    ALLIANCE,
    LEAST_FORCE,
    LEAST_HOSTILITY,
    LEAST_REACH,
    MOST_SIEGES,
    NEUTRAL,
    OUTCOMES,
    PACT,
    REVIEW,
    WAR,
    YEAR,
)


def poisson_above(random, mean):
    """A Poisson number of a uniform that is known to be above 1 less the mean."""
    return poisson_of(1.0 - min(mean, 1.0) * random.random(), mean)


def go_home(campaign, share):
    """offensive.rs: a share of a campaign's force goes back whence it came."""
    force, z, origins = campaign["attacker"].force, campaign["zone"].z, campaign["origins"]
    came = sum(fighters for _, fighters in origins)
    if came > 0.0:
        leaving = min(came * share, force[z])
        for other, fighters in origins:
            force[other] += leaving * fighters / came
        force[z] -= leaving


class Conflict(mesa.Model):
    """The theatre, and what pairs of factions are to each other."""

    def __init__(self, s, p, number):
        super().__init__(seed=number)
        self.s, self.p, self.week, self.n = s, p, 0, s.n
        self.drawn = s.dispositions[number % len(s.dispositions)]
        self.edges = list(zip(s.edge_from, s.edge_to, s.edge_open, s.edge_reach, s.edge_travel))
        self.party = [[j for j in range(s.n) if s.party[i][j]] for i in range(s.n)]
        self.stance, self.claimed, self.goal, self.reach = (
            [row[:] for row in m] for m in (s.stance, s.claimed, s.goal, s.reach)
        )
        self.lasting, self.age, self.peace = (
            [row[:] for row in self.drawn[part]] for part in (0, 2, 3)
        )
        self.stirred = [[0.0] * s.n for _ in range(s.n)]
        self.feud, self.fighting = [0.0] * len(s.low), [1.0] * len(s.low)
        self.level, self.killed, self.campaigns, self.changed = 0.0, [0.0, 0.0], [], True
        self.factions = [Faction(self, i) for i in range(s.n)]
        self.zones = [Zone(self, z) for z in range(s.zones)]
        self.cells = [Cell(self, c) for c in range(s.cells)]
        self.contact, self.ready, self.fight = [], [], []

    def lomax(self, mean, tail):
        return mean * (tail - 1.0) * ((1.0 - self.random.random()) ** (-1.0 / tail) - 1.0)

    def side_of(self, holder):
        """A holder, its bloc and its umbrella."""
        return set(self.members[self.bloc[holder]]) | set(self.party[holder])

    def find_blocs(self):
        """Blocs: connected under alliance, unless two of them are at war."""
        bloc = list(range(self.n))
        for low, high in zip(self.s.low, self.s.high):
            a, b = bloc[low], bloc[high]
            if self.stance[low][high] == ALLIANCE and a != b:
                ours, theirs = ([i for i in range(self.n) if bloc[i] == one] for one in (a, b))
                if not any(self.stance[i][j] == WAR for i in ours for j in theirs):
                    bloc = [min(a, b) if one == max(a, b) else one for one in bloc]
        self.bloc = bloc
        self.members = {one: [i for i in range(self.n) if bloc[i] == one] for one in bloc}

    def read_stances(self):
        """What rests on stances, estimates and hostility."""
        remaining = self.p.remaining
        self.valence = [[0.5 * one - 1.0 for one in row] for row in self.claimed]
        self.felt = []
        for i, faction in enumerate(self.factions):
            self.valence[i][i] = 0.0
            rows = zip(faction.hostility, self.reach[i], faction.belief, self.stance[i])
            self.felt.append([h * r * b * remaining[one] for h, r, b, one in rows])
            self.felt[i][i] = 0.0
            rows = enumerate(zip(faction.hostility, self.reach[i], faction.belief, self.stance[i]))
            faction.enemies = sum(
                b * r for j, (h, r, b, one) in rows if j != i and one == WAR and h * r > 0.0
            )
        self.find_blocs()

    def weigh_threats(self):
        """threat.rs: shares of what threatens each, this week."""
        total = sum(faction.strength for faction in self.factions)
        self.bloc_strength = {
            bloc: sum(self.factions[i].strength for i in of) for bloc, of in self.members.items()
        }
        for faction, felt in zip(self.factions, self.felt):
            own = faction.strength
            faction.weight = own / total
            threats = [
                x / (b + own + 1e-300) if x > 0.0 else 0.0 for x, b in zip(felt, faction.belief)
            ]
            scale = 1.0 / (self.p.threat_floor + sum(threats))
            faction.threat = [threat * scale for threat in threats]
        self.weights = [faction.weight for faction in self.factions]

    def make_ready(self):
        """clash.rs: how ready pairs are to fight where they meet, and how often they do."""
        s, p = self.s, self.p
        self.ready = [[0.0] * self.n for _ in range(self.n)]
        self.fight = [[0.0] * self.n for _ in range(self.n)]
        for pair, (j, i) in enumerate(zip(s.low, s.high)):
            posture = p.posture[self.stance[i][j]]
            if posture > 0.0:
                hostility = 0.5 * (self.factions[i].hostility[j] + self.factions[j].hostility[i])
                ready = posture * 0.5 * (s.aggression[i] + s.aggression[j]) * hostility
                self.ready[i][j] = self.ready[j][i] = ready
                self.fight[i][j] = self.fight[j][i] = (
                    p.clashes_rate / p.clashes_typical * ready * self.fighting[pair]
                )

    def take_stance(self, i, j, goal, public):
        """The two stand on another rung."""
        source = self.stance[i][j]
        for a, b in ((i, j), (j, i)):
            self.stance[a][b], self.age[a][b] = goal, 0.0
            if public:
                self.claimed[a][b] = goal
            if source == WAR:
                self.peace[a][b] = 0.0
            elif goal == WAR:
                self.peace[a][b] = -1.0
            for k in range(self.n):
                self.stirred[a][k] = self.stirred[k][a] = 1.0
        self.changed = True

    def says_yes(self, gained, uniform):
        return gained > 0.0 and uniform * (1.0 + exp(-self.p.choice_precision * gained)) < 1.0

    def look(self):
        """choice.rs: pairs that come to it look at how they stand."""
        rate, stir, random = self.p.choice_looks / YEAR, self.p.choice_stir, self.random.random
        for pair in self.s.pairs:
            low, high = self.s.low[pair], self.s.high[pair]
            if random() < closing(rate * (1.0 + stir * self.stirred[low][high]), 1.0):
                one, two = self.factions[low], self.factions[high]
                if one.strength > 0.0 and two.strength > 0.0:
                    self.stirred[low][high] = self.stirred[high][low] = 0.0
                    self.reconsider(one, two)

    def reconsider(self, one, two):
        i, j = one.i, two.i
        source, floor_ = self.stance[i][j], WAR
        if (
            self.reach[i][j] < LEAST_REACH
            or max(one.hostility[j], two.hostility[i]) < LEAST_HOSTILITY
        ):
            floor_ = NEUTRAL
        if NEUTRAL <= source <= floor_:
            return
        exposure = 1.0 if source == self.claimed[i][j] else self.p.diplomacy_secrecy
        reasons = one.appraise(two, exposure), two.appraise(one, exposure)
        uniforms = self.random.random(), self.random.random()
        for (own, other), reason, uniform in zip(((one, two), (two, one)), reasons, uniforms):
            down = [(own.gain(other, goal, reason), goal) for goal in range(floor_, source)]
            if down and self.says_yes(max(down)[0], uniform):
                own.leave(other, max(down)[1])
                return
        best, gains = 0.0, None
        for goal in range(source + 1, NEUTRAL + 1):
            both = one.gain(two, goal, reasons[0]), two.gain(one, goal, reasons[1])
            if min(both) > best:
                best, gains = min(both), (both, goal)
        if gains and all(self.says_yes(gain, uniform) for gain, uniform in zip(gains[0], uniforms)):
            self.take_stance(i, j, gains[1], True)

    def talk(self):
        """talks.rs: a week of contacts and talks."""
        random = self.random.random
        for low, high, chance in zip(self.s.low, self.s.high, self.contact):
            if self.goal[low][high]:
                self.go_on(self.factions[low], self.factions[high])
            elif random() < chance and self.stance[low][high] < ALLIANCE:
                one, two = self.factions[low], self.factions[high]
                if one.strength > 0.0 and two.strength > 0.0:
                    self.meet(one, two)

    def meet(self, one, two):
        i, j, secret = one.i, two.i, self.p.diplomacy_secrecy
        reasons = one.appraise(two, secret), two.appraise(one, secret)
        chosen = None
        for goal in range(max(self.stance[i][j] + 1, PACT), ALLIANCE + 1):
            both = one.gain(two, goal, reasons[0]), two.gain(one, goal, reasons[1])
            if chosen is None or (min(both) > min(chosen[0]) and min(both) > 0.0):
                chosen = both, goal
        random, doors = self.random.random, self.s.door
        if (doors[i][j] == 2 or self.says_yes(chosen[0][0], random())) and (
            doors[j][i] == 2 or self.says_yes(chosen[0][1], random())
        ):
            self.goal[i][j] = chosen[1]

    def go_on(self, one, two):
        i, j, p, random = one.i, two.i, self.p, self.random.random
        goal = self.goal[i][j]
        concludes, may_break = (
            random() < closing(p.negotiation_conclusion, 1.0),
            closing(p.negotiation_break_off, 1.0),
        )
        uniforms = random(), random()
        if not concludes and max(uniforms) < 1.0 - may_break:
            return
        secret = p.diplomacy_secrecy
        gains = (
            one.gain(two, goal, one.appraise(two, secret)),
            two.gain(one, goal, two.appraise(one, secret)),
        )
        if concludes:
            self.goal[i][j] = 0
            if all(self.says_yes(gain, uniform) for gain, uniform in zip(gains, uniforms)):
                objection = 0.5 * (self.s.objection[i][j] + self.s.objection[j][i])
                odds = p.negotiation_publicity - p.negotiation_discretion * objection
                self.take_stance(i, j, goal, random() * (1.0 + exp(-odds)) < 1.0)
                for own, other in ((one, j), (two, i)):
                    own.trust[other] += p.negotiation_trust_gain * (1.0 - own.trust[other])
            return
        for gain, uniform in zip(gains, uniforms):
            yes = 1.0 / (1.0 + exp(-p.choice_precision * gain)) if gain > 0.0 else 0.0
            if uniform >= 1.0 - may_break * (1.0 - yes):
                self.goal[i][j] = 0

    def list_present(self):
        """Who has at least one fighter where, and how much peace forces hold down."""
        for zone in self.zones:
            zone.present, keepers = [], 0.0
        for faction in self.factions:
            for zone, force in zip(self.zones, faction.force):
                if force >= 1.0:
                    zone.present.append((faction, sqrt(force)))
        for zone in self.zones:
            keepers = sum(self.s.peacekeeping[one.i] * one.force[zone.z] for one, _ in zone.present)
            zone.kept = keepers / (keepers + self.p.clashes_peacekeepers)
            zone.deaths = 0.0

    def clash(self):
        """clash.rs: a week of clashes."""
        random = self.random
        for zone in self.zones:
            calm, present = 1.0 - zone.kept, zone.present
            for upper in range(1, len(present)):
                two, root = present[upper]
                fight = self.fight[two.i]
                for one, other_root in present[:upper]:
                    mean = calm * root * other_root * fight[one.i]
                    if mean > 0.0 and random.random() >= 1.0 - mean:
                        # The share of uniforms above 1 - mean that brings a clash or more.
                        clashes = poisson_above(random, mean)
                        if clashes:
                            zone.lose(one, two, clashes)

    def attack_civilians(self):
        """one_sided.rs: a week of attacks, thinned from what they would be at the worst."""
        p, random = self.p, self.random
        scale = p.one_sided_rate / sqrt(p.clashes_typical)
        for zone in self.zones:
            for faction, root in zone.present:
                most = scale * self.s.civilian_harm[faction.i] * root * faction.attacks
                if most > 0.0 and random.random() >= 1.0 - most:
                    attacks = poisson_above(random, most)
                    united = sum(share * share for share in zone.control)
                    contest = p.one_sided_floor + (1.0 - p.one_sided_floor) * (1.0 - united)
                    share = contest * (1.0 - zone.kept) * (1.0 - zone.local_support(faction.i))
                    for _ in range(attacks):
                        if random.random() < share:
                            zone.kill(faction)

    def flee(self):
        """displacement.rs: memory of violence fades, and people flee from where people died."""
        p = self.p
        fading = exp(-p.displacement_memory)
        for zone in self.zones:
            zone.violence *= fading
            if zone.deaths > 0.0:
                zone.violence += 1000.0 * zone.deaths / max(zone.population, 1.0)
        for zone in self.zones:
            alarm, zone.alarm = zone.alarm, 0.0
            people = (
                sum(cell.at_home for cell in zone.cells)
                if zone.deaths > 0.0 or alarm > 0.0
                else 0.0
            )
            if people <= 0.0:
                continue
            in_fear = closing(p.displacement_per_death, zone.deaths / people)
            leaving = in_fear + (1.0 - in_fear) * p.displacement_capture * alarm
            for cell in zone.cells:
                draws = [
                    draw / (1.0 + self.zones[r].violence / p.displacement_fear)
                    for r, draw in cell.refuges
                ]
                total = sum(draws)
                if total > 0.0:
                    gone = cell.at_home * leaving
                    cell.displaced = [
                        there + gone * draw / total for there, draw in zip(cell.displaced, draws)
                    ]
                    cell.at_home -= gone

    def wage(self, is_review):
        """offensive.rs: campaigns go on, and at reviews factions look for targets."""
        if not is_review and any(campaign["until"] <= self.week for campaign in self.campaigns):
            review.find_within_reach(self)
        self.campaigns = [campaign for campaign in self.campaigns if self.goes_on(campaign)]
        if is_review:
            for faction in self.factions:
                if (
                    faction.own_account
                    and faction.strength >= LEAST_FORCE
                    and faction.ready_at <= self.week
                ):
                    fronts = faction.fronts()
                    busy = sum(campaign["attacker"] is faction for campaign in self.campaigns)
                    chance = 1.0 - (1.0 - self.p.offensives_readiness) ** fronts
                    if busy < fronts and self.random.random() < chance:
                        faction.consider()

    def launch(self, faction, zone, share):
        """offensive.rs: a share of the force within reach goes to a zone."""
        origins = [
            (other, faction.force[other] * share * weight)
            for other, weight in zone.near
            if other != zone.z
        ]
        for other, leaving in origins:
            faction.force[other] -= leaving
            faction.force[zone.z] += leaving
        until = self.week + max(ceil(self.p.offensives_duration), 1)
        campaign = dict(
            attacker=faction,
            defender=zone.holder,
            zone=zone,
            origins=origins,
            until=until,
            sieges=0,
        )
        self.campaigns.append(campaign)

    def goes_on(self, campaign):
        """offensive.rs: what becomes of a campaign."""
        p, attacker, zone = self.p, campaign["attacker"], campaign["zone"]
        defender, holder = campaign["defender"], zone.holder
        if (
            self.stance[attacker.i][defender] > WAR
            or holder < 0
            or not self.s.party[holder][defender]
        ):
            go_home(campaign, 1.0)
            attacker.rest(1.0)
            return False
        if self.week < campaign["until"]:
            return True
        random = self.random.random
        odds = prevails(
            zone.attack(attacker, defender, 0.0), zone.defence(defender), p.contest_offensive
        )
        if (odds > p.offensives_hopeless and random() < p.offensives_withdrawal) or random() < odds:
            self.take(campaign)
            zone.alarm = 1.0
            attacker.rest(1.0 - p.offensives_momentum)
            return False
        if campaign["sieges"] < MOST_SIEGES and random() < p.offensives_siege:
            campaign["sieges"] += 1
            zone.alarm = 0.5
            for j in self.party[defender]:
                lost = self.factions[j].force[zone.z] * p.offensives_starvation
                self.factions[j].force[zone.z] -= lost
                self.factions[j].strength -= lost
            campaign["until"] = self.week + max(ceil(p.offensives_duration), 1)
            return True
        go_home(campaign, 1.0)
        attacker.rest(1.0)
        return False

    def take(self, campaign):
        """offensive.rs: a place falls."""
        p, attacker, zone, defender = (
            self.p,
            campaign["attacker"],
            campaign["zone"],
            campaign["defender"],
        )
        i, z = attacker.i, zone.z
        zone.control = [share * (1.0 - p.offensives_taken) for share in zone.control]
        zone.control[i] += p.offensives_taken
        zone.entrenchment = 1.0
        zone.taken_ground = zone.taken_pull = True
        for edge in zone.edges:
            near = self.zones[edge[1]]
            if near.holder >= 0 and self.s.party[near.holder][defender]:
                near.entrenchment = 1.0 + (near.entrenchment - 1.0) * (1.0 - p.offensives_momentum)
        for k in self.party[defender]:
            loser = self.factions[k]
            leaving = loser.force[z] * p.offensives_fall_back
            ground = [(edge[1], self.zones[edge[1]].control[k]) for edge in zone.edges if edge[2]]
            total = sum(share for _, share in ground)
            if leaving > 0.0 and total > 0.0:
                for near, share in ground:
                    loser.force[near] += leaving * share / total
                loser.force[z] -= leaving
        go_home(campaign, 1.0 - p.offensives_garrison)
        stays, at_home = attacker.force[z] / max(attacker.strength, 1.0), attacker.home[z]
        if stays > at_home:
            scale = (1.0 - stays) / max(1.0 - at_home, 1e-9)
            attacker.home = [home * scale for home in attacker.home]
            attacker.home[z] = stays
        zone.find_holder()
        self.stirred[i][defender] = self.stirred[defender][i] = 1.0

    def step(self):
        """A week, in the order of step.rs."""
        is_review = self.week % REVIEW == 0
        if is_review:
            review.perceive(self)
            review.find_reach(self)
            review.find_contacts(self)
        changed = is_review or self.changed
        if changed:
            self.read_stances()
        self.weigh_threats()
        if is_review:
            review.change_times(self)
            review.live(self)
        self.changed = False
        self.talk()
        self.look()
        if changed or self.changed:
            self.find_blocs()
            self.make_ready()
        if is_review:
            self.list_present()
            review.redeploy(self)
            review.survey(self)
        self.wage(is_review)
        self.list_present()
        self.clash()
        self.attack_civilians()
        self.flee()
        if is_review:
            for part in (
                review.shift_control,
                review.come_home,
                review.choose_sides,
                review.provide,
                review.feel,
            ):
                part(self)
            self.changed = True
        for faction in self.factions:
            faction.strength = sum(faction.force)
        self.week += 1


def run(s, p, replicates, weeks):
    # Plain lists are faster than arrays where numbers are taken one by one.
    s, p = (
        type(of)(*(value.tolist() if isinstance(value, np.ndarray) else value for value in of))
        for of in (s, p)
    )
    found = []
    for number in range(replicates):
        model = Conflict(s, p, number)
        for _ in range(weeks):
            model.step()
        found.append(review.outcomes(model))
    return np.array(found).reshape(-1, len(OUTCOMES))


if __name__ == "__main__":
    report.measure(run)
