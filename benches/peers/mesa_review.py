"""The Mesa port at reviews: estimates, times and moods, redeployment, control, people, money and attitudes."""

from math import exp, log, sqrt

from mesa_agents import closing, power, prevails
from start import (
    ALLIANCE,
    FOOT,
    KNOWN,
    LEAST_FORCE,
    MOST_RETURN,
    NEUTRAL,
    NOTICED,
    PACT,
    RIVALRY,
    ROUNDING,
    WAR,
    YEAR,
)

WEEKS = 4.0


def perceive(model):
    """perception.rs: estimates of strength."""
    s, p, normal = model.s, model.p, model.random.gauss
    keep = exp(-p.perception_revision * WEEKS)
    spread = p.perception_noise * sqrt(0.5 * (1.0 - keep * keep))
    watched = max(s.peacekeeping[one.i] for one in model.factions if one.strength > 0.0)
    credence = p.perception_credence * (1.0 - watched)
    poor_eyes = [normal(0.0, 1.0) for _ in model.factions]
    for observed in model.factions:
        j = observed.i
        hard_to_read = normal(0.0, 1.0)
        stands = observed.strength > 0.0
        shown = log(observed.strength * (1.0 + credence * s.boast[j])) if stands else 0.0
        for observer, poor_eye in zip(model.factions, poor_eyes):
            if observer is not observed:
                gap = observer.log_belief[j] - shown if observer.belief[j] > 0.0 else 0.0
                observer.log_belief[j] = shown + gap * keep + spread * (hard_to_read + poor_eye)
                observer.belief[j] = exp(observer.log_belief[j]) if stands else 0.0


def find_reach(model):
    """threat.rs: how much of each pair's forces meets."""
    n = model.n
    met = [[0.0] * n for _ in range(n)]
    near = []
    for faction in model.factions:
        force = faction.force
        row = force[:]
        for start, to, _, weight, _ in model.edges:
            if force[to] > 0.0:
                row[start] += weight * force[to]
        near.append(row)
    for i, faction in enumerate(model.factions):
        there = [(z, force) for z, force in enumerate(faction.force) if force > 0.0]
        for j in range(i + 1):
            row = near[j]
            met[i][j] = sum(force * row[z] for z, force in there)
    for i in range(n):
        model.reach[i][i] = 0.0
        for j in range(i):
            scale = sqrt(met[i][i] * met[j][j])
            model.reach[i][j] = model.reach[j][i] = (
                min(met[i][j] / scale, 1.0) if scale > 0.0 else 0.0
            )


def find_contacts(model):
    """talks.rs: the weekly chances of contact, as they stay until forces move."""
    s, p = model.s, model.p
    model.contact = []
    for low, high in zip(s.low, s.high):
        shut = s.aside[low] or s.aside[high] or s.door[low][high] == 0 or s.door[high][low] == 0
        hazard = p.negotiation_contact * sqrt(s.outreach[low] * s.outreach[high])
        model.contact.append(
            0.0
            if shut
            else closing(hazard * max(model.reach[low][high], p.negotiation_envoys), 1.0)
        )


def change_times(model):
    """shock.rs: how violent times are."""
    s, p, normal = model.s, model.p, model.random.gauss
    keep = 0.0 if model.week == 0 else exp(-WEEKS / p.shocks_memory)
    fresh = sqrt(1.0 - keep * keep)
    model.level = keep * model.level + fresh * normal(0.0, 1.0)
    times = p.shocks_common * model.level - 0.5 * p.shocks_own * p.shocks_own
    for pair, usual in enumerate(s.fighting_at_rest):
        model.feud[pair] = keep * model.feud[pair] + fresh * normal(0.0, 1.0)
        model.fighting[pair] = usual * exp(times + p.shocks_own * model.feud[pair])
    for faction, usual in zip(model.factions, s.attacks_at_rest):
        faction.fury = keep * faction.fury + fresh * normal(0.0, 1.0)
        faction.attacks = usual * exp(times + p.shocks_own * faction.fury)


