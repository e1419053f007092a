#!/bin/sh
# Runs a plan as a job array of Slurm on this machine, with two nodes of one core each; kills tasks, loses a node, queues a task again;
# the digest must be that of one process. Needs root and Debian's packages slurmctld, slurmd, slurm-client and munge; without them it
# says so and ends well.
set -eu
cd "$(dirname "$0")/../.."
entente=$(realpath "${1:-target/release/entente}")
for program in slurmctld slurmd munged sbatch; do
    command -v "$program" >/dev/null || { echo "skipped: there is no $program"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: Slurm's daemons are started by root"; exit 0; }

place=$(mktemp -d)
export SLURM_CONF="$place/slurm.conf" PATH="$(dirname "$entente"):$PATH"
stop() {
    scancel --user=root >/dev/null 2>&1 || true
    for file in "$place"/*.pid; do [ -f "$file" ] && kill "$(cat "$file")" 2>/dev/null; done
    rm -rf "$place"
}
trap stop EXIT
pgrep munged >/dev/null || {
    mkdir -p /run/munge && chown munge /run/munge
    [ -f /etc/munge/munge.key ] || mungekey -c
    runuser -u munge -- munged --force
}
mkdir -p "$place/state" "$place/n1" "$place/n2"
cat > "$SLURM_CONF" <<CONF
ClusterName=entente
SlurmctldHost=$(hostname)(127.0.0.1)
AuthType=auth/munge
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/%n
SlurmctldPidFile=$place/ctld.pid
SlurmdPidFile=$place/%n.pid
SlurmctldLogFile=$place/ctld.log
SlurmdLogFile=$place/%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdTimeout=15
BatchStartTimeout=5
SchedulerParameters=batch_sched_delay=1,sched_interval=5
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
NodeName=n1 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=16901 CPUs=1 RealMemory=2000
NodeName=n2 NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=16902 CPUs=1 RealMemory=2000
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld
slurmd -N n1
slurmd -N n2
until [ "$(sinfo -h -o %T | sort -u)" = idle ]; do sleep 1; done

scenario=$PWD/configs/northern-mali-2023.toml
cd "$place"
"$entente" plan "$scenario" --replicates 480 --seed 7 --tasks 15 --slurm --time 10 --mem 500M --out planned > job.sh
sh job.sh
until squeue -h -t R -o %i | grep -q _; do sleep 1; done
sleep 3
echo "kill a task"
pkill -9 -n -f "entente chunk planned" || true
sleep 2
echo "queue a task again"
task=$(squeue -h -t R -r -o %i | grep _ | head -1)
[ -z "$task" ] || scontrol requeue "$task"
sleep 2
echo "lose a node"
kill -9 "$(cat n2.pid)"
pkill -9 -f "$place/n2" || true
sleep 25
slurmd -N n2
waited=0
until [ -f planned/manifest.json ]; do
    sleep 2
    waited=$((waited + 2))
    [ "$waited" -lt 400 ] || { echo "not done in time"; squeue; cat slurm-*.out ctld.log | tail -40; exit 1; }
done
"$entente" run "$scenario" --replicates 480 --seed 7 --no-charts --quiet --out alone
digest() { grep result_digest "$1/manifest.json"; }
[ "$(digest planned)" = "$(digest alone)" ] || { echo "the digests differ"; exit 1; }
echo "15 chunks on two nodes, with a task killed, one queued again and a node lost: the digest of one process"
