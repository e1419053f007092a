"""Where the ports begin: the flagship's start and parameters as arrays, from what `cargo bench --bench peers -- start` wrote.

Names and indices: i, j factions; z zones; c cells; k communities; a matrix [i, j] is of the row towards the column.
Pairs of factions are (low, high) in the order of Entente's pair numbers.
"""

import json
from collections import namedtuple

import numpy as np

WAR, RIVALRY, NEUTRAL, PACT, ALLIANCE = range(5)
RUNGS = {"war": WAR, "rivalry": RIVALRY, "neutral": NEUTRAL, "pact": PACT, "alliance": ALLIANCE}
DOORS = {"Closed": 0, "Ajar": 1, "Open": 2}
YEAR = 365.25 / 7.0
REVIEW = 4
# Shares of the force within reach that may be massed, the least force that takes a place, the least share worth taking.
MASSES, LEAST_FORCE, LEAST_SHARE, MOST_SIEGES = (0.1, 0.2, 0.35), 10.0, 0.05, 2
LEAST_REACH, LEAST_HOSTILITY = 0.03, 0.05
# A pull by less more than another is a difference of rounding: at the start all that differs from rest is 0.
ROUNDING = 1e-12
KNOWN, FOOT, NOTICED, MOST_RETURN = 0.001, 0.05, 0.05, 2.0
HOLDS, HOLDS_LESS, OUTDOES = 1.0 / 3.0, 1.0 / 3.0 - 0.1, 0.1

OUTCOMES = (
    "killed in clashes",
    "civilians killed",
    "fighters",
    "displaced",
    "zones that changed hands",
    "wars",
    "rivalries",
    "pacts and alliances",
    "talks",
    "offensives",
    "hostility",
    "trust",
    "cohesion",
    "grievance",
    "support",
)


def load(path):
    """The start as a named tuple of arrays and numbers, and the parameters as another."""
    with open(path) as file:
        given = json.load(file)
    return _start(given), _parameters(given["behaviour"])


def _table(value):
    """An array of a table or matrix of Entente's."""
    values = np.array(value["values"])
    return (
        values.reshape((-1, value["columns"]) + values.shape[1:]) if "columns" in value else values
    )