def live(model):
    """choice.rs: moods change, peace hardens, commitments age, and upheavals come. Members of an umbrella share them."""
    s, p, random = model.s, model.p, model.random
    years = WEEKS / YEAR
    keep = exp(-years / p.choice_memory)
    fresh, apart = sqrt(1.0 - keep * keep), sqrt(1.0 - p.choice_shared * p.choice_shared)
    upheaval, drawn = closing(p.choice_upheaval, years), {}
    for pair in s.pairs:
        low, high = s.low[pair], s.high[pair]
        one, two = s.speaks[low][high], s.speaks[high][low]
        speaking = min(one, two), max(one, two)
        if speaking not in drawn:
            first = random.gauss(0.0, 1.0)
            second = p.choice_shared * first + apart * random.gauss(0.0, 1.0)
            anew = random.gauss(0.0, 1.0) if random.random() < upheaval else None
            drawn[speaking] = first, second, anew
        first, second, anew = drawn[speaking]
        if one > two:
            first, second = second, first
        a, b = model.factions[low], model.factions[high]
        a.mood[high] = keep * a.mood[high] + fresh * first
        b.mood[low] = keep * b.mood[low] + fresh * second
        age, peace, lasting = (
            model.age[low][high] + years,
            model.peace[low][high],
            model.lasting[low][high],
        )
        peace = peace + years if peace >= 0.0 else peace
        if anew is not None:
            lasting = s.fresh_mean[low][high] + p.choice_variety * anew
            peace = min(peace, 0.0)
        for i, j in ((low, high), (high, low)):
            model.age[i][j], model.peace[i][j], model.lasting[i][j] = age, peace, lasting


def redeploy(model):
    """redeployment.rs: forces flow towards threat, opportunity and home."""
    p, flows = model.p, []
    movers = [faction for faction in model.factions if not faction.aside and faction.strength > 0.0]
    busy = {(campaign["attacker"].i, campaign["zone"].z) for campaign in model.campaigns}
    share = closing(p.redeployment_mobility, WEEKS)
    forces = [[(other.i, other.force[zone.z]) for other, _ in zone.present] for zone in model.zones]
    for faction in movers:
        i, ready, pulls = faction.i, model.ready[faction.i], []
        for zone, there in zip(model.zones, forces):
            z = zone.z
            enemies = sum(force * min(ready[k], 1.0) for k, force in there)
            own, home, control = faction.force[z], faction.home[z], zone.control[i]
            odds, threatened = 1.0, 0.0
            if enemies > 0.0:
                nearby = own + 0.1 * faction.strength
                odds, threatened = nearby / (nearby + enemies), enemies / (enemies + own)
            here = own / faction.strength
            longing = (home - here) / (home + here) if home + here > 0.0 else 0.0
            pull = p.redeployment_home * longing + p.redeployment_threat * control * threatened
            pull += p.redeployment_opportunity * zone.worth[i] * (1.0 - control) * odds
            if zone.taken_pull:
                faction.pull_at_rest[z] = pull
            pulls.append(pull - faction.pull_at_rest[z])
        for zone in model.zones:
            z = zone.z
            if faction.force[z] < 1.0 or (i, z) in busy:
                continue
            least = pulls[z] + ROUNDING
            gains = [
                (edge[1], (pulls[edge[1]] - pulls[z]) * edge[4])
                for edge in zone.edges
                if pulls[edge[1]] > least
            ]
            wish = sum(gain for _, gain in gains)
            if wish > 0.0:
                leaving = faction.force[z] * share * min(wish, 1.0)
                flows.append((faction, z, -leaving))
                flows += [(faction, to, leaving * gain / wish) for to, gain in gains]
    for faction, z, change in flows:
        faction.force[z] += change
    for zone in model.zones:
        zone.taken_pull = False


def find_within_reach(model):
    """massing.rs: what each has within reach of each zone, and who supports it there."""
    n = model.n
    columns = [faction.force for faction in model.factions]
    rows = [
        [(i, column[z]) for i, column in enumerate(columns) if column[z] > 0.0]
        for z in range(len(model.zones))
    ]
    for zone in model.zones:
        zone.massed = [0.0] * n
        for other, weight in zone.near:
            for i, force in rows[other]:
                zone.massed[i] += weight * force
        people = sum(cell.at_home for cell in zone.cells)
        zone.following = [0.0] * n
        for cell in zone.cells:
            share = cell.at_home / people if people > 0.0 else 0.0
            zone.following = [a + share * b for a, b in zip(zone.following, cell.support)]


