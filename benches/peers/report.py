"""What a port prints: a line of JSON with what its replicates came to and how long they took, without compilation."""

import json
import sys
import time

from start import OUTCOMES, load


def measure(run):
    """Runs a port as the command line asks: START REPLICATES WEEKS, on one thread. Seconds are of processor time.

    A short run comes first, so that what is compiled is.
    """
    path, replicates, weeks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    s, p = load(path)
    run(s, p, 2, 9)
    begun = time.process_time()
    found = run(s, p, replicates, weeks)
    seconds = [time.process_time() - begun]
    outcomes = {
        name: [float(one) for one in found[:, place]] for place, name in enumerate(OUTCOMES)
    }
    print(
        json.dumps(
            {"replicates": replicates, "weeks": weeks, "seconds": seconds, "outcomes": outcomes}
        )
    )
