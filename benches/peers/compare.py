"""Times Entente and the ports of its reduced model in one run, on one thread each, and compares what they come to.

usage: compare.py [--guard]. README.md beside this file says what is compared. With `--guard` only Entente and the port in Numba
run, and the end is a failure if Entente is less than BOUND times as fast, or if the two come to different worlds.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from start import OUTCOMES

HERE = Path(__file__).resolve().parent
FLAGSHIP = HERE.parents[1] / "configs/northern-mali-2023.toml"
WEEKS, ROUNDS = 104, 3
# How many times as fast as the port in Numba Entente must be at least.
BOUND = 0.55
# Standard errors by which a port's mean may differ from Entente's: of 15 means one in a thousand runs has such a one.
APART = 4.0
REPLICATES = {"Entente": 400, "Numba": 400, "NumPy": 400, "Mesa": 24}
# Of the whole command: enough for what it does once to count for little.
OF_COMMAND = 2000
ALL, COMMAND = "Entente, all mechanisms", "Entente, the whole command"
# Enough to see a mean that is off by a thirtieth of its spread.
GUARDED = {"Entente": 600, "Numba": 600}
ENVIRONMENT = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "RAYON_NUM_THREADS",
    ),
    "1",
) | {"NUMBA_CACHE_DIR": str(Path(sys.prefix, "numba-cache"))}


def executable(name, *arguments):
    """Builds something of Entente's and gives the path of the program of a name."""
    command = ["cargo", *arguments, "--message-format=json"]
    lines = subprocess.run(
        command, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.splitlines()
    made = [json.loads(line) for line in lines if line.startswith("{")]
    return [one for one in made if one.get("executable") and one["target"]["name"] == name][-1][
        "executable"
    ]


def call(command, **options):
    """Runs a program; gives what it printed and its processor time in seconds, of the user and the system."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | ENVIRONMENT, **options
    ) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return printed, usage.ru_utime + usage.ru_stime


def of_entente(program, mode, replicates):
    """A round of Entente's steps, less what it takes to read the scenario."""
    _, idle = call([program, mode, "0", str(WEEKS)])
    printed, spent = call([program, mode, str(replicates), str(WEEKS)])
    return json.loads(printed) | {"seconds": [spent - idle]}


def of_port(name, start, replicates):
    """A round of a port."""
    command = [sys.executable, HERE / f"port_{name.lower()}.py", start, str(replicates), str(WEEKS)]
    return json.loads(call(command)[0])


def of_command(program, replicates, folder):
    """A round of the whole command: all mechanisms, questions and files."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        command = [
            program,
            "run",
            FLAGSHIP,
            "--replicates",
            str(replicates),
            "--out",
            Path(out, "run"),
        ]
        command += ["--no-charts", "--threads", "1", "--set", f"scenario.horizon={WEEKS} weeks"]
        _, spent = call(command, cwd=folder, stderr=subprocess.DEVNULL)
    return {"replicates": replicates, "weeks": WEEKS, "seconds": [spent]}


def rate(result):
    """Replicate-weeks per second of processor time: the median of the rounds."""
    return result["replicates"] * result["weeks"] / statistics.median(result["seconds"])


def mean_and_error(values):
    return statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values))


def compare_worlds(results):
    """Prints means with their standard errors. Gives the largest difference from Entente, in standard errors."""
    print(
        "\n| mean (standard error) | " + " | ".join(results) + " |\n|" + "---|" * (len(results) + 1)
    )
    furthest = 0.0
    for name in OUTCOMES:
        mean, error = mean_and_error(results["Entente"]["outcomes"][name])
        row = [f"{mean:.4g} ({error:.2g})"]
        for port in list(results)[1:]:
            of_port_mean, of_port_error = mean_and_error(results[port]["outcomes"][name])
            apart = (of_port_mean - mean) / max(math.hypot(error, of_port_error), 1e-12)
            furthest = max(furthest, abs(apart))
            row.append(f"{of_port_mean:.4g} ({of_port_error:.2g}), {apart:+.1f}")
        print(f"| {name} | " + " | ".join(row) + " |")
    return furthest


def compare_speed(results):
    base = rate(results["Entente"])
    print(
        "\n| who | replicate-weeks per second of processor time | Entente's reduced model over it |\n|---|---|---|"
    )
    for name, result in results.items():
        print(f"| {name} | {rate(result):,.0f} | {base / rate(result):.2f} |")


def main():
    guard = sys.argv[1:] == ["--guard"]
    replicates = GUARDED if guard else REPLICATES
    program = executable("peers", "bench", "--no-run", "--bench", "peers")
    with tempfile.TemporaryDirectory() as folder:
        start = Path(folder, "start.json")
        call([program, "start", start, str(max(replicates.values()))])
        rounds = {"Entente": lambda: of_entente(program, "reduced", replicates["Entente"])}
        for name in list(replicates)[1:]:
            rounds[name] = lambda name=name: of_port(name, start, replicates[name])
        if not guard:
            command = executable("entente", "build", "--release", "--bin", "entente")
            rounds[ALL] = lambda: of_entente(program, "whole", replicates["Entente"])
            rounds[COMMAND] = lambda: of_command(command, OF_COMMAND, folder)
        # In turns, for other work on the machine comes and goes.
        results = {name: measure() for name, measure in rounds.items()}
        for _ in range(ROUNDS - 1):
            for name, measure in rounds.items():
                results[name]["seconds"] += measure()["seconds"]
    furthest = compare_worlds({name: results[name] for name in replicates})
    compare_speed(results)
    if not guard:
        whole = rate(results[COMMAND]) / rate(results["Mesa"])
        print(f"\nThe whole command is {whole:.0f} times as fast as the reduced model in Mesa.")
    ratio = rate(results["Entente"]) / rate(results["Numba"])
    if guard and ratio < BOUND:
        raise SystemExit(f"Entente is {ratio:.2f} times as fast as the port in Numba, not {BOUND}")
    if guard and furthest > APART:
        raise SystemExit(f"a mean differs by {furthest:.1f} standard errors, not at most {APART}")


if __name__ == "__main__":
    main()
