"""Builds a folder as ZenML's local builder does, over docker-py: python3 zenml.py <docker host> <folder> <image name>"""
import json
import os
import sys
import tempfile
import time

import docker
from docker.utils.build import create_archive, exclude_paths

docker_host, root, image_name = sys.argv[1:4]
client = docker.DockerClient(base_url=docker_host, version="auto")
start = time.perf_counter()
patterns = []
ignore_file = os.path.join(root, ".dockerignore")
if os.path.exists(ignore_file):
    with open(ignore_file) as lines:
        patterns = [line for line in (line.strip() for line in lines) if line and not line.startswith("#")]
with tempfile.TemporaryFile(mode="w+b", dir=os.environ["TMPDIR"]) as archive:
    create_archive(root=root, files=sorted(exclude_paths(root, patterns + ["!Dockerfile"])), fileobj=archive, gzip=True)
    archive.seek(0)
    for event in client.api.build(fileobj=archive, custom_context=True, tag=image_name, encoding="gzip", decode=True):
        if "error" in event:
            sys.exit(event["error"])
print(json.dumps({"ms": (time.perf_counter() - start) * 1000}))