def survey(model):
    """offensive.rs: what could be massed where, and what each could take from each other by war."""
    s, p = model.s, model.p
    find_within_reach(model)
    find_lost_ground(model)
    for faction in model.factions:
        faction.spoils = [0.0] * model.n
    for zone in model.zones:
        holder = zone.holder
        if holder < 0:
            continue
        against = zone.defence(holder)
        for faction in model.factions:
            i = faction.i
            if (
                faction.own_account
                and not s.party[i][holder]
                and model.bloc[i] != model.bloc[holder]
            ):
                force = zone.attack(faction, holder, p.offensives_mass)
                if force >= LEAST_FORCE:
                    worth = (
                        zone.worth[i]
                        * prevails(force, against, p.contest_offensive)
                        * (1.0 - zone.kept)
                    )
                    for j in model.party[holder]:
                        faction.spoils[j] = max(faction.spoils[j], worth * zone.control[j])


def find_lost_ground(model):
    """lost_ground.rs: the share of what each held at the start, by worth, that each other has gained."""
    s, n = model.s, model.n
    held = [0.0] * n
    for faction in model.factions:
        faction.lost = [0.0] * n
    for zone, before in zip(model.zones, s.held_at_rest):
        for i, share in enumerate(before):
            if share <= 0.0:
                continue
            held[i] += zone.worth[i] * share
            fell = share - zone.control[i]
            if fell > NOTICED:
                gained = [
                    now - then if now - then > NOTICED else 0.0
                    for now, then in zip(zone.control, before)
                ]
                total = sum(gained)
                for j, gain in enumerate(gained):
                    if gain > 0.0 and not s.party[i][j]:
                        model.factions[i].lost[j] += zone.worth[i] * min(fell, total) * gain / total
    for faction, all_held in zip(model.factions, held):
        if all_held > 0.0:
            faction.lost = [lost / all_held for lost in faction.lost]


def shift_control(model):
    """control.rs: shares move towards those of force."""
    p = model.p
    fast, slow, law = (
        closing(p.control_contested, WEEKS),
        closing(p.control_settled, WEEKS),
        p.contest_control,
    )
    for zone in model.zones:
        present = [one for one, _ in zone.present]
        contested = any(
            model.ready[a.i][b.i] > 0.01 for place, a in enumerate(present) for b in present[:place]
        )
        strengths, of_bloc = {}, {}
        for faction in present:
            if faction.aside:
                continue
            keeper = faction
            if faction.sent:
                allies = [
                    one
                    for one in present
                    if one is not faction
                    and not one.sent
                    and model.bloc[one.i] == model.bloc[faction.i]
                ]
                keeper = max(allies, key=lambda one: one.force[zone.z]) if allies else faction
            strength = faction.force[zone.z] * zone.per_fighter(
                faction, zone.local_support(faction.i)
            )
            strengths[keeper.i] = strengths.get(keeper.i, 0.0) + strength
            bloc = model.bloc[keeper.i]
            of_bloc[bloc] = of_bloc.get(bloc, 0.0) + strength
        total = power(p.control_outpost + p.control_garrison * zone.population / 1000.0, law)
        total += sum(power(strength, law) for strength in of_bloc.values())
        targets = [0.0] * model.n
        for i, strength in strengths.items():
            bloc = of_bloc[model.bloc[i]]
            targets[i] = power(bloc, law) / total * strength / bloc if bloc > 0.0 else 0.0
        if zone.taken_ground:
            zone.taken_ground = False
            zone.ground = [share - target for share, target in zip(zone.control, targets)]
        targets = [max(target + ground, 0.0) for target, ground in zip(targets, zone.ground)]
        scale, rate = 1.0 / max(sum(targets), 1.0), fast if contested else slow
        zone.control = [
            share + rate * (target * scale - share) for share, target in zip(zone.control, targets)
        ]
        zone.find_holder()


def come_home(model):
    """displacement.rs: people return to where it is calm."""
    p, usual = model.p, model.p.displacement_return_rate
    for zone, at_rest in zip(model.zones, model.s.violence_at_rest):
        calm = exp(-(zone.violence - at_rest) / p.displacement_fear * log(2.0))
        for cell in zone.cells:
            pace = min(cell.homecoming * calm, MOST_RETURN * usual)
            more = max(usual - cell.homecoming, 0.0) * min(calm, 1.0)
            of_all = closing(pace, WEEKS)
            of_new = closing(pace + more, WEEKS) - of_all
            for r, people in enumerate(cell.displaced):
                if people > 0.0 and cell.may_return[r]:
                    part = people * of_all + max(people - cell.at_start[r], 0.0) * of_new
                    cell.displaced[r] -= part
                    cell.at_home += part


