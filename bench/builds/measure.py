"""Runs a program and prints its wall time, the processor time and the peak memory of it and all it started: measure.py <program> ..."""
import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
program = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
wall = (time.perf_counter() - start) * 1000
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
if program.returncode != 0:
    sys.exit(program.stdout.decode() + program.stderr.decode())
told = next((json.loads(line) for line in reversed(program.stdout.decode().splitlines()) if line.startswith('{"ms"')), {"ms": wall})
print(json.dumps({**told, "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000, "peakMiB": usage.ru_maxrss / 1024}))