def _start(given):
    world, zones, cells = given["world"], given["zones"], given["cells"]
    anchor, behaviour = world["anchor"], given["behaviour"]
    table = {
        name: _table(world[name])
        for name, value in world.items()
        if isinstance(value, dict) and "values" in value
    }
    at_start = {name: _table(value) for name, value in anchor.items()}
    n, number_of_zones = len(table["alive"]), len(zones)
    if (
        not table["alive"].all()
        or world["campaigns"]
        or world["withdrawals"]
        or table["truce"].any()
    ):
        raise ValueError(
            "the start has factions that do not stand, campaigns, withdrawals or truces: no port knows them"
        )
    low = np.concatenate([np.arange(high) for high in range(n)])
    high = np.concatenate([np.full(high, high) for high in range(n)])

    def of_pairs(values, back=None):
        """A matrix of values by pair, those of the higher towards the lower one by `back`."""
        values = np.asarray(values)
        matrix = np.zeros((n, n), values.dtype)
        matrix[low, high] = values
        matrix[high, low] = values if back is None else back
        return matrix

    ties = world["tie"]["ties"]["values"]
    talks = [tie["talks"] for tie in ties]
    if any(one is not None and one["known"] for one in talks):
        raise ValueError("the start has talks that are known: no port knows them")
    characters = world["character"]["values"]
    column = {
        name: np.array([float(one[name]) for one in characters])
        for name in characters[0]
        if name != "kind"
    }
    kinds = np.array([one["kind"] for one in characters])
    aside = (kinds == "mediator") | (column["peacekeeping"] > 0)
    umbrella = np.array([-1 if of is None else of for of in world["umbrella"]["values"]])
    party = ((umbrella[:, None] == umbrella) & (umbrella[:, None] >= 0)) | np.eye(n, dtype=bool)
    leaders = np.array(
        [i if leader is None else leader for i, leader in enumerate(given["leaders"])]
    )
    speaks = np.where(party, np.arange(n)[:, None], leaders[:, None])

    # Ways between zones that are open, and all that lies within reach.
    of_zone = {
        name: np.array([zone[name] for zone in zones])
        for name in ("population", "revenue", "value", "ruggedness")
    }
    is_open = np.array([zone["open"] for zone in zones])
    way = np.full((number_of_zones, number_of_zones), np.inf)
    edges = [(z, to, cost) for z, zone in enumerate(zones) for to, cost in zone["neighbours"]]
    edge_from, edge_to = (np.array([edge[side] for edge in edges]) for side in (0, 1))
    cost = np.array([edge[2] for edge in edges])
    crossing = is_open[edge_from, edge_to]
    way[edge_from[crossing], edge_to[crossing]] = cost[crossing]
    np.fill_diagonal(way, 0.0)
    for through in range(number_of_zones):
        way = np.minimum(way, way[:, through, None] + way[through])
    offensives = behaviour["offensives"]
    near = np.where(way <= offensives["reach"], np.exp(-way / offensives["distance"]), 0.0)

    smooth = np.zeros_like(near)
    smooth[edge_from[crossing], edge_to[crossing]] = np.exp(
        -cost[crossing] / behaviour["threat"]["distance"]
    )

    communities = given["communities"]
    alignment = table["alignment"]
    shape = [(np.array(one["alignment"]), np.array(one["salience"])) for one in communities]
    estrangement = np.array([(s * np.abs(x - alignment)).sum(1) / (2 * s.sum()) for x, s in shape])
    refuges = given["refuges"]
    refuge = np.zeros((len(cells), refuges), np.int64)
    draw = np.zeros((len(cells), refuges))
    may_return = np.zeros((len(cells), refuges), bool)
    for c, cell in enumerate(cells):
        for r, (place, pull) in enumerate(cell["refuges"]):
            passable = is_open[cell["zone"], place]
            refuge[c, r], draw[c, r], may_return[c, r] = place, pull * passable, passable
    cell_zone = np.array([cell["zone"] for cell in cells])

    choice = behaviour["choice"]
    reasons = at_start["reasons"].sum(2)
    shift = choice["explained"] * choice["scale"] * ((reasons + reasons.T) / 2 - choice["usual"])
    drawn = np.array(
        [
            [[np.nan if v is None else v for v in pair] for pair in one]
            for one in given["dispositions"]
        ]
    )
    dispositions = np.array(
        [
            [
                of_pairs(one[:, 0]),
                of_pairs(one[:, 1], one[:, 2]),
                of_pairs(one[:, 3]),
                of_pairs(np.nan_to_num(one[:, 4], nan=-1.0)),
            ]
            for one in drawn
        ]
    )
    values = dict(
        # Sizes.
        n=n,
        zones=number_of_zones,
        cells=len(cells),
        refuges=refuges,
        low=low,
        high=high,
        pairs=np.flatnonzero(~(aside[low] | aside[high])),
        # Factions.
        strength=table["strength"],
        treasury=table["treasury"],
        income=table["income"],
        cohesion=table["cohesion"],
        quality=column["quality"],
        outreach=column["outreach"],
        aggression=column["aggression"],
        civilian_harm=column["civilian_harm"],
        discipline=column["discipline"],
        boast=column["boast"],
        peacekeeping=column["peacekeeping"],
        recruits=column["recruits"] > 0,
        aside=aside,
        sent=np.isin(kinds, ("external_force", "mercenary")),
        own_account=np.array(given["on_its_own_account"]),
        party=party,
        umbrella=umbrella,
        speaks=speaks,
        dependence=table["dependence"],
        door=np.vectorize(DOORS.get)(table["door"]),
        # Pairs.
        hostility=table["hostility"],
        lasting_hostility=table["lasting_hostility"],
        trust=table["trust"],
        weariness=table["weariness"],
        belief=table["belief"],
        reach=table["reach"],
        spoils=table["spoils"],
        lost=table["lost"],
        stance=of_pairs([RUNGS[tie["stance"].lower()] for tie in ties]),
        claimed=of_pairs([RUNGS[tie["claimed"].lower()] for tie in ties]),
        goal=of_pairs([0 if one is None else RUNGS[one["goal"].lower()] for one in talks]),
        dispositions=dispositions,
        fresh_mean=choice["disposition"] + np.clip(shift, -choice["variety"], choice["variety"]),
        objection=np.minimum(table["base"] @ estrangement, 1.0),
        # Zones.
        population=of_zone["population"],
        revenue=of_zone["revenue"],
        ruggedness=of_zone["ruggedness"],
        worth=np.maximum(of_zone["value"][:, None] + table["claim"], 0.0),
        presence=table["presence"],
        control=table["control"],
        holder=np.array([-1 if one is None else one for one in world["holder"]["values"]]),
        home_ground=table["home_ground"],
        harm=table["harm"],
        violence=table["violence"],
        first_edge=np.searchsorted(edge_from, np.arange(number_of_zones + 1)),
        edge_from=edge_from,
        edge_to=edge_to,
        edge_open=crossing,
        edge_reach=np.where(crossing, np.exp(-cost / behaviour["threat"]["distance"]), 0.0),
        edge_travel=np.where(crossing, np.exp(-cost / behaviour["redeployment"]["distance"]), 0.0),
        smooth=smooth,
        near=near,
        # Cells.
        cell_zone=cell_zone,
        community=np.array([cell["community"] for cell in cells]),
        first_cell=np.searchsorted(cell_zone, np.arange(number_of_zones + 1)),
        at_home=table["at_home"],
        displaced=table["displaced"],
        support=table["support"],
        grievance=table["grievance"],
        refuge=refuge,
        draw=draw,
        may_return=may_return,
        appeal=np.exp(behaviour["support"]["agreement"] * (1.0 - 2.0 * estrangement)),
        # What is taken off: the start at rest. Of reasons all but alignment, which stays.
        reasons_before=reasons - at_start["reasons"][:, :, 2],
        # Of those, the objections of sponsors and bases: of a secret, only their change counts less.
        objections_before=at_start["reasons"][:, :, 6] + at_start["reasons"][:, :, 7],
        will_before=at_start["reasons"][:, :, 6],
        **{
            f"{name}_at_rest": value
            for name, value in at_start.items()
            if name not in ("taken", "stale", "reasons")
        },
    )
    values = {
        name: np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }
    return namedtuple("Start", values)(**values)


def _parameters(behaviour):
    """All parameters by `mechanism_parameter`; of contest laws the exponents."""
    exponents = {"linear": 1.0, "square": 2.0, "quartic": 4.0, "octic": 8.0}
    values = {
        f"{mechanism}_{name}": exponents[value] if mechanism == "contest" else float(value)
        for mechanism, section in behaviour.items()
        for name, value in section.items()
    }
    choice = behaviour["choice"]
    above = [choice[name] for name in ("truce", "peace", "pact", "alliance")]
    asks = np.zeros((5, 5))
    for source in range(5):
        for goal in range(5):
            low, high = min(source, goal), max(source, goal)
            kind = "_of_commitment" if high >= PACT else "" if low == WAR else "_of_rivalry"
            between = sum(above[low:high])
            asks[source, goal] = choice["hysteresis" + kind] + (
                between if goal > source else -between
            )
    threat, clashes = behaviour["threat"], behaviour["clashes"]
    values["asks"] = asks
    values["remaining"] = np.array([1.0, threat["rivalry"], threat["neutral"], threat["pact"], 0.0])
    values["posture"] = np.array([1.0, clashes["rivalry"], clashes["neutral"], 0.0, 0.0])
    return namedtuple("Parameters", values)(**values)