def choose_sides(model):
    """support.rs: people side with factions, and grievance changes."""
    p = model.p
    rate, relaxing = closing(p.support_rate, WEEKS), closing(p.support_relaxation, WEEKS)
    fading = exp(-p.support_memory * WEEKS)
    for zone, at_rest in zip(model.zones, model.s.violence_at_rest):
        zone.harm = [harm * fading for harm in zone.harm]
        rise = closing(p.support_grievance * max(zone.violence - at_rest, 0.0), WEEKS)
        is_open, standing = [], []
        for faction in model.factions:
            i = faction.i
            is_open.append(zone.control[i] > 0.01 or faction.force[zone.z] > 1.0)
            stands = faction.strength > 0.0 and (
                is_open[i] or any(cell.support[i] > KNOWN for cell in zone.cells)
            )
            standing.append(
                exp(p.support_protection * zone.control[i] - p.support_harm * zone.harm[i])
                if stands
                else 0.0
            )
        for cell in zone.cells:
            rows = zip(cell.appeal, standing, is_open, cell.support)
            weights = [
                appeal * odds if known or share > KNOWN else 0.0
                for appeal, odds, known, share in rows
            ]
            scale = 1.0 / (1.0 + sum(weights))
            cell.support = [
                share + rate * (weight * scale - share)
                for share, weight in zip(cell.support, weights)
            ]
            cell.grievance += rise * (1.0 - cell.grievance)
            cell.grievance += relaxing * (cell.usual - cell.grievance)


def provide(model):
    """economy.rs: income, upkeep, recruits and deserters."""
    s, p = model.s, model.p
    incomes, willing = [faction.income for faction in model.factions], [0.0] * model.n
    for zone in model.zones:
        incomes = [income + zone.revenue * share for income, share in zip(incomes, zone.control)]
        recruiting = [
            one.i for one in model.factions if s.recruits[one.i] and one.force[zone.z] > 1.0
        ]
        for cell in zone.cells:
            gifts = p.economy_gifts * cell.at_home / 1000.0
            incomes = [income + gifts * share for income, share in zip(incomes, cell.support)]
            ready = p.economy_recruitment * cell.at_home * cell.grievance
            for i in recruiting:
                willing[i] += ready * cell.support[i]
    for faction in model.factions:
        i, force = faction.i, faction.strength
        if force <= 0.0:
            continue
        kept = incomes[i]
        if s.income_at_rest[i] > 0.0:
            kept *= s.establishment_at_rest[i] / s.income_at_rest[i]
        purse, upkeep = faction.treasury + kept * WEEKS, force * WEEKS
        unpaid = 1.0 - max(purse, 0.0) / upkeep if purse < upkeep else 0.0
        faction.treasury = min(max(purse - upkeep, 0.0), p.economy_hoard * force)
        leaving = closing(
            (p.economy_desertion * unpaid + p.economy_attrition) * (1.0 - faction.cohesion), WEEKS
        )
        spare = max(faction.treasury - s.reserve_at_rest[i], 0.0) / 52.0
        surplus = 0.0 if unpaid > 0.0 else max(kept - force, 0.0) + spare
        joining = min(
            max(willing[i], s.recruits_at_rest[i]) * WEEKS,
            surplus,
            force * p.economy_growth * WEEKS,
        )
        change_force(model, faction, leaving, joining)


def change_force(model, faction, leaving, joining):
    """economy.rs: fighters leave where they are, and recruits fill gaps at home."""
    i, force, before = faction.i, faction.strength, faction.force
    left = [there * (1.0 - leaving) for there in before]
    rows = zip(model.zones, before, faction.home)
    at_home = [
        home if there >= 1.0 or zone.control[i] > FOOT else 0.0 for zone, there, home in rows
    ]
    homes = sum(at_home)
    if homes > 0.0:
        then = (force * (1.0 - leaving) + joining) / homes
        gaps = [
            max(home * then - there, 0.0) if home > 0.0 else 0.0
            for home, there in zip(at_home, left)
        ]
        shares, total = (gaps, sum(gaps)) if sum(gaps) > 0.0 else (at_home, homes)
    else:
        shares, total = before, force
    faction.force = [there + joining * share / total for there, share in zip(left, shares)]
    faction.strength = sum(faction.force)


