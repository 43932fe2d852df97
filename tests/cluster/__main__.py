"""``make check-cluster``: what is wrong with the manifests, then one line that sums up."""

import sys

from tests.cluster.rendering import OVERLAYS, objects_of, render, shape_faults
from tests.cluster.rules import RULES

count, faults = 0, []
for overlay in OVERLAYS:
    objects = objects_of(render(overlay))
    count += len(objects)
    found = [*shape_faults(objects), *(fault for rule in RULES for fault in rule(objects))]
    faults += [f"{overlay}: {fault}" for fault in found]
for fault in faults:
    print(fault)
print(f"check-cluster: {count} objects in {' and '.join(OVERLAYS)}, {len(RULES)} rules, {len(faults)} faults")
sys.exit(bool(faults))