def feel(model):
    """hostility.rs, trust.rs and cohesion.rs: attitudes."""
    s, p = model.s, model.p
    relaxing, forgetting = closing(p.hostility_relaxation, WEEKS), exp(-p.hostility_memory * WEEKS)
    falls = [0.0, 0.0, 0.0, closing(p.hostility_pact, WEEKS), closing(p.hostility_alliance, WEEKS)]
    worn = closing(p.trust_war, WEEKS)
    for faction in model.factions:
        i, pulls = faction.i, [0.0] * model.n
        for k, h in enumerate(faction.hostility):
            share = model.weights[k] * h
            if share != 0.0:
                pulls = [pull + share * valence for pull, valence in zip(pulls, model.valence[k])]
        fresh = faction.hostility[:]
        strange = 0.0
        for j, h in enumerate(faction.hostility):
            if i == j:
                continue
            stance, weary = model.stance[i][j], faction.weariness[j]
            if h > 0.0 or s.lasting_hostility[i][j] > 0.0:
                to = h + p.hostility_balance * WEEKS * pulls[j] * h * (1.0 - h)
                if weary > 0.0:
                    to += closing(p.hostility_losses * sqrt(weary), WEEKS) * sqrt(h) * (1.0 - h)
                to += relaxing * (s.lasting_hostility[i][j] - to)
                fresh[j] = min(
                    max(to * (1.0 - falls[stance]) - s.hostility_at_rest[i][j] * WEEKS, 0.0), 1.0
                )
            trust, grown = faction.trust[j], 0.0
            if stance == WAR:
                grown = -worn * trust
            elif stance >= PACT:
                rate = p.trust_pact if stance == PACT else p.trust_alliance
                grown = closing(rate * s.discipline[j], WEEKS) * (1.0 - trust)
            faction.trust[j] = min(max(trust + grown - s.trust_at_rest[i][j] * WEEKS, 0.0), 1.0)
            if stance == ALLIANCE and model.claimed[i][j] == ALLIANCE:
                strange += s.objection[i][j]
        faction.hostility = fresh
        faction.weariness = [weary * forgetting for weary in faction.weariness]
        if faction.strength > 0.0:
            poor = 1.0 - min(faction.treasury / (p.cohesion_plenty * faction.strength), 1.0)
            strain = (
                p.cohesion_losses * sum(faction.weariness) + p.cohesion_strange_allies * strange
            )
            strain += p.cohesion_poverty * poor
            faction.cohesion *= 1.0 - closing(max(strain - s.cohesion_at_rest[i], 0.0), WEEKS)
            faction.cohesion += closing(p.cohesion_recovery, WEEKS) * (
                s.cohesion[i] - faction.cohesion
            )


def outcomes(model):
    """What a replicate comes to, in the order of OUTCOMES."""
    s, n = model.s, model.n
    stances = [model.stance[low][high] for low, high in zip(s.low, s.high)]
    talks = sum(model.goal[low][high] > 0 for low, high in zip(s.low, s.high))
    at_home = sum(cell.at_home for cell in model.cells)
    return [
        model.killed[0],
        model.killed[1],
        sum(sum(faction.force) for faction in model.factions),
        sum(sum(cell.displaced) for cell in model.cells),
        sum(zone.holder != before for zone, before in zip(model.zones, s.holder)),
        sum(stance == WAR for stance in stances),
        sum(stance == RIVALRY for stance in stances),
        sum(stance > NEUTRAL for stance in stances),
        talks,
        len(model.campaigns),
        sum(sum(faction.hostility) for faction in model.factions) / n / n,
        sum(sum(faction.trust) for faction in model.factions) / n / n,
        sum(faction.cohesion for faction in model.factions) / n,
        sum(cell.grievance for cell in model.cells) / len(model.cells),
        sum(cell.at_home * sum(cell.support) for cell in model.cells) / at_home,
    ]
